"""Names made from names: with another series, other numbers, groups and years put in.

What is to be put in place is found by what the reader of names makes of the name, and counts
only where the judge's line agrees with it; what is to come out is the line's own answer with
the same put in.
"""

import random
import re
import unicodedata
from collections.abc import Iterator, Sequence

from bench.naming import Maker
from library.names import Parsed, Span
from library.names.numbers import canonical

Case = dict[str, str]
Numbers = dict[str, dict[str, str]]  # of volumes and of chapters: which stands for which

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_RENUMBERED = re.compile(r"(?<!x)\d+(?:\.\d+)?")  # not the second try of "006x1"
_YEAR = re.compile(r"(?:19|20)\d\d")
_ENDINGS = {"1": "st", "2": "nd", "3": "rd"}
_FORMS = (
    *("{}",) * 12,
    *("{}!", "Dr. {}", "{} 100", "20th Century {}", "{} No. 8", "Re:{}", "{} x {}", "{} - {} Hen"),
    *("{} 2", "7 Days of {}", "{}'s Way", "{}, {} & {}", "{}?", "{} II", "86", "{} @ {}"),
)
_GROUPS = (
    *("Renzan Scans", "ember-Empire", "LuNaR", "1r0n", "Kuro & Shiro", "Tide", "AquaFoxes"),
    *("Team 7 Scans", "Habanero Translations", "The Quiet Ones", "MK", "danko", "Stray_Cats"),
    *("Ошибка", "夜汉化组", "XRA-Empire", "no_name", "Pêche"),
)


def derived(cases: Sequence[tuple[Case, Parsed]], many: int, seed: int) -> Iterator[Case]:
    """So many cases made from these, each of which comes with what is made of its name."""
    chance = random.Random(seed)
    maker = Maker(seed)
    others = sorted({case["expected"] for case, _ in cases if _kind(case) == "series"} - {None})
    while many:
        for case, parsed in chance.sample(cases, min(many, len(cases))):
            title = chance.choice(others) if chance.random() < 0.5 else _title(maker, chance)
            yield _renamed(case, parsed, chance, title)
            many -= 1


def _kind(case: Case) -> str:
    return case["kind"].removeprefix("path_")


def _title(maker: Maker, chance: random.Random) -> str:
    form = chance.choice(_FORMS)
    return form.format(*(maker.series()[0] for _ in range(form.count("{}"))))


def _renamed(case: Case, parsed: Parsed, chance: random.Random, title: str) -> Case:
    """The case with everything exchanged that can be, in the name and in what is expected."""
    name = unicodedata.normalize("NFC", case["input"])
    offset = _offset(name, case, parsed)
    expected = case["expected"]
    numbers: Numbers = {"volume": {}, "chapter": {}}
    old = _series(parsed, case)
    for span in reversed(parsed.explain):
        start, end = span.start + offset, span.end + offset
        new = _span(span, chance, numbers, (old, title))
        name = name[:start] + new + name[end:]
    if expected and _kind(case) in numbers:
        known = numbers[_kind(case)]
        expected = _NUMBER.sub(lambda found: _known(known, found[0]), expected)
    elif expected and old:
        expected = expected.replace(_shown(old), title)
    return {**case, "input": name, "expected": expected}


def _known(numbers: dict[str, str], old: str) -> str:
    """What now stands for this number; of "24.005", a part of 24, for the 24."""
    whole, _, part = old.partition(".")
    return numbers.get(old) or (f"{numbers.get(whole, whole)}.{part}" if part else old)


def _offset(name: str, case: Case, parsed: Parsed) -> int:
    """Where the spans begin to count: behind the root of a path."""
    first = parsed.explain[0] if parsed.explain else None
    at = name.startswith(case.get("root", "")) and len(case.get("root", ""))
    if first and name[at + first.start : at + first.end] == first.text:
        return int(at)
    return name.index(first.text) - first.start if first else 0


def _series(parsed: Parsed, case: Case) -> str:
    """What stands for the series in the name: in a path what its folder and its file share."""
    texts = [span.text for span in parsed.explain if span.label == "series"]
    home = min(texts, key=len, default="")
    told = _kind(case) == "series" and case["expected"]
    return home if not told or _shown(home) in told else ""


def _shown(text: str) -> str:
    return text.replace("_", " ").strip()


def _span(span: Span, chance: random.Random, numbers: Numbers, series: tuple[str, str]) -> str:
    """What takes the place of this piece of the name."""
    old, title = series
    if span.label in numbers:
        return _renumbered(span.text, chance, numbers[span.label])
    if span.label == "year":
        return _dated(span.text, chance)
    if span.label == "group":
        return _regrouped(span.text, chance)
    if span.label in ("series", "folder") and old:
        spaced = "_" not in span.text or " " in span.text
        return span.text.replace(old, title if spaced else title.replace(" ", "_"))
    return span.text


def _renumbered(text: str, chance: random.Random, numbers: dict[str, str]) -> str:
    """The text with other numbers as wide, in the same order; `numbers` learns them."""
    found = _RENUMBERED.findall(text)
    wholes = [each.partition(".")[0] for each in found]
    if len(found) == 2 and int(wholes[1]) < int(wholes[0]):
        found.pop()  # the part of "024-005"
    most = min((10 ** min(len(whole), 3) - 1 for whole in wholes), default=1)
    values = iter(sorted(chance.sample(range(1, most + 1), len(found))))

    def other(old: re.Match[str]) -> str:
        whole, _, part = old[0].partition(".")
        new = str(next(values, int(whole))).zfill(len(whole))
        if part:
            new += "." + "".join(chance.choice("123456789") for _ in part)
        numbers[canonical(old[0]) or ""] = canonical(new) or ""
        return new

    text = _RENUMBERED.sub(other, text)
    return re.sub(r"(1?)(\d)(?:st|nd|rd|th)\b", _ordinal, text)


def _ordinal(found: re.Match[str]) -> str:
    ending = "th" if found[1] else _ENDINGS.get(found[2], "th")
    return f"{found[1]}{found[2]}{ending}"


def _dated(text: str, chance: random.Random) -> str:
    first = chance.randint(1975, 2018)
    years = (str(first + 3 * place) for place in range(9))
    return _YEAR.sub(lambda _: next(years), text)


def _regrouped(text: str, chance: random.Random) -> str:
    """Another group in the same brackets."""
    if text[0].isalnum():
        return "Habanero Scans"
    return f"{text[0]}{chance.choice(_GROUPS)}{text[-1]}"

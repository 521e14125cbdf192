r"""Reading names by a pattern, in time linear in the name's length. Pure.

Every way of a pattern becomes an expression for each folder and for the file. Between two texts of
unknown length stand pieces that are read in one way only from wherever they begin: letters as they
are, numbers whole. So a text may end where what follows it is found first, and nothing before it is
ever tried again (atomic groups say so), but for the last one, which reaches to what the name ends
with.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from library.names.grammar import extension_of
from library.names.numbers import canonical
from library.names.patterns import TEXTS, Part, Pattern, read_pattern
from library.names.words import LANGUAGES

# Numbers are read whole: never a part of their digits.
_DIGITS = r"\d{1,8}+(?!\d)"
_DECIMALS = r"(?:\.\d{1,3}+(?!\d))?+"
_RANGE = rf"(?:-{_DIGITS}{_DECIMALS})?+"
_YEAR = r"(?<!\d)(?P<year>\d{4})(?!\d)"
_LANGUAGE = r"(?<![^\W\d_])(?P<language>[^\W\d_]{2,15}+(?:-[^\W\d_]{2,4}+)?+)(?![^\W\d_])"

# What a name tells, by the pattern's fields; "" says that there is none.
type Told = Mapping[str, str]


class Fitter:
    """A pattern made ready. `fit` takes the parts of a path as `parts_of` has them."""

    def __init__(self, pattern: Pattern) -> None:
        self.fields = pattern.fields
        self._is_whole = pattern.is_whole
        self._ways = [([_expression(part) for part in way.parts], way.told) for way in pattern.ways]

    def fit(self, parts: Sequence[str]) -> Told | None:
        """What a name tells by the first way that fits it, None where none does."""
        for expressions, told in self._ways:
            many = len(expressions)
            if many > len(parts) or (self._is_whole and many < len(parts)):
                continue
            found: dict[str, str] = dict(told)
            # The file first: folders fit many files that do not.
            for expression, part in zip(reversed(expressions), reversed(parts), strict=False):
                match = expression.fullmatch(part)
                if match is None:
                    break
                found |= match.groupdict()
            else:
                read = _read(found)
                if read is not None:
                    return read
        return None


@lru_cache(maxsize=1024)
def fitter(text: str) -> Fitter:
    """The pattern that somebody wrote, ready. Raises BadPattern."""
    return Fitter(read_pattern(text))


def parts_of(path: str) -> list[str]:
    """The names of a path below the root, as patterns see them: spaces for underscores, and none
    of them twice; the file without the extension of a book."""
    if not path.isascii():
        path = unicodedata.normalize("NFC", path)
    *folders, name = path.split("/")
    if extension := extension_of(name):
        name = name[: -len(extension) - 1]
    return [*map(_tidy_folder, folders), _tidy(name)]


def _tidy(name: str) -> str:
    return " ".join(name.replace("_", " ").split())


_tidy_folder = lru_cache(maxsize=4096)(_tidy)


def _expression(part: Part) -> re.Pattern[str]:
    last = max((place for place, piece in enumerate(part) if piece.field in TEXTS), default=-1)
    written, is_open = [], False
    for place, piece in enumerate(part):
        if piece.field in TEXTS:
            if is_open:
                written.append(")")
            is_open = place != last
            written.append("(?>" if is_open else "")
            written.append(".+?" if piece.field == "any" else f"(?P<{piece.field}>.+?)")
        else:
            behind = part[place + 1].text[:1] if place + 1 < len(part) else ""
            written.append(_fixed(piece.field, piece.text, behind))
    return re.compile("".join(written), re.IGNORECASE | re.DOTALL)


def _fixed(field: str, text: str, behind: str) -> str:
    """What is read in one way only; `behind`: the sign that follows, which is no number's own."""
    match field:
        case "":
            return re.escape(text)
        case "year":
            return _YEAR
        case "language":
            return _LANGUAGE
    decimals = "" if behind == "." else _DECIMALS
    span = "" if behind == "-" else _RANGE
    return rf"(?<!\d)(?P<{field}>{_DIGITS}{decimals}{span})"


@lru_cache(maxsize=4096)
def _number(text: str) -> str | None:
    """A number or a range as readers write it, None where it is too long to count anything."""
    numbers = [canonical(number) for number in text.split("-")]
    return None if None in numbers else "-".join(map(str, numbers))


def _read(found: Mapping[str, str]) -> Told | None:
    """As they are kept, told or read; None where what stands for a number is none."""
    read: dict[str, str] = {}
    for field, text in found.items():
        if not text:
            read[field] = ""
        elif field in ("volume", "chapter"):
            number = _number(text)
            if number is None:
                return None
            read[field] = number
        elif field == "language":
            read[field] = LANGUAGES.get(text.casefold(), text.casefold())
        elif value := text.strip():
            read[field] = value
    return read

"""How well and how fast series are found.

    bench/search.py [--series 10000] [--queries 2000] [--seeds 1,2]

Fills a database of its own with series of made-up titles (Latin, accented, Japanese with a
romaji title beside, Korean, Chinese, Cyrillic), asks for them as people do (one or two letters
wrong, missing or swapped; kana for romaji and back; no accents; the title in another language;
two words of five, articles and the like left out), and says how often the right series comes
first and among the first five.
Prints a table and, last, one JSON line.
"""

# ruff: noqa: PLC0415, SIM905 - imported once Django is set up; lists of words read best as text

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

_BEFORE = (
    *"amber ashen azure blind borrowed bright broken burning cobalt copper crimson".split(),
    *"distant drifting early eastern empty endless faithful fallen fearless first".split(),
    *"foolish forgotten frozen gentle gilded golden hidden hollow honest humble".split(),
    *"idle iron jade lonely lucky marble midnight misty northern paper patient".split(),
    *"pale quiet restless rusty sacred scarlet secret seventh silent silver".split(),
    *"sleeping stormy stray stubborn sunken thirsty tidal twilight velvet wandering".split(),
)
_AFTER = (
    *"academy alchemist archive arena atelier bakery beacon blossom bridge bureau".split(),
    *"captain caravan cathedral chronicle citadel courier dentist detective dragon".split(),
    *"duelist engine falcon ferry festival florist forest garden ghost glacier harbor".split(),
    *"hospital island jester kitchen knight labyrinth lantern library lighthouse".split(),
    *"locksmith magician meadow mirror monastery mountain observatory orchard".split(),
    *"orchestra painter pharmacist pilgrim pirate puppet railway requiem river".split(),
    *"samurai sculptor shepherd station summer swordsman tailor theatre umbrella".split(),
    *"volcano voyage watchmaker weaver windmill witch".split(),
)
_ACCENTED = (
    *"café château élan étoile forêt naïve façade señora niño mañana corazón".split(),
    *"über schöne größe märchen zürich žena kůň příběh łódź święto gdańsk".split(),
)
_ROMAJI = (
    *"yoru kaze hana tsuki hoshi sora umi mori kawa yama ame yuki kumo hikari".split(),
    *"kage koe yume kokoro inochi tabi mahou shoujo shounen gakkou houkago densha".split(),
    *"neko inu kitsune tanuki tori sakana ryuu oni kami samurai ninja densetsu".split(),
    *"monogatari nikki tantei ryokan kissaten toshokan yakusoku tomodachi sensei".split(),
)
_KO = (
    *"달빛 마지막 붉은 겨울 검은 푸른 잠든 기사 도서관".split(),
    *"마법사 정원 탐정 계약 학교 여행 바다 하늘 별".split(),
)
_ZH = "星辰江湖青云长安白夜山海剑道凤凰明月清风天下无双少年书院神医公子将军皇后天涯孤城"
_RU = (
    *"тихий ночной красный последний забытый северный старый дом лес сад дракон".split(),
    *"поезд остров корабль город ветер рыцарь доктор художник зима лето".split(),
)
_SYLLABLES = (
    *"ba be bo da do fa fi ga go ka ke ki ko la le li lo ma me mi mo na ne ni no".split(),
    *"pa po ra re ri ro sa se si so ta te ti to va ve vi vo za zo ren lan dor mir".split(),
)
_KANA = {
    "kya": "きゃ", "kyu": "きゅ", "kyo": "きょ", "sha": "しゃ", "shu": "しゅ", "sho": "しょ",
    "cha": "ちゃ", "chu": "ちゅ", "cho": "ちょ", "ryu": "りゅ", "ryo": "りょ", "shi": "し",
    "chi": "ち", "tsu": "つ", "jo": "じょ", "ja": "じゃ", "ji": "じ", "fu": "ふ", "n": "ん",
}  # fmt: skip
for _sound, _row in {
    "": "あいうえお", "k": "かきくけこ", "s": "さ_すせそ", "t": "た__てと", "n": "なにぬねの",
    "h": "はひ_へほ", "m": "まみむめも", "y": "や_ゆ_よ", "r": "らりるれろ", "w": "わ____",
    "g": "がぎぐげご", "z": "ざ_ずぜぞ", "d": "だ__でど", "b": "ばびぶべぼ", "p": "ぱぴぷぺぽ",
}.items():  # fmt: skip
    for _vowel, _letter in zip("aiueo", _row, strict=True):
        if _letter != "_":
            _KANA[_sound + _vowel] = _letter


def kana(romaji: str) -> str:
    """Romaji in hiragana."""
    said = ""
    while romaji:
        if romaji[0] == romaji[1:2] and romaji[0] not in "aeioun":
            said, romaji = said + "っ", romaji[1:]
            continue
        size = next((n for n in (3, 2, 1) if romaji[:n] in _KANA and len(romaji) >= n), 0)
        said += _KANA.get(romaji[:size], "") if size else ""
        romaji = romaji[max(1, size) :]
    return said


class Maker:
    """Titles, none twice."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.known: set[str] = set()

    def series(self) -> tuple[str, list[tuple[str, str]], str]:
        """A title, the others it has, and its sort."""
        while True:
            sort = self.chance.choices(
                ("latin", "accent", "ja", "ko", "zh", "ru"), (72, 6, 12, 4, 3, 3)
            )[0]
            title, others = getattr(self, f"_{sort}")()
            if title not in self.known:
                self.known.add(title)
                return title, others, sort

    def _name(self) -> str:
        return "".join(self.chance.choices(_SYLLABLES, k=self.chance.randint(2, 4))).title()

    def _latin(self) -> tuple[str, list[tuple[str, str]]]:
        one, two = (self.chance.choice(words).title() for words in (_BEFORE, _AFTER))
        form = self.chance.choice((
            "{a} {b} of {n}", "The {a} {b}: {n}", "{n} and the {a} {b}", "{n}'s {b}",
            "My {a} {b} in {n}", "{n} {m}", "{a} {n}", "A {b} for {n} {m}",
        ))  # fmt: skip
        return form.format(a=one, b=two, n=self._name(), m=self._name()), []

    def _accent(self) -> tuple[str, list[tuple[str, str]]]:
        words = self.chance.sample(_ACCENTED, 2)
        return " ".join([*words, self._name()]).title(), []

    def _ja(self) -> tuple[str, list[tuple[str, str]]]:
        words = self.chance.sample(_ROMAJI, 3)
        romaji = f"{words[0]} no {words[1]} {words[2]}"
        own = "".join(kana(word) for word in romaji.split())
        return own, [(romaji.title(), "ja-Latn"), (self._latin()[0], "en")]

    def _ko(self) -> tuple[str, list[tuple[str, str]]]:
        return " ".join(self.chance.sample(_KO, 3)), [(self._latin()[0], "en")]

    def _zh(self) -> tuple[str, list[tuple[str, str]]]:
        return "".join(self.chance.sample(_ZH, 5)), [(self._latin()[0], "en")]

    def _ru(self) -> tuple[str, list[tuple[str, str]]]:
        return " ".join(self.chance.sample(_RU, 3)).capitalize(), [(self._latin()[0], "en")]


def misspelt(chance: random.Random, text: str) -> str:
    """One or two letters wrong, missing or swapped."""
    for _ in range(chance.choice((1, 1, 2))):
        places = [n for n, letter in enumerate(text) if letter.isalpha()]
        at = chance.choice(places)
        match chance.choice(("wrong", "missing", "swapped")):
            case "wrong":
                text = text[:at] + chance.choice("abcdefghijklmnopqrstuvwxyz") + text[at + 1 :]
            case "missing":
                text = text[:at] + text[at + 1 :]
            case _:
                text = text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
    return text


def plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def ask_of(
    chance: random.Random, title: str, others: list[tuple[str, str]], sort: str
) -> tuple[str, str]:
    """The kind of a search for this series, and its words."""
    kinds: dict[str, Callable[[], str]] = {}
    if sort == "ja":
        kinds["romaji for kana"] = others[0][0].lower
        kinds["kana for romaji"] = lambda: " ".join(map(kana, others[0][0].lower().split()))
    if sort in {"latin", "accent"}:
        kinds["misspelt"] = lambda: misspelt(chance, title)
    if sort == "accent":
        kinds["no accents"] = lambda: plain(title)
    if len(title.split()) >= 5:
        kinds["two words of five"] = lambda: " ".join(
            chance.sample([word for word in title.split() if len(word) > 3], 2)
        )
    if sort in {"ja", "ko", "zh", "ru"}:
        kinds["another language"] = lambda: others[-1][0]
    name = chance.choice(sorted(kinds))
    return name, kinds[name]()


def fill(count: int, seed: int) -> list[tuple[object, str, list[tuple[str, str]], str]]:
    from kiremisu.lib.text import fold
    from library import titles
    from library.models import Library, Series, TitleForm
    from library.scanning.series import sort_title

    Library.objects.all().delete()
    library = Library.objects.create(name="Bench", root="/nowhere")
    maker = Maker(seed)
    made = []
    for _ in range(count):
        title, others, sort = maker.series()
        row = Series(library=library, key=fold(title), title=title, sort_title=sort_title(title))
        made.append((row, title, others, sort))
    Series.objects.bulk_create([row for row, *_ in made], batch_size=2000, ignore_conflicts=True)
    titles.keep(row.pk for row, *_ in made)
    kind = TitleForm.Kind.ALTERNATIVE
    titles._add(
        titles._form(row.pk, kind, text, language)
        for row, _, others, _ in made
        for text, language in others
    )
    return [(row.pk, title, others, sort) for row, title, others, sort in made]


def show(
    asked: Counter[str], first: Counter[str], five: Counter[str], missed: list[tuple[object, ...]]
) -> None:
    for kind in sorted(asked):
        n = asked[kind]
        print(f"  {kind:20} {n:5}  first {first[kind] / n:6.1%}  five {five[kind] / n:6.1%}")
    for miss in missed[:: max(1, len(missed) // 10)]:
        print("   ", *miss)


def measure(count: int, queries: int, seed: int) -> dict[str, object]:
    from django.db import connection

    from kiremisu.accounts.models import User
    from library import search

    began = time.perf_counter()
    made = fill(count, seed)
    filled = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    user = User.objects.filter(username="bench").first() or User.objects.create_user("bench")
    chance = random.Random(seed + 1000)
    first, five, asked = (Counter[str]() for _ in range(3))
    took, missed = [], []
    for _ in range(queries):
        series, title, others, sort = chance.choice(made)
        kind, words = ask_of(chance, title, others, sort)
        began = time.perf_counter()
        hits = search.find(user, words, 5)
        took.append(time.perf_counter() - began)
        place = next((n for n, hit in enumerate(hits) if hit.series == series), None)
        asked[kind] += 1
        first[kind] += place == 0
        five[kind] += place is not None
        if place != 0:
            missed.append((kind, words, title, [hit.text for hit in hits[:3]]))
    cuts = statistics.quantiles(took, n=100)
    print(f"\nseed {seed}: {count} series, filled in {filled:.1f} s")
    show(asked, first, five, missed)
    answer = {
        "seed": seed,
        "series": count,
        "queries": queries,
        "first": round(first.total() / queries, 4),
        "five": round(five.total() / queries, 4),
        "p50_ms": round(cuts[49] * 1000, 1),
        "p95_ms": round(cuts[94] * 1000, 1),
        "p99_ms": round(cuts[98] * 1000, 1),
    }
    print("  ", answer)
    return answer


def main() -> None:
    asking = argparse.ArgumentParser(description=__doc__)
    asking.add_argument("--series", type=int, default=10_000)
    asking.add_argument("--queries", type=int, default=2000)
    asking.add_argument("--seeds", default="1,2")
    asked = asking.parse_args()
    with tempfile.TemporaryDirectory(prefix="kiremisu-bench-") as place:
        os.environ["KIREMISU_DATA_DIR"] = place
        os.environ["DJANGO_SETTINGS_MODULE"] = "kiremisu.settings"
        from django.conf import settings

        from kiremisu.server import embedded

        with embedded.hold(settings.DATA_DIR):
            django.setup()
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            told = [
                measure(asked.series, asked.queries, int(seed)) for seed in asked.seeds.split(",")
            ]
            from django.db import connections

            connections.close_all()
    print(json.dumps(told))


if __name__ == "__main__":
    main()

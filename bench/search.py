"""How well and how fast series are found.

    bench/search.py [--series 10000] [--queries 2000] [--seeds 1,2]

Fills a database of its own with series of made-up titles (Latin, accented, Japanese with a
romaji title beside, Korean, Chinese, Cyrillic), asks for them as people do (one or two letters
wrong, missing or swapped; kana for romaji and back; no accents; the title in another language;
two words of five, articles and the like left out), and says how often the right series comes
first and among the first five.
Prints a table and, last, one JSON line.
"""

# ruff: noqa: PLC0415 - imported once Django is set up

import argparse
import json
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable

from naming import Maker, kana, misspelt, plain
from serving import data_folder, database


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
    with data_folder() as folder, database(folder):
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        told = [measure(asked.series, asked.queries, int(seed)) for seed in asked.seeds.split(",")]
    print(json.dumps(told))


if __name__ == "__main__":
    main()

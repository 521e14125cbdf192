"""How long the preview of a rule for names takes.

    bench/rules.py [--names 50000] [--times 5]

Fills a database of its own with a library of so many names, as a scan would have stored them, and
asks what a rule would change: one that fits none of them, one that renumbers all, one that gives
every series another name, one that joins all in one; once more where a rule is in force already.
Prints a table and, last, one JSON line; ends with
1 where a preview took more than two seconds.
"""

# ruff: noqa: PLC0415 - imported once Django is set up

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterator
from typing import Any

from serving import data_folder, database

_LIMIT = 2.0
_EACH = 20  # chapters of a series
_RULES = {
    "fits none": "{series} volume {volume} of {any}",
    "numbers": "{any} v{chapter} c{volume} - {title} ({year}) [{group}]",
    "other series": "{any}/{series} v{volume} c{chapter}< - {title}> ({year}) [{group}]",
    "series told": "{any} c{chapter} -*{series=One for All}",
    "many ways": "{any} - {title} c{chapter}< [{group}]>< ({edition})>< {language}>*-*-*z",
}


def paths(many: int) -> Iterator[tuple[int, str]]:
    """Names as people have them, each with the number of its series."""
    for number in range(many):
        of, at = divmod(number, _EACH)
        tale = f"The Tale of {of} Harbours"
        about = f"The {at}th Day ({1990 + of % 30}) [Ink{of % 50}]"
        yield of, f"Shelf {of % 9}/{tale}/{tale} v{at // 8 + 1:02} c{at:03} - {about}.cbz"


def fill(many: int) -> Any:
    """A library whose names were read by the parser."""
    from filling import copy_in

    from kiremisu.lib.ids import uuid7
    from library.inspection import Facts, facts_of
    from library.models import Chapter, Library, Series

    library = Library.objects.create(name="Bench", root="/nowhere")
    named: list[tuple[int, str, Facts]] = []
    for number, (of, path) in enumerate(paths(many)):
        at = number % _EACH
        # The parser would take half a minute for all of them: one of each series is enough.
        first = named[-at][2] if at else facts_of("/nowhere", path)
        volume, chapter = str(at // 8 + 1), str(at)
        facts = first._replace(
            volume=volume, number=chapter, volume_order=volume, number_order=chapter,
            title=f"The {at}th Day",
        )  # fmt: skip
        named.append((of, path, facts))
    series = {of: (uuid7(), facts) for of, _, facts in named}
    copy_in(
        Series(library=library, key="", title="", sort_title="", chapter_count=_EACH),
        ("id", "key", "title", "sort_title"),
        ((key, facts.key, facts.series, facts.key) for key, facts in series.values()),
    )
    copy_in(
        Chapter(library=library, size=1, mtime_ns=1, format="zip", page_count=20),
        ("id", "series_id", "path", "volume", "number", "volume_order", "number_order", "title",
         "year", "group"),
        ((uuid7(), series[of][0], path, facts.volume, facts.number, facts.volume_order,
          facts.number_order, facts.title, facts.year, facts.group) for of, path, facts in named),
    )  # fmt: skip
    return library


def measured(library: Any, pattern: str, times: int) -> dict[str, Any]:
    """Seconds, half of the times quicker, those of this process's processor, and what would be."""
    from kiremisu.lib.schemas import Paging
    from library.naming.previewing import preview
    from library.naming.schemas import RulePreview

    took: list[tuple[float, float]] = []
    told: dict[str, Any] = {}
    for _ in range(times):
        began, worked = time.perf_counter(), time.process_time()
        told = preview(library, RulePreview(pattern=pattern), Paging())
        took.append((time.perf_counter() - began, time.process_time() - worked))
    return {
        "seconds": round(statistics.median(each[0] for each in took), 2),
        "of the processor": round(statistics.median(each[1] for each in took), 2),
        "fits": told["fits"],
        "changed": told["total"],
        "moved": told["moved"],
    }


def run(many: int, times: int) -> dict[str, Any]:
    from django.db import connection

    from library.models import NameRule

    began = time.perf_counter()
    library = fill(many)
    print(f"{many} names, filled in {time.perf_counter() - began:.1f} s")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    told = {name: measured(library, pattern, times) for name, pattern in _RULES.items()}
    NameRule.objects.create(library=library, pattern="{any} c{volume} -*")
    told["behind another"] = measured(library, _RULES["numbers"], times)
    for name, each in told.items():
        print(f"  {name:16}", *(f"{what} {value}," for what, value in each.items()))
    return {"names": many, "rules": told}


def main() -> None:
    asking = argparse.ArgumentParser(description=__doc__)
    asking.add_argument("--names", type=int, default=50_000)
    asking.add_argument("--times", type=int, default=5)
    asked = asking.parse_args()
    with data_folder() as folder, database(folder):
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        told = run(asked.names, asked.times)
    print(json.dumps(told))
    sys.exit(any(each["seconds"] > _LIMIT for each in told["rules"].values()))


if __name__ == "__main__":
    main()

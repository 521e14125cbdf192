"""How often another server is called by many processes at once, and how long a person waits.

    bench/pace.py [--processes 5] [--threads 2] [--calls 10] [--titles 500]

A small MangaDex on this machine counts what comes. So many processes with so many threads search
in it as fast as they may, each thread so often; meanwhile a person searches every two seconds.
Then the same in a storm: the server says that it is too much, and after that fails for a while.
Prints what was seen and, last, one JSON line. Ends with 1 when more than three requests came in
any sliding second, a person waited for more than two seconds, or the server was called on.
"""

# ruff: noqa: PLC0415 - imported once Django is set up

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serving import ROOT, data_folder, database

if TYPE_CHECKING:
    from tests.upstream import Upstream

MOST, LONGEST = 3, 2.0
# Seconds: between two searches of the person; that a failing server is left alone; that it asks
# to be left alone.
PAUSE, REST, ASKED = 2.0, 6.0, 4
HAMMER = (sys.executable, "-m", "tests.upstream.hammering")


def hammering(url: str, word: str, asked: argparse.Namespace) -> list["subprocess.Popen[bytes]"]:
    """The processes, each searching for words of its own."""
    told = [str(asked.calls), str(asked.threads), "--rest", str(REST)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "KIREMISU_LOG_LEVEL": "error"}
    return [
        subprocess.Popen(
            [*HAMMER, url, f"{word} {number}", *told],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
        )
        for number in range(asked.processes)
    ]


def results(running: list["subprocess.Popen[bytes]"]) -> Counter[str]:
    """What came of all their calls."""
    told = (json.loads(process.communicate()[0].splitlines()[-1]) for process in running)
    return sum(map(Counter, told), Counter())


def in_peace(upstream: "Upstream", asked: argparse.Namespace) -> dict[str, Any]:
    """Everybody searches at once, and a person beside them."""
    from metadata import providers

    # A web process has long begun when somebody comes.
    providers.of("mangadex", urgent=True).search("somebody")
    upstream.asked.clear()
    began = time.perf_counter()
    running = hammering(upstream.url, "tale", asked)
    waits = []
    while any(process.poll() is None for process in running):
        start = time.perf_counter()
        providers.of("mangadex", urgent=True).search(f"person {len(waits)}")
        waits.append(time.perf_counter() - start)
        time.sleep(max(0.0, PAUSE - waits[-1]))
    found = results(running)
    seconds = time.perf_counter() - began
    return {
        "answered": found["answered"],
        "refused": found.total() - found["answered"],
        "requests": len(upstream.asked),
        "a second": round(len(upstream.asked) / seconds, 2),
        "busiest second": upstream.busiest(1.0),
        "person's searches": len(waits),
        "person's longest wait": round(max(waits), 2),
        "person's median wait": round(sorted(waits)[len(waits) // 2], 2),
    }


def in_a_storm(upstream: "Upstream", asked: argparse.Namespace) -> dict[str, Any]:
    """Two 429, and then failures until the server is left alone; after that all is well."""
    from django.conf import settings

    from metadata import providers
    from metadata.models import Upstream as Row

    upstream.asked.clear()
    upstream.faults.throttle(times=2, headers={"Retry-After": str(ASKED)})
    upstream.faults.say(503, b"<html>", kind="text/html", times=7)
    running = hammering(upstream.url, "storm", asked)
    seen = set()
    while any(process.poll() is None for process in running):
        seen |= set(Row.objects.values_list("circuit", flat=True))
        time.sleep(0.05)
    found = results(running)
    # Once it was left alone for long enough one call tries it, and all is well.
    upstream.faults.clear()
    time.sleep(REST)
    settings.UPSTREAM_REST = REST
    providers.of("mangadex").search("all is well")
    times = sorted(each.at for each in upstream.asked)
    gaps = sorted(later - earlier for earlier, later in pairwise(times))
    return {
        "outcomes": dict(found),
        "requests": len(times),
        "busiest second": upstream.busiest(1.0),
        "longest gaps": [round(gap, 1) for gap in gaps[:-5:-1]],
        "circuit was": sorted(seen),
        "circuit is at last": Row.objects.get().circuit,
    }


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    for name, default in (("processes", 5), ("threads", 2), ("calls", 10), ("titles", 500)):
        options.add_argument(f"--{name}", type=int, default=default)
    asked = options.parse_args()
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from tests.upstream import serving

    with serving() as upstream:
        for number in range(asked.titles):
            upstream.catalogue.add(f"Tale {number}", also={"ja-ro": f"Hanashi {number}"})
        os.environ["KIREMISU_MANGADEX_URL"] = upstream.url
        with data_folder() as folder, database(folder):
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            told = {
                "in peace": in_peace(upstream, asked),
                "in a storm": in_a_storm(upstream, asked),
            }
    for part, figures in told.items():
        for name, figure in figures.items():
            print(f"{part:12} {name:24} {figure}")
    print(json.dumps(told))
    peace, storm = told.values()
    is_kept = max(peace["busiest second"], storm["busiest second"]) <= MOST
    is_obeyed = storm["longest gaps"][1] >= ASKED and "open" in storm["circuit was"]
    is_obeyed = is_obeyed and storm["circuit is at last"] == "closed"
    return int(not (is_kept and is_obeyed and peace["person's longest wait"] <= LONGEST))


if __name__ == "__main__":
    sys.exit(main())

"""A process that asks the small MangaDex as fast as it may, beside others that do so too.

    python -m tests.upstream.hammering URL CALLS THREADS WORD [--window S --pause S]

Each thread searches for another title each time, so that nothing is remembered. Prints one line
of JSON: how many were answered, and of how many something was refused, by code.
"""

# ruff: noqa: PLC0415 - imported once Django is set up

import argparse
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django


def hammer(word: str, calls: int) -> Counter[str]:
    """One thread's calls, and what came of them."""
    from django.db import connection

    from kiremisu.lib.errors import Refused
    from metadata import providers

    found: Counter[str] = Counter()
    try:
        for number in range(calls):
            try:
                providers.of("mangadex").search(f"{word} {number}")
                found["answered"] += 1
            except Refused as refused:
                found[refused.code] += 1
    finally:
        connection.close()
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    for name in ("url", "word"):
        options.add_argument(name)
    for name in ("calls", "threads"):
        options.add_argument(name, type=int)
    for name in ("--window", "--pause", "--rest"):
        options.add_argument(name, type=float)
    asked = options.parse_args()
    django.setup()
    from django.conf import settings

    given: dict[str, Any] = {
        "MANGADEX_URL": asked.url,
        "UPSTREAM_WINDOW": asked.window,
        "UPSTREAM_PAUSE": asked.pause,
        "UPSTREAM_REST": asked.rest,
    }
    for name, value in given.items():
        if value is not None:
            setattr(settings, name, value)
    words = [f"{asked.word}{thread}" for thread in range(asked.threads)]
    with ThreadPoolExecutor(asked.threads) as pool:
        found = sum(pool.map(hammer, words, [asked.calls] * asked.threads), Counter())
    print(json.dumps(found))


if __name__ == "__main__":
    main()

"""Whether a big export starts at once and needs no memory.

    bench/exports.py [--chapters 1000000]

Fills a database of its own, asks one server process for all chapters as JSON lines and as CSV,
reads as fast as they come, and looks meanwhile at what the server has in memory. Prints a table
and, last, one JSON line. Fails when a line is missing, the first byte takes longer than a second,
or the server's memory grows by 50 MB.
"""

import argparse
import json
import time
from typing import Any

import httpx
from catalogue import tokens
from filling import fill
from serving import Web, data_folder, database, serving

EACH = 10  # chapters of a series
FIRST_WITHIN = 1.0  # seconds
GROWS_BY = 50_000_000  # bytes


def exported(web: Web, form: str, token: str) -> dict[str, Any]:
    """One export, read to its end."""
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
    address = f"http://127.0.0.1:{web.port}/api/v1/export/chapters.{form}"
    before, most, lines, size, first = web.memory, 0, 0, 0, 0.0
    busy, began = web.busy, time.perf_counter()
    with httpx.stream("GET", address, headers=headers, timeout=120) as answer:
        answer.raise_for_status()
        for number, part in enumerate(answer.iter_raw()):
            first = first or time.perf_counter() - began
            lines, size = lines + part.count(b"\n"), size + len(part)
            # To look at each part would cost more than to make it.
            if number % 20 == 0:
                most = max(most, web.memory)
    return {
        "first_ms": round(first * 1000, 1),
        "seconds": round(time.perf_counter() - began, 1),
        "busy": round(web.busy - busy, 1),
        "lines": lines,
        "mb": round(size / 1e6, 1),
        "grew_mb": round((max(most, web.memory) - before) / 1e6, 1),
    }


def measure(chapters: int, token: str) -> dict[str, Any]:
    """Both forms, after a small answer, for which everything is loaded."""
    found: dict[str, Any] = {}
    with serving() as web:
        httpx.get(
            f"http://127.0.0.1:{web.port}/api/v1/libraries",
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
        ).raise_for_status()
        for form, extra in (("jsonl", 0), ("csv", 1)):
            found[form] = got = exported(web, form, token)
            print(f"{form:6}" + "".join(f"{name:>9} {value:<9}" for name, value in got.items()))
            if got["lines"] != chapters + extra:
                raise SystemExit(f"{got['lines']} lines instead of {chapters + extra}.")
            if got["first_ms"] > FIRST_WITHIN * 1000 or got["grew_mb"] * 1e6 > GROWS_BY:
                raise SystemExit("Too late or too large.")
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--chapters", type=int, default=1_000_000)
    asked = options.parse_args()
    with data_folder() as folder, database(folder):
        made = fill(asked.chapters // EACH, EACH)
        print(f"{len(made.chapters)} chapters", flush=True)
        found = measure(len(made.chapters), tokens()[0])
    print(json.dumps({"chapters": len(made.chapters), **found}))


if __name__ == "__main__":
    main()

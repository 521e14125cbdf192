"""How fast the API answers over a big catalogue.

    bench/catalogue.py [--series 10000] [--chapters 5] [--requests 400]

Fills a database of its own with so many series of so many chapters each, starts one server
process, and asks as a reader does, over 1, 8 and 32 connections. Client, server and database
share this machine. Prints a table (milliseconds) and, last, one JSON line. Fails when one
callback held the server's event loop for more than 50 ms.
"""

# ruff: noqa: PLC0415 - imported once Django is set up

import argparse
import asyncio
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import django
import httpx

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.watchdog import APP, watching  # noqa: E402 (path set above)

CONNECTIONS = (1, 8, 32)
PASSWORD = "a quiet harbour"
_WORDS = (
    *("salt", "ember", "harbor", "lantern", "orchard", "railway"),
    *("winter", "copper", "tidal", "quiet", "glass", "paper"),
)


def copy_in(objects: Iterable[Any]) -> None:
    """Write rows the fastest way there is."""
    from django.db import connection
    from django.utils import timezone

    rows = list(objects)
    fields = rows[0]._meta.concrete_fields
    now = timezone.now()
    names = ", ".join(f'"{field.column}"' for field in fields)
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{rows[0]._meta.db_table}" ({names}) FROM STDIN') as copy,
    ):
        for row in rows:
            row.created = row.updated = now
            copy.write_row(
                [
                    field.get_db_prep_save(getattr(row, field.attname), connection)
                    for field in fields
                ]
            )


def fill(series_count: int, each: int) -> tuple[list[UUID], list[UUID]]:
    """The catalogue, and Bob who may see it all. Answers the ids of series and chapters."""
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from kiremisu.accounts.models import User
    from library.models import Chapter, Content, Library, Series

    call_command("migrate", verbosity=0)
    chance = random.Random(1)
    User.objects.create_user("bob", password=PASSWORD)
    library = Library.objects.create(name="Manga", root="/srv/manga")
    series = [
        Series(
            library=library,
            key=f"{number:06}",
            title=" ".join(chance.choices(_WORDS, k=3)).title() + f" {number}",
            sort_title=" ".join(chance.choices(_WORDS, k=3)) + f" {number}",
            year=chance.randint(1980, 2025),
            language=chance.choice(["en", "ja", "de"]),
            status=chance.choice(["ongoing", "finished", ""]),
            chapter_count=each,
            page_count=20 * each,
            last_added=timezone.now(),
        )
        for number in range(series_count)
    ]
    contents = [
        Content(signature=number.to_bytes(16), page_count=20)
        for number in range(series_count * each)
    ]
    chapters = [
        Chapter(
            library=library,
            series=one,
            content=contents[place * each + number],
            path=f"{one.title}/{one.title} c{number + 1}.cbz",
            size=20_000_000,
            mtime_ns=1,
            format="zip",
            page_count=20,
            number=str(number + 1),
            number_order=number + 1,
        )
        for place, one in enumerate(series)
        for number in range(each)
    ]
    for rows in (series, contents, chapters):
        copy_in(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connection.close()
    return [one.pk for one in series], [one.pk for one in chapters]


@contextmanager
def server() -> Iterator[int]:
    """One web process; its port. Raises LoopHeld at the end, naming who held its loop."""
    with watching() as told, serving(told) as port:
        yield port


@contextmanager
def serving(told: dict[str, str]) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-m", "kiremisu.server.web", "127.0.0.1", str(port), "1", APP],
        cwd=ROOT,
        env=os.environ | told,
        stdin=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(15)


class Connection:
    """One kept-alive connection: the least a client can cost."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def ask(self, method: str, path: str, token: str, body: bytes) -> int:
        """The status; the answer is read to its end."""
        head = f"{method} /api/v1/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        head += f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n"
        head += "Content-Type: application/json\r\n\r\n"
        self.writer.write(head.encode() + body)
        told = (await self.reader.readuntil(b"\r\n\r\n")).decode().lower()
        _, _, rest = told.partition("content-length: ")
        await self.reader.readexactly(int(rest.partition("\r\n")[0]))
        return int(told.split(" ", 2)[1])


Asking = Callable[[int], tuple[str, str, bytes]]


def askings(series: list[UUID], chapters: list[UUID]) -> dict[str, Asking]:
    """What is measured: for the n-th request its method, path and body."""

    def saved(number: int) -> tuple[str, str, bytes]:
        page = json.dumps({"page": number % 19 + 1}).encode()
        return "PUT", f"chapters/{chapters[number * 7 % len(chapters)]}/progress", page

    def of_series(ending: str) -> Asking:
        return lambda n: ("GET", f"series/{series[n * 7 % len(series)]}{ending}", b"")

    last = max(1, len(series) // 50)
    return {
        "list of 50": lambda n: ("GET", f"series?per_page=50&page={n % 20 + 1}", b""),
        "list, last page": lambda _: ("GET", f"series?per_page=50&page={last}", b""),
        "filtered list": lambda n: (
            "GET",
            f"series?per_page=50&language=ja&status=ongoing&sort=-added&page={n % 5 + 1}",
            b"",
        ),
        "titles with a word": lambda n: ("GET", f"series?search={_WORDS[n % 12]}", b""),
        "one series": of_series(""),
        "its chapters": of_series("/chapters"),
        "progress saved": saved,
    }


async def measured(port: int, token: str, asking: Asking, count: int, width: int) -> dict[str, Any]:
    """So many requests over so many connections."""
    spent: list[float] = []
    numbers = iter(range(count))

    async def work() -> None:
        connection = Connection(*await asyncio.open_connection("127.0.0.1", port))
        with closing(connection.writer):
            for number in numbers:
                began = time.perf_counter()
                status = await connection.ask(*_spread(asking(number), token))
                spent.append((time.perf_counter() - began) * 1000)
                if status != 200:
                    raise RuntimeError(f"{asking(number)[:2]} answered {status}")

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(width)))
    rate = count / (time.perf_counter() - began)
    cuts = statistics.quantiles(spent, n=100)
    return {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "rate": rate}


def _spread(asked: tuple[str, str, bytes], token: str) -> tuple[str, str, str, bytes]:
    method, path, body = asked
    return method, path, token, body


def measure(port: int, known: tuple[list[UUID], list[UUID]], count: int) -> dict[str, Any]:
    signing_in = {"username": "bob", "password": PASSWORD}
    told = httpx.post(f"http://127.0.0.1:{port}/api/v1/auth/token", json=signing_in, timeout=30)
    token = told.json()["access"]
    found: dict[str, Any] = {}
    print(f"{'':20}{'width':>6}{'p50':>9}{'p95':>9}{'p99':>9}{'a second':>10}")
    for name, asking in askings(*known).items():
        asyncio.run(measured(port, token, asking, 40, 8))  # warm
        for width in CONNECTIONS:
            got = asyncio.run(measured(port, token, asking, count, width))
            found[f"{name}, {width}"] = {key: round(value, 1) for key, value in got.items()}
            times = "".join(f"{got[cut]:9.1f}" for cut in ("p50", "p95", "p99"))
            print(f"{name:20}{width:6}{times}{got['rate']:10.0f}", flush=True)
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--series", type=int, default=10_000)
    options.add_argument("--chapters", type=int, default=5, help="of each series")
    options.add_argument("--requests", type=int, default=400, help="of each kind and width")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "kiremisu.settings",
            "KIREMISU_DATA_DIR": folder,
            "KIREMISU_LOG_LEVEL": "error",
            "DATABASE_URL": "",
        }
        django.setup()
        from kiremisu.server import embedded

        with embedded.hold(Path(folder)):
            began = time.perf_counter()
            known = fill(asked.series, asked.chapters)
            filled = round(time.perf_counter() - began, 1)
            print(f"{len(known[0])} series, {len(known[1])} chapters, filled in {filled} s")
            with server() as port:
                found = measure(port, known, asked.requests)
    print(json.dumps({"series": asked.series, "chapters": len(known[1]), "times": found}))


if __name__ == "__main__":
    main()

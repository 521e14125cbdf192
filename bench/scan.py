"""How fast a folder of manga is listed, against what the machine can do at all.

    bench/scan.py [--files 20000] [--pages 20] [--at FOLDER]

Makes a library of tiny CBZ files in a temporary folder (or in FOLDER, where it stays), then
measures the bare walk, the archives' directories by zipfile in a process pool, our first scan
by `manage.py scan`, the second, and one after 50 files were added; memory is that of the
scanning processes together, without PostgreSQL. Prints a table and, last, one JSON line.
"""

import argparse
import json
import multiprocessing
import os
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import batched
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
_WORDS = (
    *("Salt", "Ember", "Harbor", "Lantern", "Orchard", "Railway"),
    *("Winter", "Copper", "Tidal", "Quiet", "Glass", "Paper"),
)


def make(folder: Path, count: int, pages: int, first: int = 0) -> None:
    """So many books, five to a series, each of other pages of 1 KB."""
    for number in range(first, first + count):
        series, chapter = divmod(number, 5)
        words = (_WORDS[series % 12], _WORDS[series // 12 % 12], f"No. {series // 144 + 1}")
        title = " ".join(words)
        place = folder / title
        if chapter == 0 or number == first:
            place.mkdir(parents=True, exist_ok=True)
        name = f"{title} c{chapter + 1:03} (2019) (Digital) (NightOwl).cbz"
        (place / name).write_bytes(book(number, pages))


def book(number: int, pages: int) -> bytes:
    """A stored ZIP as small as it can be (appnote 4.3.7, 4.3.12, 4.3.16)."""
    body, directory, offset = [], [], 0
    for page in range(1, pages + 1):
        data = b"\xff\xd8\xff\xe0%010d%06d" % (number, page) + bytes(1000)
        name = b"%03d.jpg" % page
        common = struct.pack(
            "<5H3I2H", 20, 0, 0, 0, 33, zlib.crc32(data), len(data), len(data), len(name), 0
        )
        body += [b"PK\3\4" + common + name, data]
        rest = struct.pack("<3H2I", 0, 0, 0, 0, offset)
        directory.append(b"PK\1\2\x14\0" + common + rest + name)
        offset += 30 + len(name) + len(data)
    tail = b"".join(directory)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, pages, pages, len(tail), offset, 0)
    return b"".join([*body, tail, end])


def walk(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from walk(entry.path)
            else:
                entry.stat(follow_symlinks=False)
                yield entry.path


def directories(paths: list[str]) -> int:
    pages = 0
    for path in paths:
        with zipfile.ZipFile(path) as archive:
            pages += len(archive.infolist())
    return pages


def by_zipfile(folder: str) -> int:
    chunks = [list(chunk) for chunk in batched(walk(folder), 200, strict=False)]
    with ProcessPoolExecutor(os.process_cpu_count(), multiprocessing.get_context("fork")) as pool:
        return sum(pool.map(directories, chunks))


def timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


class Memory(threading.Thread):
    """The greatest memory of a process and its children together, PostgreSQL left out."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.process, self.peak, self.ended = process, 0, threading.Event()

    def run(self) -> None:
        while not self.ended.wait(0.1):
            try:
                family = [psutil.Process(self.process)]
                family += family[0].children(recursive=True)
                names = {"postgres"}
                sizes = [each.memory_full_info().pss for each in family if each.name() not in names]
                self.peak = max(self.peak, sum(sizes))
            except psutil.Error:
                continue


def scan(root: str, until_listed: Callable[[], bool] | None = None) -> dict[str, float]:
    """`manage.py scan --json`, watched from outside: `listed` is when the first series was."""
    began = time.perf_counter()
    command = [sys.executable, str(ROOT / "manage.py"), "scan", root, "--json"]
    with (
        tempfile.TemporaryFile("w+") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log) as process,
    ):
        memory = Memory(process.pid)
        memory.start()
        listed = 0.0
        while until_listed and process.poll() is None and not listed:
            if until_listed():
                listed = time.perf_counter() - began
            time.sleep(0.02)
        said = process.communicate()[0]
        if process.returncode:
            log.seek(0)
            sys.exit(log.read())
        answer = json.loads(said)
    memory.ended.set()
    wall = time.perf_counter() - began
    return {**answer, "wall": wall, "listed": listed, "peak_mb": memory.peak / 1e6}


def measure(folder: Path, files: int, pages: int) -> dict[str, float]:
    # The database is that of the temporary data folder, which the settings read at import.
    import django  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    from kiremisu.server import embedded  # noqa: PLC0415

    root = str(folder / "library")
    with embedded.hold(settings.DATA_DIR):
        django.setup()
        from django.core.management import call_command  # noqa: PLC0415
        from django.db import connection  # noqa: PLC0415

        from library.models import Series  # noqa: PLC0415

        def writes() -> int:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables"
                    " WHERE relname ~ '^(library|reader|metadata)_'"
                )
                return int(cursor.fetchone()[0])

        call_command("migrate", verbosity=0)
        found: dict[str, float] = {"files": files, "pages": pages}
        found["walk"] = min(timed(lambda: list(walk(root))) for _ in range(3))
        found["zipfile"] = min(timed(lambda: by_zipfile(root)) for _ in range(2))
        first = scan(root, Series.objects.exists)
        time.sleep(1)  # the server's statistics follow after a moment
        before = writes()
        second = scan(root)
        time.sleep(1)
        found |= {
            "first": first["seconds"],
            "first_wall": first["wall"],
            "first_listed_wall": first["listed"],
            "first_peak_mb": first["peak_mb"],
            "added": first["added"],
            "second": second["seconds"],
            "second_peak_mb": second["peak_mb"],
            "second_writes": writes() - before,
        }
        make(folder / "library", 50, pages, first=files)
        time.sleep(settings.SCAN_SETTLE_SECONDS)
        third = scan(root)
        connection.close()
    return {**found, "third": third["seconds"], "third_added": third["added"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--at", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kiremisu-bench-") as temporary:
        folder = options.at or Path(temporary)
        if not (folder / "library").is_dir():
            make(folder / "library", options.files, options.pages)
        os.environ["KIREMISU_DATA_DIR"] = str(Path(temporary) / "data")
        os.environ["DJANGO_SETTINGS_MODULE"] = "kiremisu.settings"
        os.environ["KIREMISU_ENRICH"] = "no"
        found = measure(folder, options.files, options.pages)
    for name, value in found.items():
        print(
            f"{name:<20}{value:>12,.2f}" if isinstance(value, float) else f"{name:<20}{value:>12,}"
        )
    print(f"{'first / zipfile':<20}{found['first'] / found['zipfile']:>12.1f}")
    print(json.dumps({name: round(value, 3) for name, value in found.items()}))


if __name__ == "__main__":
    main()

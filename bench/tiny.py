"""Libraries of tiny books for benches of scans, and what it takes to look at them at all."""

import multiprocessing
import os
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import batched
from pathlib import Path

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

"""Files replaced, written over, cut short and removed while their pages are asked for.

    bench/faults/swapping.py [--requests 20000] [--books 20] [--seed 1]

Each book has several versions with pages of their own, stored and deflated. One thread does things
to the files all the time and has the library scanned now and then; readers ask for pages by signed
links over many connections. Every page that is answered must be, byte for byte, that page of one
of its book's versions: none may be put together of two, and nothing may answer 5xx. Prints how
often each status came and, last, one JSON line; exits with 1 where anything was wrong.
"""

# ruff: noqa: PLC0415 - imported once Django is set up

import argparse
import asyncio
import hashlib
import json
import os
import random
import sys
import threading
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from serving import data_folder, database, unwatched

from tests import files

_PAGES, _VERSIONS, _READERS = 12, 3, 16


def page(book: int, version: int, number: int) -> bytes:
    """A picture that can be told from all others, some larger than what is read at once."""
    chance = random.Random(f"{book} {version} {number}")
    return files.image(1 + (book * 7 + version * 3 + number) % 90) + chance.randbytes(
        chance.choice((2_000, 90_000, 300_000))
    )


def versions(folder: Path, books: int) -> dict[int, list[bytes]]:
    """The bytes of each version of each book."""
    made: dict[int, list[bytes]] = {}
    for book in range(books):
        made[book] = []
        for version in range(_VERSIONS):
            named = {f"{n:03}.png": page(book, version, n) for n in range(1, _PAGES + 1)}
            method = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)[(book + version) % 2]
            place = files.make_zip(folder / "made.cbz", named, method)
            made[book].append(place.read_bytes())
    return made


class Meddler(threading.Thread):
    """Does things to the books until it is told to stop."""

    def __init__(
        self, root: Path, made: dict[int, list[bytes]], scan: Callable[[], None], seed: int
    ) -> None:
        super().__init__(name="meddling", daemon=True)
        self.root, self.made, self.scan = root, made, scan
        self.chance = random.Random(seed)
        self.stopped = threading.Event()
        self.done = Counter[str]()

    def run(self) -> None:
        while not self.stopped.wait(0.02):
            book = self.chance.randrange(len(self.made))
            how = self.chance.choice(
                (*[self.replace] * 6, self.overwrite, self.overwrite, self.cut, self.remove)
            )
            how(self.root / name_of(book), self.chance.choice(self.made[book]))
            self.done[how.__name__] += 1
            if self.done.total() % 40 == 0:
                self.scan()

    def replace(self, place: Path, data: bytes) -> None:
        beside = place.with_suffix(".tmp")
        beside.write_bytes(data)
        beside.replace(place)

    def overwrite(self, place: Path, data: bytes) -> None:
        """In place and in pieces, as a slow copy does."""
        with open(place, "wb") as file:
            for start in range(0, len(data), 200_000):
                file.write(data[start : start + 200_000])
                file.flush()

    def cut(self, place: Path, data: bytes) -> None:
        if place.exists():
            os.truncate(place, len(data) // self.chance.randrange(2, 9))

    def remove(self, place: Path, _: bytes) -> None:
        place.unlink(missing_ok=True)


def name_of(book: int) -> str:
    return f"Swapped c{book + 1:03}.cbz"


async def read(
    address: str, urls: dict[tuple[int, int], str], requests: int, seed: int
) -> tuple[Counter[str], list[str]]:
    """Ask for pages at random; how often each status came, and what was no page of the book's."""
    chance, told, wrong = random.Random(seed), Counter[str](), list[str]()
    asked = iter(chance.choices(list(urls), k=requests))

    async def reader(client: httpx.AsyncClient, encoding: str) -> None:
        for book, number in asked:
            answer = await client.get(urls[book, number], headers={"Accept-Encoding": encoding})
            told[str(answer.status_code)] += 1
            if answer.status_code == httpx.codes.OK and not is_a_page(answer.content, book, number):
                wrong.append(f"book {book}, page {number}: of no version")
            if answer.is_server_error:
                wrong.append(f"book {book}, page {number}: {answer.status_code} {answer.text}")

    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        encodings = ("gzip", "identity")
        await asyncio.gather(*(reader(client, encodings[n % 2]) for n in range(_READERS)))
    return told, wrong


def is_a_page(data: bytes, book: int, number: int) -> bool:
    found = hashlib.sha256(data).digest()
    ours = (page(book, version, number) for version in range(_VERSIONS))
    return found in {hashlib.sha256(one).digest() for one in ours}


def shelve(root: Path) -> tuple[Callable[[], None], dict[tuple[int, int], str]]:
    """Have the books listed; how to have them scanned again, and a link to each page of each."""
    from django.core.management import call_command
    from django.db import connections

    from kiremisu.accounts.links import page_url
    from kiremisu.accounts.models import User
    from kiremisu.lib.errors import Refused
    from library import scanning
    from library.models import Chapter, Library

    call_command("migrate", verbosity=0)
    library = Library.objects.create(name="Swapped", root=str(root))
    scanning.scan(library)
    user = User.objects.create_superuser("keeper", password="a quiet harbour")
    ids = dict(Chapter.objects.values_list("path", "pk"))

    def scan() -> None:
        try:
            scanning.scan(library)
        except Refused:
            pass  # of what is wrong with the folder just now
        finally:
            connections.close_all()

    return scan, {
        (book, number): page_url(user, ids[name_of(book)], number)
        for book in range(len(ids))
        for number in range(1, _PAGES + 1)
    }


def run(asked: argparse.Namespace) -> bool:
    with data_folder() as folder:
        made = versions(folder, asked.books)
        root = folder / "library"
        root.mkdir()
        for book in made:
            (root / name_of(book)).write_bytes(made[book][0])
        with database(folder):
            scan, urls = shelve(root)
            meddler = Meddler(root, made, scan, asked.seed)
            with unwatched() as web:
                meddler.start()
                address = f"http://127.0.0.1:{web.port}"
                told, wrong = asyncio.run(read(address, urls, asked.requests, asked.seed))
                meddler.stopped.set()
                meddler.join()
    print(f"statuses {dict(told)}, done to files {dict(meddler.done)}")
    for line in wrong[:20]:
        print(line)
    print(json.dumps({"statuses": told, "done": meddler.done, "wrong": len(wrong)}))
    return not wrong


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--requests", type=int, default=20_000)
    options.add_argument("--books", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    sys.exit(0 if run(options.parse_args()) else 1)


if __name__ == "__main__":
    main()

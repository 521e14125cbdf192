"""A folder of small books to which anything may happen, by chance but the same for each seed."""

import io
import os
import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

from kill import PIXEL

_OLD = 1_600_000_000
_TITLES = ("Salt Road", "Tide Clock", "Ash & Ember", "Kanzashi", "Nine Lanterns")
_PAGES = 3


class Shelf:
    """`touched` are the paths, below the root, that something happened to since it was emptied."""

    def __init__(self, root: Path, chance: random.Random, books: int) -> None:
        self.root, self.chance = root, chance
        self.touched: set[str] = set()
        self._made = 0
        root.mkdir(parents=True)
        for _ in range(books):
            self.add()

    def happen(self, times: int) -> None:
        """So many things, one after another."""
        anything: list[Callable[[], object]] = [
            *(self.add, self.add, self.remove, self.rename, self.rename, self.move, self.swap),
            *(self.copy, self.replace, self.cut, self.touch, self.rename_folder),
            *(self.remove_folder, self.repack, self.add_pictures),
        ]
        for _ in range(times):
            self.chance.choice(anything)()

    def files(self) -> list[Path]:
        return sorted(path for path in self.root.rglob("*.cbz") if path.is_file())

    def folders(self) -> list[Path]:
        return sorted(path for path in self.root.iterdir() if path.is_dir())

    def add(self) -> None:
        self._write(self._free(), self._bytes())

    def add_pictures(self) -> None:
        folder = self._free().with_suffix("")
        folder.mkdir(parents=True)
        for page in range(_PAGES):
            self._write(folder / f"{page:03}.png", PIXEL + f"{self._next()}".encode())
        self._note(folder)

    def remove(self) -> None:
        for path in self._some(1):
            self._note(path)
            path.unlink()

    def remove_folder(self) -> None:
        for folder in self._some(1, self.folders()):
            if len(self.folders()) > 2:
                self._note(folder)
                shutil.rmtree(folder)

    def rename(self) -> None:
        for path in self._some(1):
            self._go(path, self._free(path.parent))

    def move(self) -> None:
        for path in self._some(1):
            self._go(path, self._free())

    def rename_folder(self) -> None:
        for folder in self._some(1, self.folders()):
            self._go(folder, self.root / f"{self.chance.choice(_TITLES)} {self._next()}")

    def swap(self) -> None:
        if len(two := self._some(2)) == 2:
            aside = two[0].with_name("aside.tmp")
            for old, new in ((two[0], aside), (two[1], two[0]), (aside, two[1])):
                self._go(old, new)

    def copy(self) -> None:
        for path in self._some(1):
            self._write(self._free(), path.read_bytes())

    def replace(self) -> None:
        for path in self._some(1):
            self._write(path, self._bytes())

    def repack(self) -> None:
        for path in self._some(1):
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as book:
                    pages = {name: book.read(name) for name in book.namelist()}
                self._write(path, _packed(pages, zipfile.ZIP_DEFLATED))

    def cut(self) -> None:
        for path in self._some(1):
            self._write(path, path.read_bytes()[: -self.chance.randint(1, 60)])

    def touch(self) -> None:
        for path in self._some(1):
            self._age(path)
            self._note(path)

    def begin_copy(self) -> "Copying":
        """A book whose first half has arrived."""
        copying = Copying(self._free(), self._bytes())
        copying.go_on(len(copying.whole) // 2)
        self._note(copying.path)
        return copying

    def _bytes(self) -> bytes:
        pages = {f"{page:03}.png": PIXEL + f"{self._next()}".encode() for page in range(_PAGES)}
        return _packed(pages, zipfile.ZIP_STORED)

    def _write(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self._age(path)
        self._note(path)

    def _age(self, path: Path) -> None:
        """No two moments are one, and none is now: growing files are another matter."""
        moment = _OLD + self._next()
        os.utime(path, (moment, moment))

    def _go(self, old: Path, new: Path) -> None:
        self._note(old)
        new.parent.mkdir(parents=True, exist_ok=True)
        old.rename(new)
        self._note(new)

    def _note(self, path: Path) -> None:
        place = str(path.relative_to(self.root))
        self.touched.add(place)
        if path.is_dir():
            self.touched |= {str(each.relative_to(self.root)) for each in path.rglob("*")}

    def _some(self, count: int, among: list[Path] | None = None) -> list[Path]:
        there = self.files() if among is None else among
        return self.chance.sample(there, min(count, len(there)))

    def _free(self, folder: Path | None = None) -> Path:
        """A name that nobody has."""
        folder = folder or self.root / self.chance.choice(_TITLES)
        return folder / f"{folder.name} c{self._next():03}.cbz"

    def _next(self) -> int:
        self._made += 1
        return self._made


class Copying:
    """A file that arrives piece by piece."""

    def __init__(self, path: Path, whole: bytes) -> None:
        self.path, self.whole = path, whole
        self._have = 0
        path.parent.mkdir(parents=True, exist_ok=True)

    def go_on(self, count: int = 4) -> None:
        """So many bytes more, but never the last."""
        self._have = min(self._have + count, len(self.whole) - 1)
        self.path.write_bytes(self.whole[: self._have])

    def end(self) -> None:
        self.path.write_bytes(self.whole)


def _packed(pages: dict[str, bytes], method: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as book:
        for name, data in pages.items():
            book.writestr(zipfile.ZipInfo(name), data, method)
    return made.getvalue()

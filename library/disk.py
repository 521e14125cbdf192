"""What lies below a library's root: one walk, no links followed, no file opened."""

import errno
import os
import re
import stat
from collections.abc import Collection, Iterator
from typing import NamedTuple

from kiremisu.lib.errors import Unavailable
from kiremisu.lib.paths import on_disk, storable
from library.archives import is_book_name, is_image_name, is_sidecar_name
from library.sidecars import COVER, KINDS, kind_of

_LITTER = {
    *("__macosx", "@eadir", "#recycle", "@recycle", "$recycle.bin", "lost+found"),
    *("system volume information", "#snapshot", "@tmp"),
}
# Pictures about a folder of books rather than pages of one.
_BESIDE = re.compile(r"(?:cover|folder|poster|banner|fanart|thumb|logo|backdrop)\b", re.IGNORECASE)

type _Entries = list[os.DirEntry[str]]


class Found(NamedTuple):
    """A book on disk: a file, or a folder of images ("." for the root itself).

    `path` is below the root and as `storable` makes it; of a folder, `size` is the sum of
    its images (and of its ComicInfo.xml) and `mtime_ns` that of the newest change in it.
    """

    path: str
    size: int
    mtime_ns: int


class Beside(NamedTuple):
    """A file that tells of the books in its folder and below it, as `Found` has files. `books`
    are the paths of the first and the last of those, empty where there are none."""

    found: Found
    books: list[str]


class Walk:
    """One look at everything below `root`; iterating it gives the books, folder by folder.

    While it is iterated: `unreadable` names the folders and files that could not be looked
    at, with a code each; `folders` counts those seen, `left_out` links and special files;
    `beside` are the files that tell of books, whole once the walk is over.
    Iterating raises Unavailable when the root itself cannot be read, or is another folder
    than when the walk began.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self.unreadable: dict[str, str] = {}
        self.folders = 0
        self.left_out = 0
        self.beside: list[Beside] = []
        self._told: dict[str, list[str]] = {}

    def __iter__(self) -> Iterator[Found]:
        return (found for found in self.looking() if found is not None)

    def looking(self) -> Iterator[Found | None]:
        """The same, and None after each folder: a sign of life where no book is for long."""
        before = identity(self.root)
        waiting = [""]
        while waiting:
            folder = waiting.pop()
            read = self._read(folder)
            if read is None:
                yield None
                continue
            self.folders += 1
            books, images, below, sidecars = read
            prefix = storable(folder) + "/" if folder else ""
            is_book = not books and _is_book(images)
            own = [each for each in sidecars if is_book and is_sidecar_name(each.name)]
            covers = [] if is_book else [each for each in images if kind_of(each.name) == COVER]
            beside = [each for each in sidecars if each not in own]
            self._put_beside(folder, [*beside, *sorted(covers, key=_name)[:1]])
            for entry in books:
                found = self._stat(prefix + storable(entry.name), entry)
                if found:
                    yield self._noted(found)
            if is_book:
                book = self._folder_of(folder, [*images, *own])
                if book:
                    yield self._noted(book)
            waiting += [f"{folder}/{name}" if folder else name for name in reversed(below)]
            yield None
        if identity(self.root) != before:
            raise Unavailable("The folder was replaced while it was read.", code="root_changed")

    def at(self, path: str) -> Found | None:
        """What the walk would find at this path now; None when there is no book any more."""
        place = on_disk(path)
        try:
            about = os.stat(f"{self.root}/{place}", follow_symlinks=False)
        except OSError:
            return None
        if stat.S_ISREG(about.st_mode):
            return Found(path, about.st_size, about.st_mtime_ns)
        folder = "" if place == "." else place
        read = self._read(folder) if stat.S_ISDIR(about.st_mode) else None
        if not read or not read[1]:
            return None
        own = [each for each in read[3] if is_sidecar_name(each.name)]
        return self._folder_of(folder, [*read[1], *own])

    def _put_beside(self, folder: str, sidecars: _Entries) -> None:
        place = storable(folder)
        prefix = place + "/" if place else ""
        for entry in sidecars:
            found = self._stat(prefix + storable(entry.name), entry)
            if found:
                self.beside.append(Beside(found, self._told.setdefault(place, [])))

    def _noted(self, book: Found) -> Found:
        """The book, once it is known to whatever tells of it."""
        place = book.path
        while self._told:
            books = self._told.get(place)
            if books is not None:
                books[1 if books else 0 :] = [book.path]
            if not place:
                break
            place = place.rpartition("/")[0]
        return book

    def _read(self, folder: str) -> tuple[_Entries, _Entries, list[str], _Entries] | None:
        """Its books, its images, its folders' names and its sidecars, in the order of names."""
        books, images, below, sidecars = [], [], [], []
        try:
            with os.scandir(f"{self.root}/{folder}") as entries:
                for entry in entries:
                    name = entry.name
                    if name.startswith("."):
                        continue
                    if entry.is_symlink():
                        self.left_out += 1
                    elif entry.is_dir(follow_symlinks=False):
                        if name.lower() not in _LITTER:
                            below.append(name)
                    elif is_book_name(name):
                        books.append(entry)
                    elif is_image_name(name):
                        images.append(entry)
                    elif name.lower() in KINDS:
                        sidecars.append(entry)
        except OSError as error:
            if not folder:
                raise _unreachable() from error
            self.unreadable[storable(folder)] = _code(error)
            return None
        books.sort(key=_name)
        below.sort()
        return books, images, below, sorted(sidecars, key=_name)

    def _stat(self, path: str, entry: os.DirEntry[str]) -> Found | None:
        try:
            about = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            return None
        except OSError as error:
            self.unreadable[path] = _code(error)
            return None
        if not stat.S_ISREG(about.st_mode):
            self.left_out += 1
            return None
        return Found(path, about.st_size, about.st_mtime_ns)

    def _folder_of(self, folder: str, files: _Entries) -> Found | None:
        path = storable(folder) or "."
        parts = [found for each in files if (found := self._stat(path, each))]
        if not parts:
            return None
        try:
            changed = os.stat(f"{self.root}/{folder}").st_mtime_ns
        except OSError as error:
            self.unreadable[path] = _code(error)
            return None
        newest = max(changed, *(part.mtime_ns for part in parts))
        return Found(path, sum(part.size for part in parts), newest)


def _is_book(images: _Entries) -> bool:
    return bool(images) and not all(_BESIDE.match(each.name) for each in images)


def identity(root: str) -> tuple[int, int]:
    """Which folder this is: its file system and number. Raises Unavailable."""
    try:
        about = os.stat(root)
    except (OSError, ValueError) as error:
        raise _unreachable() from error
    if not stat.S_ISDIR(about.st_mode):
        raise _unreachable()
    return about.st_dev, about.st_ino


def is_left_out(name: str) -> bool:
    """Whether a scan passes a file or folder of this name by, whatever it is."""
    return name.startswith(".") or name.lower() in _LITTER


def is_within(path: str, folders: Collection[str]) -> bool:
    """Whether a path is one of these, or lies below one; compared part by part."""
    if not folders:
        return False
    while path not in folders:
        path = path.rpartition("/")[0]
        if not path:
            return False
    return True


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _code(error: OSError) -> str:
    if error.errno in {errno.EACCES, errno.EPERM}:
        return "no_permission"
    return "gone" if error.errno == errno.ENOENT else "unreadable"


def _unreachable() -> Unavailable:
    return Unavailable(
        "The library's folder cannot be read. Is its disk or share there?",
        code="root_unreachable",
    )

"""Putting one finished file into a library's folder: whole or not at all, over nothing.

It is copied under a hidden name beside its later place, made safe, and then given its name in
one step that fails where the name is taken. Folders are opened one below the other, never
through a link, so that nothing can lead out of the library.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO, Self
from uuid import UUID

from kiremisu.lib.errors import Conflict, Forbidden
from library import disk
from library.uploads.names import numbered

_BLOCK = 1 << 20
# Bytes after which they are made safe and told: all at the end could take a slow share too long.
_SHOWN_EVERY = 16 << 20
_MOST = 1000  # files of one name
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


def check_writable(root: str, folder: str) -> None:
    """Raises Unavailable when the library is not to be reached, Forbidden when nothing may be
    written to this folder below its root, Conflict when a link or a file is in the way."""
    disk.identity(root)
    inside = os.path.realpath(root)
    place = os.path.normpath(os.path.join(inside, folder))
    if os.path.realpath(place) != place or os.path.commonpath((place, inside)) != inside:
        raise _link()
    while not os.path.isdir(place):
        if os.path.lexists(place):
            raise _no_folder()
        place = os.path.dirname(place)
    if not os.access(place, os.W_OK | os.X_OK):
        raise read_only()


def read_only() -> Forbidden:
    return Forbidden("This server may not write into this library.", code="read_only")


class Place:
    """A folder of a library, opened, and the hidden file of one upload in it."""

    def __init__(self, descriptor: int, folder: str, upload_id: UUID) -> None:
        self._at = descriptor
        self._folder = folder
        self._hidden = f".{upload_id.hex}.part"

    @classmethod
    @contextmanager
    def opened(cls, root: str, folder: str, upload_id: UUID) -> Iterator[Self]:
        """The folder below a library's root, made where it is missing."""
        descriptor = os.open(root, _FOLDER)
        try:
            for part in filter(None, folder.split("/")):
                inner = _entered(descriptor, part)
                os.close(descriptor)
                descriptor = inner
            yield cls(descriptor, folder, upload_id)
        finally:
            os.close(descriptor)

    def copy(self, source: BinaryIO) -> Iterator[int]:
        """Copy this here under the hidden name, telling from time to time how much is done.

        Nothing is done where an earlier try came so far as to give the file its name.
        """
        if self._has_its_name():
            return
        self._remove()
        descriptor = os.open(self._hidden, _NEW, 0o666, dir_fd=self._at)
        with open(descriptor, "wb") as target:
            done = 0
            while block := source.read(_BLOCK):
                target.write(block)
                done += len(block)
                if done % _SHOWN_EVERY == 0:
                    _settle(target)
                    yield done
            _settle(target)

    def name(self, wanted: str) -> str:
        """Give it its name, or one with a number where that is taken; the path below the root.

        Raises Conflict when too many have it.
        """
        for number in range(1, _MOST + 1):
            name = numbered(wanted, number)
            if self._takes(name):
                os.fsync(self._at)
                return f"{self._folder}/{name}" if self._folder else name
        raise Conflict("Too many files have this name.", code="too_many_names")

    def tidy(self) -> None:
        """Drop the hidden name of what did not get its own. One that has both keeps them, for
        whoever goes on to see."""
        if not self._has_its_name():
            self._remove()

    def finish(self) -> None:
        """Drop the hidden name; it is known by its own."""
        self._remove()

    def _takes(self, name: str) -> bool:
        """Whether the file has this name now; False when another has."""
        try:
            os.link(self._hidden, name, src_dir_fd=self._at, dst_dir_fd=self._at)
        except FileExistsError:
            return self._is_ours(name)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            return self._renamed(name)
        return True

    def _renamed(self, name: str) -> bool:
        """As `_takes`, on file systems where a file has one name only, such as memory cards'.

        Who dies right after this leaves a file that nobody knows again: it comes a second time,
        with a number.
        """
        try:
            os.close(os.open(name, _NEW, 0o666, dir_fd=self._at))
        except FileExistsError:
            return False
        # Over the empty file that we have just made, nobody else's.
        os.rename(self._hidden, name, src_dir_fd=self._at, dst_dir_fd=self._at)
        return True

    def _is_ours(self, name: str) -> bool:
        other, own = (
            os.stat(each, dir_fd=self._at, follow_symlinks=False) for each in (name, self._hidden)
        )
        return os.path.samestat(other, own)

    def _has_its_name(self) -> bool:
        with suppress(FileNotFoundError):
            return os.stat(self._hidden, dir_fd=self._at, follow_symlinks=False).st_nlink > 1
        return False

    def _remove(self) -> None:
        with suppress(FileNotFoundError):
            os.unlink(self._hidden, dir_fd=self._at)


def _settle(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _entered(descriptor: int, part: str) -> int:
    """A folder in a folder, made where it is missing. Raises Conflict for a link or a file."""
    with suppress(FileExistsError):
        os.mkdir(part, dir_fd=descriptor)
        os.fsync(descriptor)
    try:
        return os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=descriptor)
    except OSError as error:
        if error.errno not in {errno.ELOOP, errno.ENOTDIR}:
            raise
        about = os.stat(part, dir_fd=descriptor, follow_symlinks=False)
        if stat.S_ISLNK(about.st_mode):
            raise _link() from error
        raise _no_folder() from error


def _link() -> Conflict:
    return Conflict("A link is on the way to this folder, and links are not followed.", code="link")


def _no_folder() -> Conflict:
    return Conflict("A file has the name of this folder.", code="no_folder")

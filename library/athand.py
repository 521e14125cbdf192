"""Books kept open, so that what the system has in memory of their pages is sent without a thread.

For an event loop, which may wait for nothing: a page that would have to come from a disk (see
preadv2(2), RWF_NOWAIT) is left to threads, and so is all of a book on a far file system, where
even a look at an open file may take long. A book that nobody reads any more is closed soon, so
that its disk can be taken away.
"""

import errno
import os
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from kiremisu.lib.errors import Unreadable
from library import mounts, serving
from library.archives import Page
from library.books import Book
from library.serving import Piece

# Seconds for which nobody looked into a book that is closed then.
IDLE = 20.0
_BOOKS = 256
# Pages are read and sent in parts of so many bytes, which stay in the processor's own memory.
_PART = 100_000
_LARGEST = 4 << 20  # bytes; more takes too long for a loop
# Only Linux can say that it would have to wait.
_NOT_WAITING: int | None = getattr(os, "RWF_NOWAIT", None)

# What file systems answer that cannot say so.
_NOT_HERE = {errno.EOPNOTSUPP, errno.EINVAL}

type _Mark = tuple[int, int, int, int]


@dataclass(slots=True)
class _Kept:
    """`descriptor` is -1 of a book that is left to threads; `checked` are the media types of
    pages that were found whole since the file is as `mark` says."""

    descriptor: int
    mark: _Mark | None
    checked: dict[int, str] = field(default_factory=dict)
    used: float = field(default_factory=time.monotonic)


class AtHand:
    """The books at hand of one event loop; to be used by its thread alone."""

    def __init__(self, most: int = _BOOKS) -> None:
        self._most = most
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._room = memoryview(bytearray(_PART))

    def __len__(self) -> int:
        return len(self._kept)

    def knows(self, book: Book) -> bool:
        """Whether the book is kept, or known as one that is left to threads."""
        return book.path in self._kept

    def keep(self, book: Book, descriptor: int | None) -> None:
        """Take over what `opened` answered of this book."""
        self._drop(book.path)
        mark = None if descriptor is None else _mark(descriptor)
        self._kept[book.path] = _Kept(-1 if descriptor is None else descriptor, mark)
        while len(self._kept) > self._most:
            self._drop(next(iter(self._kept)))

    def page(self, book: Book, number: int, gzip: bool) -> Piece | None:
        """The page as `serving.direct` has it; None where a thread must fetch it, be it to find
        out what is wrong."""
        kept = self._kept.get(book.path)
        if kept is None or kept.descriptor < 0:
            return None
        page = book.page(number)
        if page.size > _LARGEST or not serving.lies_plain(book, page, gzip):
            return None
        try:
            parts = self._read(book, page, kept.descriptor)
            if number in kept.checked:
                piece = serving.framed(book, page, parts, kept.checked[number])
            else:
                piece = serving.plain(book, page, parts)
        except BlockingIOError:
            return None
        except (OSError, EOFError, Unreadable) as error:
            self._give_up(book, error)
            return None
        # After it was read: nothing was written meanwhile.
        if not self._is_same(book, kept):
            return None
        kept.checked[number] = piece.media_type
        return piece

    def is_current(self, book: Book) -> bool:
        """Whether the file is known, without waiting, to be the one that was indexed."""
        kept = self._kept.get(book.path)
        return kept is not None and kept.descriptor >= 0 and self._is_same(book, kept)

    def close_idle(self) -> None:
        """Close the books of which nothing was read for a while."""
        until = time.monotonic() - IDLE
        for path in [path for path, kept in self._kept.items() if kept.used < until]:
            self._drop(path)

    def close(self) -> None:
        for path in list(self._kept):
            self._drop(path)

    def _read(self, book: Book, page: Page, descriptor: int) -> list[bytes]:
        start, length = page.offset, page.size
        if book.format == "zip":
            start += serving.header_length(self._part(descriptor, serving.HEADER, start))
            length = page.compressed
        parts, end = list[bytes](), start + length
        while start < end:
            parts.append(self._part(descriptor, min(_PART, end - start), start))
            start += len(parts[-1])
        return parts

    def _part(self, descriptor: int, length: int, offset: int) -> bytes:
        assert _NOT_WAITING is not None
        found = os.preadv(descriptor, [self._room[:length]], offset, _NOT_WAITING)
        if not found and length:
            raise EOFError
        return bytes(self._room[:found])

    def _give_up(self, book: Book, error: Exception) -> None:
        if getattr(error, "errno", None) in _NOT_HERE:
            self.keep(book, None)
        else:
            self._drop(book.path)

    def _is_same(self, book: Book, kept: _Kept) -> bool:
        mark = _mark(kept.descriptor)
        if mark != kept.mark or mark[:2] != (book.size, book.mtime_ns):
            self._drop(book.path)
            return False
        kept.used = time.monotonic()
        self._kept.move_to_end(book.path)
        return True

    def _drop(self, path: str) -> None:
        kept = self._kept.pop(path, None)
        if kept is not None and kept.descriptor >= 0:
            os.close(kept.descriptor)


def opened(book: Book) -> int | None:
    """A descriptor of the book's file for `AtHand.keep`, None where it is one for threads. To be
    called from those. Raises Changed, Unreadable."""
    if _NOT_WAITING is None or book.format == "folder" or mounts.is_far_away(book.path):
        return None
    return serving.open_file(book)


def _mark(descriptor: int) -> _Mark:
    """What is another once the file was written to, replaced, renamed or removed."""
    now = os.fstat(descriptor)
    return now.st_size, now.st_mtime_ns, now.st_ctime_ns, now.st_nlink

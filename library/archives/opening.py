"""Opening files that may be anything: pipes, devices, links, holes, or gone by now."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from library.archives.codes import unreadable

_SAMPLE = 1024
_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | getattr(os, "O_NOCTTY", 0)


@contextmanager
def opened(path: str, *, follow: bool = True) -> Iterator[tuple[int, int]]:
    """A regular file's descriptor and size; anything else is refused before it is opened."""
    if not stat.S_ISREG(os.stat(path, follow_symlinks=follow).st_mode):
        raise unreadable("link" if os.path.islink(path) else "not_a_file")
    descriptor = os.open(path, _FLAGS if follow else _FLAGS | os.O_NOFOLLOW)
    try:
        now = os.fstat(descriptor)
        if not stat.S_ISREG(now.st_mode):
            raise unreadable("not_a_file")
        yield descriptor, now.st_size
    finally:
        os.close(descriptor)


def exactly(descriptor: int, length: int, offset: int) -> bytes:
    """`length` bytes from `offset`; raises Unreadable (truncated) when the file ends before."""
    found = at_most(descriptor, length, offset)
    if len(found) < length:
        raise unreadable("truncated")
    return found


def at_most(descriptor: int, length: int, offset: int) -> bytes:
    """Up to `length` bytes from `offset`: fewer only at the end of the file."""
    found = os.pread(descriptor, length, offset)
    while 0 < len(found) < length:
        more = os.pread(descriptor, length - len(found), offset + len(found))
        if not more:
            break
        found += more
    return found


def sample(descriptor: int, offset: int, size: int, length: int = _SAMPLE) -> bytes:
    """Bytes from the head, the middle and the tail of a stretch of a file."""
    if size <= 3 * length:
        return at_most(descriptor, size, offset)
    starts = (0, (size - length) // 2, size - length)
    return b"".join(at_most(descriptor, length, offset + start) for start in starts)

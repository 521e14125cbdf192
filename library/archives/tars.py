"""TAR and CBT: headers of 512 bytes, walked one by one; a page is a stretch of the file.

Format: POSIX ustar and pax (IEEE Std 1003.1, pax), and GNU's long names.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from library.archives.book import Entry, Listing, Page
from library.archives.choosing import choose, samples
from library.archives.codes import unreadable
from library.archives.limits import Limits
from library.archives.naming import shown_name
from library.archives.opening import at_most, exactly, sample

_BLOCK = 512
_LONGEST_EXTRA = 1 << 20
_FILE, _LINKS, _FOLDER = b"\0 07", b"12", b"5"


def is_header(block: bytes) -> bool:
    """Whether this block's checksum is right, as that of every TAR header must be."""
    if len(block) < _BLOCK or not block[0]:
        return False
    plain = sum(block[:148]) + 8 * 0x20 + sum(block[156:_BLOCK])
    return _octal(block[148:156], lenient=True) == plain


def listing(descriptor: int, size: int, limits: Limits) -> Listing:
    """The book in this TAR file."""
    sign = partial(_signature, descriptor)
    return choose("tar", _entries(descriptor, size, limits), limits, sign)


def read(descriptor: int, page: Page) -> bytes:
    """The page's bytes. TAR has no checksum of them, so its header must still be there."""
    return read_head(descriptor, page, page.size)


def read_head(descriptor: int, page: Page, length: int) -> bytes:
    """The first bytes of a page."""
    if page.offset < _BLOCK:
        raise unreadable("damaged")
    block = exactly(descriptor, _BLOCK + min(length, page.size), page.offset - _BLOCK)
    if not is_header(block[:_BLOCK]) or _octal(block[124:136]) != page.size:
        raise unreadable("damaged")
    return block[_BLOCK:]


def _signature(descriptor: int, pages: Sequence[Page]) -> bytes:
    return samples((page.size, sample(descriptor, page.offset, page.size)) for page in pages)


def _entries(descriptor: int, size: int, limits: Limits) -> Iterator[Entry]:
    at, headers, longer = 0, 0, _Longer()
    while at + _BLOCK <= size:
        block = exactly(descriptor, _BLOCK, at)
        if not block[0]:
            return
        headers += 1
        if headers > 2 * limits.entries:
            raise unreadable("too_many_entries")
        if not is_header(block):
            raise unreadable("damaged")
        kind, data = block[156:157], at + _BLOCK
        length = longer.size if longer.size is not None else _octal(block[124:136])
        at = data + -(-length // _BLOCK) * _BLOCK
        if kind in b"xgLK":
            if kind in b"xL":
                longer.take(kind, at_most(descriptor, min(length, _LONGEST_EXTRA), data))
            continue
        name = shown_name(longer.name or _name(block), utf8=False)
        longer = _Longer()
        if kind in _FOLDER or name.endswith("/"):
            continue
        fault = "link" if kind in _LINKS else "" if kind in _FILE else "unsupported"
        if data + length > size:
            fault = fault or "truncated"
        yield Entry(name, data, length, length, 0, 0, fault)


class _Longer:
    """What a header in front says of the next one: a longer name, another size."""

    def __init__(self) -> None:
        self.name = b""
        self.size: int | None = None

    def take(self, kind: bytes, data: bytes) -> None:
        if kind == b"L":
            self.name = data.partition(b"\0")[0]
            return
        while data:
            length, _, record = data.partition(b" ")
            cut = int(length) - len(length) - 1
            if cut <= 0:
                raise unreadable("damaged")
            key, _, value = record[:cut].rstrip(b"\n").partition(b"=")
            data = record[cut:]
            if key == b"path":
                self.name = value
            elif key == b"size":
                self.size = int(value)


def _name(block: bytes) -> bytes:
    name = block[:100].partition(b"\0")[0]
    prefix = block[345:500].partition(b"\0")[0] if block[257:263] == b"ustar\0" else b""
    return prefix + b"/" + name if prefix else name


def _octal(field: bytes, *, lenient: bool = False) -> int:
    """A number as TAR writes it: octal digits, or (GNU) base 256 after a byte of 0x80."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    digits = field.partition(b"\0")[0].strip()
    if digits and digits.strip(b"01234567"):
        if lenient:
            return -1
        raise unreadable("damaged")
    return int(digits or b"0", 8)

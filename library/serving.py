"""One page's bytes for whoever shows it, the cheapest way its file allows.

Stored pages are one read of the file; deflated ones of a ZIP too, sent on as they lie there.
All of this is disk work: call it from threads.
"""

import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings

from kiremisu.lib.errors import Conflict, NotThere
from library import archives, scaling
from library.archives.codes import named_failures, unreadable
from library.archives.opening import at_most, exactly, opened
from library.books import Book
from library.images import sniff
from library.pagecache import PageCache

_LOCAL = struct.Struct("<4s22x2H")
# For the name and extra field of a ZIP's local header, whose lengths only the header tells.
_SLACK = 512
_STORED, _DEFLATED = 0, 8
# RFC 1952: deflate, no flags, no time, unknown system.
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
# How much of a deflated page to look at: its size may lie behind much else.
_LOOKS = (512, 64 << 10, 1 << 20)


@dataclass(frozen=True, slots=True)
class Piece:
    """A page ready to be sent. `zipped`: the body is gzip, to be declared as such."""

    body: bytes
    media_type: str
    zipped: bool = False


class Changed(Conflict):
    """The file is not the one that was indexed."""

    code = "changed"
    title = "The file has changed; it is being looked at again"


def cache() -> PageCache:
    """Where costly pages are kept."""
    return PageCache(settings.CACHE_DIR / "pages", settings.PAGE_CACHE_LIMIT)


def packs(book: Book, number: int) -> bool:
    """Whether this page lies deflated in its file, so that a client may get it as gzip."""
    return book.format == "zip" and book.page(number).method == _DEFLATED


def unpacks(book: Book, number: int) -> bool:
    """Whether the whole book must be unpacked to get at this page."""
    page = book.page(number)
    return book.format == "7z" or (book.format == "rar" and page.method != _STORED)


def direct(book: Book, number: int, gzip: bool) -> Piece:
    """A page by its place in the file. `gzip`: the client takes that.

    Raises Changed, and Unreadable.
    """
    page = book.page(number)
    with named_failures():
        if book.format == "folder":
            return shown(archives.read_page(book.path, "folder", [page], 1))
        with indexed(book) as descriptor:
            if book.format == "zip" and page.method in {_STORED, _DEFLATED}:
                packed = _local(descriptor, page)
                if page.method == _STORED:
                    return shown(_whole(packed, page))
                if gzip:
                    return _relabelled(packed, page)
            elif book.format == "tar" or (book.format == "rar" and page.method == _STORED):
                return shown(_whole(exactly(descriptor, page.size, page.offset), page))
        return shown(archives.read_page(book.path, book.format, [page], 1))


def open_file(book: Book) -> int:
    """A descriptor of the book's whole file, for the caller to close. Raises Changed,
    Unreadable, and NotThere for a folder of images."""
    if book.format == "folder":
        raise NotThere("This chapter is a folder of images; there is no one file.")
    with named_failures(), indexed(book) as descriptor:
        return os.dup(descriptor)


def check(book: Book, number: int) -> None:
    """Raises Changed, or Unreadable, when what a client has of this page may be right no more."""
    if book.format == "folder":
        direct(book, number, gzip=False)
        return
    with named_failures(), indexed(book):
        pass


@contextmanager
def indexed(book: Book) -> Iterator[int]:
    """A descriptor of the book's file, being the very one that was indexed. Raises Changed."""
    with opened(book.path) as (descriptor, size):
        if (size, os.fstat(descriptor).st_mtime_ns) != (book.size, book.mtime_ns):
            raise Changed
        yield descriptor


def _local(descriptor: int, page: archives.Page) -> bytes:
    """A ZIP's page as it lies there: header and data by one read where possible."""
    block = at_most(descriptor, _LOCAL.size + _SLACK + page.compressed, page.offset)
    if len(block) < _LOCAL.size or block[:4] != b"PK\3\4":
        raise unreadable("damaged")
    _, name, extra = _LOCAL.unpack_from(block)
    start = _LOCAL.size + name + extra
    data = block[start : start + page.compressed]
    if len(data) < page.compressed:
        data = exactly(descriptor, page.compressed, page.offset + start)
    return data


def _whole(data: bytes, page: archives.Page) -> bytes:
    """The page when it is what its archive says; not every archive does."""
    if page.crc32 and zlib.crc32(data) != page.crc32:
        raise unreadable("damaged")
    return data


def _relabelled(packed: bytes, page: archives.Page) -> Piece:
    """Raw deflate with a gzip's head and tail around it."""
    for length in _LOOKS:
        head = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, length)
        if (shape := sniff(head)) is None or shape.width is not None:
            break
    tail = struct.pack("<II", page.crc32, page.size & 0xFFFFFFFF)
    whole = b"".join((_GZIP_HEAD, packed, tail))
    return Piece(whole, archives.showable(shape).media_type, zipped=True)


def unpack(book: Book) -> None:
    """Unpack all pages of a book once. Raises Changed, Unreadable."""
    with named_failures(), indexed(book):
        size = sum(page.size for page in book.pages)
        cache().unpack(
            book.key,
            size,
            lambda folder: archives.extract_all(book.path, book.format, book.pages, folder),
        )


def unpacked(book: Book, number: int) -> Piece | None:
    """A page of a book that is being unpacked, None when it is not there yet. Raises Unreadable
    when it never will be."""
    # Before the look at the page, which may come between the two.
    is_over = cache().is_unpacked(book.key)
    data = cache().read(book.key, str(number))
    if data is None and is_over:
        raise unreadable("damaged")
    return None if data is None else shown(data)


def drawn(book: Book, number: int, width: int | None) -> bytes | None:
    """What `draw` made earlier, None when it has to be made."""
    return cache().read(book.key, _drawn_name(number, width))


def draw(book: Book, number: int, width: int | None) -> bytes:
    """A PDF's page as a picture, or another page made `width` wide; kept. Empty when the page
    is best sent as it is. Raises Changed, Unreadable."""
    made = drawn(book, number, width)
    if made is not None:
        # By another, between one's own look and one's turn.
        return made
    data = _rendered(book, number, width) if book.format == "pdf" else _scaled(book, number, width)
    cache().write(book.key, _drawn_name(number, width), data)
    return data


def _rendered(book: Book, number: int, width: int | None) -> bytes:
    with named_failures(), indexed(book):
        if width is None:
            return archives.read_page(book.path, "pdf", book.pages, number)
        return archives.render_page(book.path, book.pages, number, width)


def _scaled(book: Book, number: int, width: int | None) -> bytes:
    page = book.page(number)
    if width is None or (page.width is not None and page.width <= width):
        return b""
    if unpacks(book, number):
        return scaling.scaled(cache().path(book.key, str(number)), "image", page, width)
    if book.format != "folder":
        with named_failures(), indexed(book):
            return scaling.scaled(book.path, book.format, page, width)
    return scaling.scaled(book.path, book.format, page, width)


def _drawn_name(number: int, width: int | None) -> str:
    return f"{number}-{width or 'full'}"


def shown(data: bytes) -> Piece:
    """A whole picture as a piece. Raises Unreadable when it is none, or has too many pixels."""
    return Piece(data, archives.showable(sniff(data)).media_type)

"""One page's bytes for whoever shows it, the cheapest way its file allows.

Stored pages are one read of the file; deflated ones of a ZIP too, sent on as they lie there.
All of this is disk work: call it from threads.
"""

import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings

from kiremisu.lib.errors import Conflict, NotThere, Refused
from library import archives, scaling
from library.archives.codes import named_failures, unreadable
from library.archives.opening import at_most, exactly, opened
from library.books import Book
from library.images import Shape, sniff
from library.pagecache import PageCache

_LOCAL = struct.Struct("<4s22x2H")
HEADER = _LOCAL.size
# For the name and extra field of a ZIP's local header, whose lengths only the header tells.
_SLACK = 512
_STORED, _DEFLATED = 0, 8
# RFC 1952: deflate, no flags, no time, unknown system.
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
# How much of a deflated page to look at: its size may lie behind much else.
_LOOKS = (512, 64 << 10, 1 << 20)


@dataclass(frozen=True, slots=True)
class Piece:
    """A page ready to be sent, in parts. `zipped`: they are gzip, to be declared as such."""

    parts: Sequence[bytes]
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
        if lies_plain(book, page, gzip):
            with indexed(book) as descriptor:
                return plain(book, page, [_data(descriptor, book, page)])
        with indexed(book):
            return shown(archives.read_page(book.path, book.format, [page], 1))


def lies_plain(book: Book, page: archives.Page, gzip: bool) -> bool:
    """Whether the page can be sent as its bytes lie in the file. `gzip`: the client takes that."""
    match book.format:
        case "zip":
            return page.method == _STORED or (page.method == _DEFLATED and gzip)
        case "rar":
            return page.method == _STORED
        case form:
            return form == "tar"


def plain(book: Book, page: archives.Page, parts: Sequence[bytes]) -> Piece:
    """What lies in the file of a page that `lies_plain`, checked. Raises Unreadable."""
    if book.format != "zip" or page.method == _STORED:
        _check_whole(parts, page)
        return framed(book, page, parts, archives.showable(sniff(_head(parts))).media_type)
    return framed(book, page, parts, archives.showable(_shape_of_packed(_head(parts))).media_type)


def _shape_of_packed(data: bytes) -> Shape | None:
    """What a picture in raw deflate is, as little of it unpacked as tells. Raises Unreadable."""
    for length in _LOOKS:
        try:
            head = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, length)
        except zlib.error as error:
            raise unreadable("damaged") from error
        if (shape := sniff(head)) is None or shape.width is not None:
            break
    return shape


def framed(book: Book, page: archives.Page, parts: Sequence[bytes], media_type: str) -> Piece:
    """As it is sent: raw deflate with a gzip's head and tail around it."""
    if book.format != "zip" or page.method == _STORED:
        return Piece(parts, media_type)
    tail = struct.pack("<II", page.crc32, page.size & 0xFFFFFFFF)
    return Piece([_GZIP_HEAD, *parts, tail], media_type, zipped=True)


def header_length(header: bytes) -> int:
    """How long a ZIP's local header with name and extra field is, by its first HEADER bytes."""
    if len(header) < HEADER or header[:4] != b"PK\3\4":
        raise unreadable("damaged")
    name: int
    extra: int
    _, name, extra = _LOCAL.unpack_from(header)
    return HEADER + name + extra


def _head(parts: Sequence[bytes]) -> bytes:
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _check_whole(parts: Sequence[bytes], page: archives.Page) -> None:
    """Raises Unreadable when the page is not what its archive says; not every archive does."""
    found = 0
    for part in parts:
        found = zlib.crc32(part, found)
    if page.crc32 and found != page.crc32:
        raise unreadable("damaged")


def open_file(book: Book) -> int:
    """A descriptor of the book's whole file, for the caller to close. Raises Changed,
    Unreadable, and NotThere for a folder of images."""
    if book.format == "folder":
        raise NotThere("This chapter is a folder of images; there is no one file.")
    kept = -1
    try:
        with named_failures(), indexed(book) as descriptor:
            kept = os.dup(descriptor)
    except Refused:
        # Found out at the end of the block.
        if kept >= 0:
            os.close(kept)
        raise
    return kept


def check(book: Book, number: int) -> None:
    """Raises Changed, or Unreadable, when what a client has of this page may be right no more."""
    if book.format == "folder":
        direct(book, number, gzip=False)
        return
    with named_failures(), indexed(book):
        pass


@contextmanager
def indexed(book: Book) -> Iterator[int]:
    """A descriptor of the book's file, which is the very one that was indexed, there and
    untouched, from the beginning to the end of the block. Raises Changed."""
    with opened(book.path) as (descriptor, _):
        then = os.fstat(descriptor)
        if (then.st_size, then.st_mtime_ns) != (book.size, book.mtime_ns):
            raise Changed
        try:
            yield descriptor
        finally:
            # Whatever else went wrong in a file that is written to meanwhile, this is why.
            if _identity(os.stat(book.path)) != _identity(then):
                raise Changed


def _identity(of: os.stat_result) -> tuple[int, ...]:
    return of.st_dev, of.st_ino, of.st_size, of.st_mtime_ns


def _data(descriptor: int, book: Book, page: archives.Page) -> bytes:
    """A page as it lies there; of a ZIP header and data by one read where possible."""
    if book.format != "zip":
        return exactly(descriptor, page.size, page.offset)
    block = at_most(descriptor, HEADER + _SLACK + page.compressed, page.offset)
    start = header_length(block)
    data = block[start : start + page.compressed]
    if len(data) < page.compressed:
        data = exactly(descriptor, page.compressed, page.offset + start)
    return data


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
    return Piece([data], archives.showable(sniff(data)).media_type)

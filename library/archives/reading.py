"""Opening a book, reading one page, looking at a page's first bytes."""

import os
import stat
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace

from kiremisu.lib.errors import Unreadable
from library.archives import folders, pdfs, rars, sevenzips, tars, unpacking, zips
from library.archives.book import Listing, Page
from library.archives.codes import named_failures, unreadable
from library.archives.limits import LIMITS, Limits
from library.archives.opening import at_most, opened
from library.archives.recognise import HEAD, recognised
from library.images import SHOWN, Shape, sniff

_LOOKS = (4 << 10, 64 << 10, 1 << 20)  # how much of a page to look at, ever more


def open_book(path: str, limits: Limits = LIMITS) -> Listing:
    """What pages this file or image folder has; reads directories, never every page.

    Raises Unreadable with a code of `CODES`.
    """
    with named_failures():
        if stat.S_ISDIR(os.stat(path).st_mode):
            return folders.listing(path, limits)
        with opened(path) as (descriptor, size):
            if size == 0:
                raise unreadable("empty")
            form = recognised(at_most(descriptor, HEAD, 0))
            if form == "zip" or (not form and zips.has_end(descriptor, size)):
                return zips.listing(descriptor, size, limits)
            if form == "tar":
                return tars.listing(descriptor, size, limits)
            if form == "pdf":
                return pdfs.listing(path, descriptor, size, limits)
            if form == "rar":
                return rars.listing(descriptor, size, limits)
            if form == "7z":
                return sevenzips.listing(descriptor, limits)
        raise unreadable("not_an_archive")


def read_page(
    path: str, form: str, pages: Sequence[Page], number: int, limits: Limits = LIMITS
) -> bytes:
    """Page `number` (from 1), unpacked and checked; a PDF's is rendered.

    Raises Unreadable for this page alone: damaged, not_an_image, too_many_pixels …
    """
    with named_failures():
        page = _chosen(pages, number, limits)
        if form == "pdf":
            return pdfs.read(path, page, limits)
        data = _bytes(path, form, pages, page, limits)
        showable(sniff(data), limits)
        return data


def read_sidecar(path: str, book: Listing, limits: Limits = LIMITS) -> bytes:
    """The file that was found to tell of this book; nothing where there is none.

    Raises Unreadable for this file alone.
    """
    entry = book.sidecar
    if entry is None:
        return b""
    with named_failures():
        if entry.fault:
            raise unreadable(entry.fault)
        place = Page(*entry[:6])
        # It is worth no longer a wait than opening the book was.
        brief = replace(limits, tool_seconds=limits.tool_open_seconds)
        return _bytes(path, book.format, [place], place, brief)


def read_file(path: str, most: int) -> bytes:
    """Up to `most` bytes of a file that is no book, links not followed. Raises Unreadable."""
    with named_failures(), opened(path, follow=False) as (descriptor, _):
        return at_most(descriptor, most, 0)


def render_page(
    path: str, pages: Sequence[Page], number: int, width: int, limits: Limits = LIMITS
) -> bytes:
    """A PDF's page `number` (from 1) as a JPEG of this width, its long side within limits."""
    with named_failures():
        return pdfs.read(path, _chosen(pages, number, limits), limits, width)


def page_texts(path: str, first: int, limits: Limits = LIMITS) -> list[str]:
    """What some of a PDF's pages from number `first` (from 1) on say as text, each in one line,
    nothing where it is a picture. None behind the last page. Raises Unreadable."""
    with named_failures():
        return pdfs.texts(path, first, limits)


def measure(
    path: str, form: str, pages: Sequence[Page], number: int, limits: Limits = LIMITS
) -> Page:
    """The page with its media type, width and height, from its first bytes alone.

    Raises Unreadable when those bytes are no image, or one with too many pixels.
    """
    with named_failures():
        page = _chosen(pages, number, limits)
        if form == "pdf":
            return page
        shape = None
        for length in _LOOKS:
            shape = sniff(_head(path, form, pages, page, length=length, limits=limits))
            if shape is None or shape.width or length >= page.size:
                break
        return _shaped(page, shape, limits)


def measure_each(
    path: str, form: str, pages: Sequence[Page], numbers: Sequence[int], limits: Limits = LIMITS
) -> Iterator[tuple[int, Page | Unreadable]]:
    """`measure` for several pages: each number with its page, or with what is wrong with it.

    An archive that must be unpacked is so in one pass, its pages in the order they lie in.
    Raises Unreadable when that fails as a whole.
    """
    packed = _packed(form, pages, numbers, limits)
    for number in sorted(set(numbers) - packed.keys()):
        try:
            page = measure(path, form, pages, number, limits)
        except Unreadable as refusal:
            yield number, refusal
        else:
            yield number, page
    if packed:
        with (
            named_failures(),
            opened(path) as (descriptor, _),
            closing(unpacking.read_heads(descriptor, form, packed, _LOOKS[1], limits)) as heads,
        ):
            for number, head in heads:
                try:
                    page = _shaped(packed[number], sniff(head), limits)
                except Unreadable as refusal:
                    yield number, refusal
                else:
                    yield number, page


def read_each(
    path: str,
    form: str,
    pages: Sequence[Page],
    numbers: Sequence[int],
    *,
    width: int,
    limits: Limits = LIMITS,
) -> Generator[tuple[int, bytes | Unreadable]]:
    """`read_page` for several pages, as `measure_each` goes about it; a PDF's are rendered this
    wide. What was packed is not checked against its sum."""
    packed = _packed(form, pages, numbers, limits)
    for number in sorted(set(numbers) - packed.keys()):
        try:
            if form == "pdf":
                data = render_page(path, pages, number, width, limits)
            else:
                data = read_page(path, form, pages, number, limits)
        except Unreadable as refusal:
            yield number, refusal
        else:
            yield number, data
    if packed:
        most = limits.page_bytes
        with (
            named_failures(),
            opened(path) as (descriptor, _),
            closing(unpacking.read_heads(descriptor, form, packed, most, limits)) as found,
        ):
            for number, data in found:
                try:
                    showable(sniff(data), limits)
                except Unreadable as refusal:
                    yield number, refusal
                else:
                    yield number, data


def _packed(
    form: str, pages: Sequence[Page], numbers: Sequence[int], limits: Limits
) -> dict[int, Page]:
    """Those of the pages that come only by unpacking the archive."""
    chosen = {number: _chosen(pages, number, limits) for number in numbers}
    return {
        number: page
        for number, page in chosen.items()
        if form in {"rar", "7z"} and not unpacking.is_direct(form, page)
    }


def _shaped(page: Page, shape: Shape | None, limits: Limits) -> Page:
    shape = showable(shape, limits)
    return page._replace(media_type=shape.media_type, width=shape.width, height=shape.height)


def showable(shape: Shape | None, limits: Limits = LIMITS) -> Shape:
    """The shape, when a browser can show such an image; raises Unreadable otherwise."""
    if shape is None or shape.width == 0 or shape.height == 0:
        raise unreadable("not_an_image")
    if shape.media_type not in SHOWN:
        raise unreadable("unsupported")
    if (shape.width or 0) * (shape.height or 0) > limits.pixels:
        raise unreadable("too_many_pixels")
    return shape


def _chosen(pages: Sequence[Page], number: int, limits: Limits) -> Page:
    if not 1 <= number <= len(pages):
        raise unreadable("no_such_page")
    page = pages[number - 1]
    # The index may be older than the file, or edited: its sizes are bounded once more.
    if not (page.size <= limits.page_bytes and min(page.size, page.offset, page.compressed) >= 0):
        raise unreadable("too_large")
    return page


def extract_all(
    path: str, form: str, pages: Sequence[Page], into_folder: str, limits: Limits = LIMITS
) -> set[int]:
    """Unpack a RAR or 7z once: each whole page into a file of `into_folder` named by its number.

    The folder must exist. Returns the numbers written; a page that is damaged is not. What
    was written before a failure stays and is whole. Raises Unreadable.
    """
    with named_failures(), opened(path) as (descriptor, _):
        for number in range(1, len(pages) + 1):
            _chosen(pages, number, limits)
        return unpacking.extract(descriptor, form, pages, into_folder, limits)


def _bytes(path: str, form: str, pages: Sequence[Page], page: Page, limits: Limits) -> bytes:
    if form == "folder":
        return folders.read(path, page)
    with opened(path) as (descriptor, _):
        if form == "zip":
            return zips.read(descriptor, page)
        if form == "tar":
            return tars.read(descriptor, page)
        if form in {"rar", "7z"}:
            unique = _is_unique(pages, page)
            return unpacking.read(descriptor, form, page, limits, unique=unique)
    raise unreadable("unsupported")


def _head(
    path: str, form: str, pages: Sequence[Page], page: Page, *, length: int, limits: Limits
) -> bytes:
    if form == "folder":
        return folders.read_head(path, page, length)
    with opened(path) as (descriptor, _):
        if form == "zip":
            return zips.read_head(descriptor, page, length)
        if form == "tar":
            return tars.read_head(descriptor, page, length)
        if form in {"rar", "7z"}:
            unique = _is_unique(pages, page)
            return unpacking.read_head(descriptor, form, page, length, limits, unique=unique)
    raise unreadable("unsupported")


def _is_unique(pages: Sequence[Page], page: Page) -> bool:
    return sum(each.name == page.name for each in pages) == 1

"""Pages of RAR and 7z archives that only 7-Zip can unpack; stored RAR pages directly."""

import zlib
from collections.abc import Generator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from kiremisu.lib.children import Running
from kiremisu.lib.errors import Unreadable
from library.archives import tool
from library.archives.book import Page
from library.archives.codes import unreadable
from library.archives.limits import Limits
from library.archives.opening import exactly

_CHUNK = 1 << 20


def is_direct(form: str, page: Page) -> bool:
    """Whether the page is a plain stretch of the file."""
    return form == "rar" and page.method == 0


def read(descriptor: int, form: str, page: Page, limits: Limits, *, unique: bool) -> bytes:
    """The page's bytes, checked. `unique` says that no other page has its name."""
    if is_direct(form, page):
        return _checked(page, exactly(descriptor, page.size, page.offset))
    if unique:
        with suppress(Unreadable):  # 7-Zip may know it by another name: then by its place
            return _checked(page, _named(descriptor, form, page, limits, page.size + 1))
    return _checked(page, _placed(descriptor, form, page, limits, page.size))


def read_head(
    descriptor: int, form: str, page: Page, length: int, limits: Limits, *, unique: bool
) -> bytes:
    """The first bytes of the page."""
    length = min(length, page.size)
    if is_direct(form, page):
        return exactly(descriptor, length, page.offset)
    if unique:
        with suppress(Unreadable):
            found = _named(descriptor, form, page, limits, length)
            if len(found) == length:
                return found
    return _placed(descriptor, form, page, limits, length)


def read_heads(
    descriptor: int, form: str, pages: Mapping[int, Page], length: int, limits: Limits
) -> Generator[tuple[int, bytes]]:
    """The first bytes of several packed pages, by their numbers, in one pass."""
    with tool.unpacking(descriptor, form, limits, limits.extract_seconds) as found:
        at = 0
        for number, page in sorted(pages.items(), key=lambda one: one[1].offset):
            _skip(found, page.offset - at)
            head = found.read(min(length, page.size))
            at = page.offset + len(head)
            yield number, head


def extract(
    descriptor: int, form: str, pages: Sequence[Page], folder: str, limits: Limits
) -> set[int]:
    """Write each page that is whole to `folder`, as a file named by its number (from 1).

    The archive is unpacked once, in one pass. Returns the numbers written.
    """
    written: set[int] = set()
    packed = []
    for number, page in enumerate(pages, 1):
        if is_direct(form, page):
            with suppress(Unreadable):
                data = _checked(page, exactly(descriptor, page.size, page.offset))
                written.add(_kept(folder, number, data))
        else:
            packed.append((page.offset, number, page))
    if packed:
        with tool.unpacking(descriptor, form, limits, limits.extract_seconds) as found:
            at = 0
            for offset, number, page in sorted(packed, key=lambda one: one[:2]):
                _skip(found, offset - at)
                data, at = found.read(page.size), offset + page.size
                with suppress(Unreadable):
                    written.add(_kept(folder, number, _checked(page, data)))
    return written


def _kept(folder: str, number: int, data: bytes) -> int:
    part = Path(folder, f"{number}.part")
    try:
        part.write_bytes(data)
        part.replace(Path(folder, f"{number}"))
    finally:
        part.unlink(missing_ok=True)
    return number


def _named(descriptor: int, form: str, page: Page, limits: Limits, length: int) -> bytes:
    with tool.unpacking(descriptor, form, limits, limits.tool_seconds, page.name) as found:
        return found.read(length)


def _placed(descriptor: int, form: str, page: Page, limits: Limits, length: int) -> bytes:
    with tool.unpacking(descriptor, form, limits, limits.tool_seconds) as found:
        _skip(found, page.offset)
        return found.read(length)


def _skip(found: Running, length: int) -> None:
    while length > 0:
        skipped = len(found.read(min(length, _CHUNK)))
        if not skipped:
            raise unreadable("damaged")
        length -= skipped


def _checked(page: Page, data: bytes) -> bytes:
    if len(data) != page.size or (page.crc32 and zlib.crc32(data) != page.crc32):
        raise unreadable("damaged")
    return data

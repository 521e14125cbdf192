"""What each page of a chapter looks like: measured once, at the first opening."""

import time

from kiremisu.lib.errors import Unreadable
from library import archives
from library.archives.codes import OF_THE_FILE
from library.models import Chapter, PageIndex
from library.shapes import PageEntry, PageList

# Somebody waits for the page to open: what is not measured by then is measured next time.
PATIENCE = 2.0


def listed(chapter: Chapter) -> list[PageEntry]:
    """The pages as far as they are known; empty without an index."""
    index = PageIndex.objects.filter(chapter=chapter).first()
    return index.list.pages if index else []


def in_archive(entries: list[PageEntry]) -> tuple[archives.Page, ...]:
    """The same pages as `library.archives` takes them."""
    return tuple(
        archives.Page(
            name=entry.name,
            offset=entry.offset,
            compressed=entry.compressed,
            size=entry.size,
            method=entry.method,
            crc32=entry.crc32,
            media_type=entry.media_type,
            width=entry.width,
            height=entry.height,
        )
        for entry in entries
    )


def measured(chapter: Chapter, patience: float = PATIENCE) -> list[PageEntry]:
    """The pages with media type, width and height, from the first bytes of each.

    Those not known yet are read now and kept; what takes longer than `patience` seconds, or
    is no image, stays None (its `problem` says why). `chapter.library` is to be loaded.
    Raises Unreadable when the file as a whole is not to be had.
    """
    index = PageIndex.objects.filter(chapter=chapter).first()
    if index is None:
        return []
    pages = index.list.pages
    missing = [n for n, entry in enumerate(pages, 1) if not (entry.width or entry.problem)]
    if not missing:
        return pages
    before = index.raw_pages
    _measure(chapter, pages, missing, patience)
    index.list = PageList(pages=pages)
    # A scan may have written a newer index meanwhile: then that one stands.
    PageIndex.objects.filter(pk=index.pk, raw_pages=before).update(raw_pages=index.raw_pages)
    return pages


def _measure(chapter: Chapter, pages: list[PageEntry], missing: list[int], patience: float) -> None:
    until = time.monotonic() + patience
    plain = in_archive(pages)
    for number, page in archives.measure_each(chapter.file, chapter.format, plain, missing):
        entry = pages[number - 1]
        if not isinstance(page, Unreadable):
            entry.media_type, entry.width, entry.height = page.media_type, page.width, page.height
        elif page.code in OF_THE_FILE:
            raise page
        else:
            entry.problem = page.code
        if time.monotonic() > until:
            break

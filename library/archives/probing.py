"""A short answer on any path: does it open as a book, and with how many pages?"""

import os
import stat
from dataclasses import dataclass
from time import monotonic

from kiremisu.lib.errors import Unreadable
from library.archives.book import Listing
from library.archives.codes import named_failures, unreadable
from library.archives.reading import open_book, read_page
from library.archives.shelves import Shelf

_LOOK_SECONDS = 3.0  # into pages, for all books of one answer
_DIRECT = {"zip", "tar", "folder"}  # formats of which any page is at hand at once


@dataclass(frozen=True, slots=True)
class Probe:
    """What `manage.py probe` prints of a path. `code` and `detail` are None when readable."""

    file: str
    status: str
    code: str | None
    detail: str | None
    format: str | None
    pages: int
    skipped: int


def probe(path: str) -> Probe:
    """Open a file or image folder as the scanner would, and look into its pages.

    A folder of books answers once: readable if one of them is, pages summed. Links inside a
    folder are never followed. Pages that turn out unreadable count as skipped.
    """
    until = monotonic() + _LOOK_SECONDS
    try:
        with named_failures():
            if stat.S_ISDIR(os.stat(path).st_mode):
                return _shelf(path, until)
            return _answer(path, *_looked(path, until))
    except Unreadable as error:
        return Probe(path, "error", error.code, error.detail, None, 0, 0)


def _looked(path: str, until: float) -> tuple[Listing, int]:
    """The listing, and how many of its pages cannot be read."""
    listing, bad, last = open_book(path), 0, unreadable("no_pages")
    if listing.format in _DIRECT:
        for number in range(1, len(listing.pages) + 1):
            if monotonic() > until:
                break
            try:
                read_page(path, listing.format, listing.pages, number)
            except Unreadable as error:
                bad, last = bad + 1, error
    if bad == len(listing.pages):
        raise last
    return listing, bad


def _answer(path: str, listing: Listing, bad: int) -> Probe:
    pages = len(listing.pages) - bad
    return Probe(path, "readable", None, None, listing.format, pages, listing.skipped + bad)


def _shelf(path: str, until: float) -> Probe:
    shelf, opened = Shelf(path), []
    faults: list[Unreadable] = []
    for book in shelf.books():
        try:
            opened.append(_looked(book, until))
        except Unreadable as error:
            faults.append(error)
    if not opened:
        raise faults[0] if faults else unreadable("no_pages")
    forms = {listing.format for listing, _ in opened}
    bad = sum(bad for _, bad in opened)
    return Probe(
        path,
        *("readable", None, None),
        forms.pop() if len(forms) == 1 else "mixed",
        sum(len(listing.pages) for listing, _ in opened) - bad,
        sum(listing.skipped for listing, _ in opened) + bad + len(faults) + shelf.left_out,
    )

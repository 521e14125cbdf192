"""What lies within a book and tells of it, or beside it."""

from collections.abc import Iterator
from contextlib import contextmanager

from kiremisu.lib.errors import Unreadable
from library.archives import LIMITS, Limits, Listing, read_file, read_sidecar
from library.sidecars.reading import KINDS, Misread, tell, tell_of_pdf
from library.sidecars.told import Source, Told

# What keeps an archive from giving it up: the codes of both that mean the same.
_CODES = {
    "empty": "empty",
    "too_large": "too_large",
    "bomb": "too_large",
    "gone": "unreadable",
    "unreadable": "unreadable",
    "no_permission": "unreadable",
}


def told_inside(path: str, book: Listing, limits: Limits = LIMITS) -> Told | None:
    """What the ComicInfo.xml in a book says, or a PDF of itself; None where there is nothing.

    Reads the book once more where there is such a file, and else not. Raises Misread.
    """
    if book.format == "pdf":
        told = tell_of_pdf(book.title, book.author)
        return told if told.facts or any(told.about) else None
    if book.sidecar is None:
        return None
    with _misread("packed_badly"):
        data = read_sidecar(path, book, limits)
    return tell(Source.COMICINFO, data, limits)


def told_beside(path: str, limits: Limits = LIMITS) -> Told:
    """What a file in a folder says, which is of the kind that its name tells. Raises Misread."""
    with _misread("unreadable"):
        data = read_file(path, limits.sidecar_bytes + 1)
    return tell(KINDS[path.rpartition("/")[2].lower()], data, limits)


@contextmanager
def _misread(otherwise: str) -> Iterator[None]:
    try:
        yield
    except Unreadable as error:
        code = _CODES.get(error.code)
        raise (Misread(code) if code else Misread(otherwise, error.detail)) from error

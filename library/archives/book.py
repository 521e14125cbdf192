"""What a book is once opened: its pages in reading order, and where each one lies."""

from dataclasses import dataclass
from typing import NamedTuple


class Page(NamedTuple):
    """One page and where its bytes are.

    `offset` is, by format: zip – of the local header; tar – of the data; rar – of the
    data when `method` is 0, else as in 7z; 7z – within the unpacked bytes of all files, in
    the archive's order; pdf – the page's index; folder – 0, the name is the file's.
    `crc32` is 0 where the format has none (tar, folder, pdf).
    """

    name: str
    offset: int
    compressed: int
    size: int
    method: int
    crc32: int
    media_type: str | None = None
    width: int | None = None
    height: int | None = None


class Entry(NamedTuple):
    """A file inside an archive, as its directory tells; `fault` is a code, or nothing."""

    name: str
    offset: int
    compressed: int
    size: int
    method: int
    crc32: int
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """An opened book. `skipped` counts entries left out that look like pages or litter;
    `sidecar` is its ComicInfo.xml; `title` and `author` are what a PDF names itself."""

    format: str
    pages: tuple[Page, ...]
    skipped: int
    signature: bytes
    solid: bool = False
    sidecar: Entry | None = None
    title: str = ""
    author: str = ""

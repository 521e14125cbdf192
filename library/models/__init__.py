"""What we have: libraries, series, chapters, and the contents they hold."""

from library.models.chapters import NO_NUMBER, NO_VOLUME, Chapter, PageIndex
from library.models.contents import Content
from library.models.libraries import Access, Library
from library.models.series import Series

__all__ = [
    "NO_NUMBER",
    "NO_VOLUME",
    "Access",
    "Chapter",
    "Content",
    "Library",
    "PageIndex",
    "Series",
]

"""What we have: libraries, series, chapters, and the contents they hold."""

from library.models.chapters import NO_NUMBER, NO_VOLUME, Chapter, ChapterQuery, PageIndex
from library.models.contents import Content
from library.models.libraries import Access, Library, LibraryQuery
from library.models.series import Series, SeriesQuery
from library.models.titles import TitleForm, TitleFormQuery, TitleWord

__all__ = [
    "NO_NUMBER",
    "NO_VOLUME",
    "Access",
    "Chapter",
    "ChapterQuery",
    "Content",
    "Library",
    "LibraryQuery",
    "PageIndex",
    "Series",
    "SeriesQuery",
    "TitleForm",
    "TitleFormQuery",
    "TitleWord",
]

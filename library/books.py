"""Chapters as their files lie on disk, kept in memory so that a page needs no query."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from uuid import UUID

from kiremisu.lib.errors import NotThere, Unreadable
from library import archives, scanning
from library.models import Chapter, Library, PageIndex
from library.pages import in_archive
from library.shelving import readable

# Pages remembered by one process, over all books: about 200 bytes each.
_MOST_PAGES = 200_000


@dataclass(frozen=True, slots=True)
class Book:
    """A chapter's file as it was indexed. `key` is its content's, for caches and ETags."""

    library_id: UUID
    key: str
    path: str
    format: str
    size: int
    mtime_ns: int
    pages: tuple[archives.Page, ...]

    def page(self, number: int) -> archives.Page:
        """Page `number`, from 1. Raises NotThere."""
        if not 1 <= number <= len(self.pages):
            raise NotThere("The chapter has no such page.")
        return self.pages[number - 1]


def load(chapter_id: UUID) -> Book:
    """The book as the database knows it now. Raises NotThere, Unreadable."""
    chapter = Chapter.objects.filter(pk=chapter_id).select_related("library", "content").first()
    if chapter is None:
        raise NotThere("This chapter is not here any more.")
    content = readable(chapter)
    index = PageIndex.objects.filter(pk=chapter_id).first()
    if index is None:
        raise Unreadable("The pages of this file are not known yet.", code="not_indexed")
    return Book(
        library_id=chapter.library_id,
        key=content.key,
        path=chapter.file,
        format=chapter.format,
        size=chapter.size,
        mtime_ns=chapter.mtime_ns,
        pages=in_archive(index.list.pages),
    )


class Books:
    """The books last used, by chapter; those not used for longest go first."""

    def __init__(self, most_pages: int = _MOST_PAGES) -> None:
        self._most = most_pages
        self._pages = 0
        self._lock = threading.Lock()
        self._books: OrderedDict[UUID, Book] = OrderedDict()

    def get(self, chapter_id: UUID) -> Book | None:
        with self._lock:
            book = self._books.get(chapter_id)
            if book is not None:
                self._books.move_to_end(chapter_id)
            return book

    def put(self, chapter_id: UUID, book: Book) -> None:
        self.drop(chapter_id)
        with self._lock:
            self._books[chapter_id] = book
            self._pages += len(book.pages)
            while self._pages > self._most and len(self._books) > 1:
                _, oldest = self._books.popitem(last=False)
                self._pages -= len(oldest.pages)

    def drop(self, chapter_id: UUID) -> None:
        with self._lock:
            book = self._books.pop(chapter_id, None)
            if book is not None:
                self._pages -= len(book.pages)


def look_again(library_id: UUID) -> None:
    """Have the library scanned: one of its files is not what was indexed."""
    library = Library.objects.filter(pk=library_id).first()
    if library is not None:
        scanning.request(library)

"""Books remembered by a process."""

from uuid import uuid4

import pytest

from kiremisu.lib.errors import NotThere, Unreadable
from library import archives, books
from library.books import Book, Books
from library.models import Chapter, Library, PageIndex
from tests.factories import make_chapter, make_series

pytestmark = pytest.mark.quick


def book(pages: int) -> Book:
    page = archives.Page("1.png", 0, 0, 0, 0, 0)
    return Book(uuid4(), "0" * 32, "/nowhere", "zip", 0, 0, (page,) * pages)


def test_the_books_not_used_for_longest_are_forgotten() -> None:
    kept, ids = Books(most_pages=10), [uuid4() for _ in range(3)]
    for each in ids[:2]:
        kept.put(each, book(5))
    kept.get(ids[0])
    kept.put(ids[2], book(5))
    assert [kept.get(each) is not None for each in ids] == [True, False, True]


def test_a_book_is_known_once_however_often_it_is_put() -> None:
    kept, same = Books(most_pages=10), uuid4()
    other = uuid4()
    kept.put(other, book(5))
    for _ in range(9):
        kept.put(same, book(5))
    assert kept.get(other) is not None


def test_one_book_of_many_pages_is_kept() -> None:
    kept, one = Books(most_pages=10), uuid4()
    kept.put(one, book(50))
    assert kept.get(one) is not None
    kept.drop(one)
    kept.drop(one)
    assert kept.get(one) is None


@pytest.mark.parametrize("number", [0, -1, 6])
def test_a_page_that_is_not_there_is_not_there(number: int) -> None:
    with pytest.raises(NotThere):
        book(5).page(number)


def test_a_chapter_is_a_book(private: Library) -> None:
    chapter = make_chapter(make_series(private), pages=3)
    found = books.load(chapter.pk)
    assert (found.path, len(found.pages)) == (chapter.file, 3)
    assert chapter.content is not None
    assert found.key == chapter.content.key


def test_a_chapter_that_is_gone_is_no_book(db: None) -> None:
    with pytest.raises(NotThere):
        books.load(uuid4())


def test_a_chapter_without_an_index_cannot_be_read(private: Library) -> None:
    chapter = make_chapter(make_series(private))
    PageIndex.objects.all().delete()
    with pytest.raises(Unreadable) as caught:
        books.load(chapter.pk)
    assert caught.value.code == "not_indexed"


def test_a_chapter_that_cannot_be_read_is_no_book(private: Library) -> None:
    chapter = make_chapter(make_series(private), problem="locked")
    Chapter.objects.update(content=None)
    with pytest.raises(Unreadable) as caught:
        books.load(chapter.pk)
    assert caught.value.code == "locked"


def test_a_file_that_changed_has_its_library_scanned(private: Library) -> None:
    books.look_again(private.pk)
    books.look_again(private.pk)
    books.look_again(uuid4())

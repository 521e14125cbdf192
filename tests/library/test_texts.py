"""What the pages of PDFs say: read by a job, found by search."""

import os
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job
from kiremisu.jobs.running import Work
from kiremisu.lib.errors import Unavailable
from library import archives, tasks, texts
from library.archives import pdfs
from library.finding import texts as finding
from library.models import Access, Content, PageText
from tests.asking import Asker
from tests.files import make_pdf
from tests.library.scanning.conftest import shelf
from tests.library.scanning.driving import Shelf

__all__ = ["shelf"]


def make_text(path: Path, said: dict[int, str], count: int = 9) -> Path:
    """A PDF whose pages say this."""
    document: Any = pymupdf.open()  # type: ignore[no-untyped-call] # it is half typed
    with document:
        for number in range(1, count + 1):
            document.new_page().insert_textbox((50, 50, 550, 700), said.get(number, ""))
        document.save(os.fspath(path))
    return path


def read_all(shelf: Shelf, work: Work | None = None, most: int = 100) -> None:
    """What the job does, until it is stopped after so many steps."""
    work = work or Work(Job(kind="texts", subject=shelf.library.pk))
    for _, step in zip(range(most), tasks.read_texts(work), strict=False):
        assert step.apply
        with transaction.atomic():
            step.apply()


@pytest.fixture
def book(shelf: Shelf) -> Shelf:
    """Its page 7 tells of a lighthouse."""
    told = "The keeper of the light-\nhouse waits for Zoë."
    make_text(shelf.root / "Salt Road v01.pdf", {2: "Nothing yet", 7: told})
    shelf.scan()
    return shelf


def found(user: User, q: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = Asker(user).get("search", q=q)["texts"]
    return told


def test_a_word_on_page_7_is_found_and_its_link_opens_that_page(
    book: Shelf, bob: User, client: Client
) -> None:
    assert Job.objects.filter(kind="texts", subject=book.library.pk).count() == 1
    read_all(book)
    chapter = book.at("Salt Road v01.pdf")

    (hit,) = found(bob, "zoe LIGHTHOU")

    assert (hit["page"], hit["chapter"]["id"]) == (7, str(chapter.pk))
    assert hit["matched"]["text"] == "The keeper of the lighthouse waits for Zoë."
    assert hit["matched"]["marks"] == [[18, 28], [39, 42]]
    client.force_login(bob)
    page = client.get("/search", {"q": "lighthouse"}).content.decode()
    assert f'href="/read/{chapter.pk}/7"' in page
    assert "of the <mark>lighthouse</mark> waits" in page
    assert 'alt="Page 7"' in client.get(f"/read/{chapter.pk}/7").content.decode()


def test_only_who_may_see_the_book_finds_its_words(
    book: Shelf, bob: User, charlie: User, alice: User
) -> None:
    read_all(book)
    book.library.open_to_all = False
    book.library.save()
    Access.objects.create(library=book.library, user=bob)
    assert [len(found(user, "lighthouse")) for user in (alice, bob, charlie)] == [1, 1, 0]


def test_what_is_gone_is_not_found_until_it_comes_back(book: Shelf, bob: User) -> None:
    read_all(book)
    chapters = book.library.chapters
    chapters.update(missing_since=timezone.now())
    assert found(bob, "lighthouse") == []
    chapters.update(missing_since=None)
    assert len(found(bob, "lighthouse")) == 1


def test_a_scan_asks_once_for_what_was_not_read(book: Shelf) -> None:
    make_pdf(book.root / "drawn.pdf")
    book.scan()
    read_all(book)
    assert not texts.pending(book.library).exists()
    Job.objects.all().delete()
    book.scan()
    assert not Job.objects.filter(kind="texts").exists()
    book.scan(full=True)
    assert [chapter.path for chapter in texts.pending(book.library)] == ["drawn.pdf"]


def test_a_broken_book_is_passed_over(book: Shelf, bob: User) -> None:
    make_text(book.root / "A v01.pdf", {1: "A lighthouse as well"})
    book.scan()
    (book.root / "A v01.pdf").write_bytes(b"%PDF-1.7\n" * 50)
    read_all(book)
    assert [hit["page"] for hit in found(bob, "lighthouse")] == [7]
    assert not Content.objects.filter(text_read=None).exists()


def test_while_the_disk_is_away_nothing_is_marked_as_read(book: Shelf) -> None:
    book.root.rename(book.root.with_name("away"))
    with pytest.raises(Unavailable):
        read_all(book)
    assert texts.pending(book.library).exists()


def test_the_job_goes_on_where_it_was(
    book: Shelf, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdfs, "_TEXTS", 3)
    work, asked = Work(Job(kind="texts", subject=book.library.pk)), []
    read_all(book, work, most=2)
    assert PageText.objects.count() == 1
    read = archives.page_texts

    def noted(path: str, first: int) -> list[str]:
        asked.append(first)
        return read(path, first)

    monkeypatch.setattr(texts, "page_texts", noted)
    read_all(book, work)
    assert asked == [7]
    assert len(found(bob, "lighthouse")) == 1


def test_of_one_book_no_more_is_kept_than_its_share(
    book: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdfs, "_TEXTS", 1)
    make_text(book.root / "Long v01.pdf", dict.fromkeys(range(1, 10), "word " * 30))
    book.scan()
    long = book.at("Long v01.pdf")
    place = texts.Place(3, 4_999_900)
    assert texts.read(long, place).is_last
    assert texts.read(long, texts.Place(3, seconds=300)).is_last
    assert not texts.read(long, texts.Place(3)).is_last


def test_pages_are_looked_for_along_an_index(book: Shelf, bob: User) -> None:
    content = book.at("Salt Road v01.pdf").content
    assert content is not None
    said = ["The keeper waits"] * 2000
    texts.record(texts.Part(content, texts.Place(), said, texts.Place(), is_last=True))
    asked, values = finding._question(bob, "'the'", 9)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE library_pagetext")
        cursor.execute(f"EXPLAIN {asked}", values)
        assert "texts_words" in "\n".join(line for (line,) in cursor.fetchall())


def test_a_search_asks_for_no_chapter_before_a_page_has_the_words(book: Shelf, bob: User) -> None:
    """In a library without PDFs that would go through all chapters, each time."""
    statement, values = finding._question(bob, "'road'", 5)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}", values)
        assert "One-Time Filter" not in "\n".join(line for (line,) in cursor.fetchall())

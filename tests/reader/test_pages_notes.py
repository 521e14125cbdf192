"""The notes page: what stands on it, changing it, taking it along."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kiremisu.accounts.models import User
from library.models import Access, Chapter, Content, Library
from reader import notes
from reader.models import Bookmark, Note
from tests.factories import make_chapter, make_series
from tests.reader.markup import Markup


@pytest.fixture
def chapter(private: Library) -> Chapter:
    return make_chapter(make_series(private), "41")


@pytest.fixture
def content(chapter: Chapter) -> Content:
    assert chapter.content is not None
    return chapter.content


@pytest.fixture
def note(bob: User, content: Content) -> Note:
    return notes.write(bob, content, 3, "Nobody leaves\na boat.", ["ferry"])


@pytest.fixture
def marked(bob: User, content: Content) -> Bookmark:
    return notes.bookmark(bob, content, 7)


@pytest.fixture
def asks(client: Client, bob: User) -> Client:
    client.force_login(bob)
    return client


def seen(client: Client, query: str = "") -> list[Any]:
    groups = client.get(f"/notes{query}").context["listing"].groups
    return [entry.mark for _, entries in groups for entry in entries]


def test_notes_and_bookmarks_stand_under_their_series(
    asks: Client, note: Note, marked: Bookmark, chapter: Chapter
) -> None:
    page = Markup(asks.get("/notes"))

    assert "2 notes and bookmarks" in page.text
    assert "Salt Road Diary" in page.text
    assert "Nobody leaves" in page.text
    assert {f"/read/{chapter.pk}/3", f"/read/{chapter.pk}/7"} <= set(page.links())
    assert [image["width"] for image in page.all("img")] == ["56", "56"]
    assert page.inline_scripts == 0
    assert seen(asks) == [note, marked]


def test_the_navigation_leads_there(asks: Client, bob: User) -> None:
    page = Markup(asks.get("/notes"))

    assert "/notes" in page.links()
    assert "No notes yet" in page.text


def test_it_is_narrowed_by_series_tag_and_day(
    asks: Client, bob: User, note: Note, marked: Bookmark, chapter: Chapter
) -> None:
    other = make_chapter(make_series(chapter.library, "Tin Comet")).content
    assert other is not None
    comet = notes.write(bob, other, 1, "A comet")

    assert seen(asks) == [comet, note, marked]
    assert seen(asks, f"?series={chapter.series_id}") == [note, marked]
    assert seen(asks, "?tag=ferry") == [note]
    assert seen(asks, "?since=2099-01-01") == []
    assert seen(asks, "?since=2020-01-01&page=9") == [comet, note, marked]
    assert seen(asks, "?since=x&series=x&page=x") == [comet, note, marked]
    assert "Nothing left" in asks.get("/notes?tag=none").content.decode()


def test_there_are_pages_of_them(
    asks: Client, bob: User, content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reader.notepages.PER_PAGE", 2)
    for page in range(1, 6):
        notes.bookmark(bob, content, page)

    assert [mark.page for mark in seen(asks)] == [4, 5]
    assert [mark.page for mark in seen(asks, "?page=2")] == [2, 3]
    links = Markup(asks.get("/notes?page=2")).links()
    assert {"?", "?page=3"} <= set(links)


def test_it_takes_as_many_questions_however_many_there_are(
    asks: Client,
    bob: User,
    content: Content,
    note: Note,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for page in range(1, 12):
        notes.bookmark(bob, content, page)
        notes.write(bob, content, page, "x")
    with django_assert_num_queries(9):
        assert len(seen(asks)) == 23


def test_a_note_is_changed_there(asks: Client, note: Note) -> None:
    body = {"text": "Somebody does.", "tags": "ferry, , salt", "at": "?tag=ferry"}
    answer = asks.post(f"/notes/{note.pk}", body)

    note.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (302, "/notes?tag=ferry")
    assert (note.text, note.tags) == ("Somebody does.", ["ferry", "salt"])
    assert asks.post(f"/notes/{note.pk}", {"text": ""}).status_code == 422


@pytest.mark.parametrize("at", ["", "//elsewhere", "https://elsewhere", "\\x"])
def test_both_are_taken_away_there(asks: Client, note: Note, marked: Bookmark, at: str) -> None:
    answer = asks.post(f"/notes/{note.pk}", {"act": "erase", "at": at})
    assert answer["Location"] == "/notes"
    asks.post(f"/bookmarks/{marked.pk}", {"at": at})

    assert not Note.objects.exists()
    assert not Bookmark.objects.exists()


def test_notes_are_taken_along_as_markdown(asks: Client, note: Note, marked: Bookmark) -> None:
    answer = asks.get("/notes/kiremisu-notes.md")

    assert answer["Content-Type"].startswith("text/markdown")
    assert answer.content.decode() == (
        "# Notes\n\n## Salt Road Diary\n\n"
        "### Chapter 41, page 3 `ferry`\n\n> Nobody leaves\n> a boat.\n\n"
        "### Chapter 41, page 7\n\nBookmark\n"
    )


def test_notes_are_taken_along_as_json(asks: Client, note: Note, marked: Bookmark) -> None:
    told = json.loads(asks.get("/notes/kiremisu-notes.json?tag=ferry").content)

    assert [each["text"] for each in told["notes"]] == ["Nobody leaves\na boat."]
    assert told["bookmarks"] == []
    assert asks.get("/notes/kiremisu-notes.exe").status_code == 404


def test_a_stranger_sees_and_changes_nothing(
    client: Client, alice: User, charlie: User, note: Note, marked: Bookmark
) -> None:
    for user in (alice, charlie):
        client.force_login(user)
        assert seen(client) == []
        assert json.loads(client.get("/notes/kiremisu-notes.json").content)["notes"] == []
        assert client.post(f"/notes/{note.pk}", {"act": "erase"}).status_code == 404
        assert client.post(f"/bookmarks/{marked.pk}").status_code == 404
        assert client.get(f"/notes?series={uuid4()}").status_code == 200
    client.logout()
    assert client.get("/notes").status_code == 302
    assert client.get("/notes/kiremisu-notes.md").status_code == 302
    assert Note.objects.count() == Bookmark.objects.count() == 1


def test_what_may_no_longer_be_opened_is_not_named(
    asks: Client, note: Note, marked: Bookmark
) -> None:
    Access.objects.all().delete()

    page = asks.get("/notes")
    assert seen(asks) == []
    assert "Salt Road Diary" not in page.content.decode()


def test_the_reader_is_told_of_both(
    asks: Client, note: Note, marked: Bookmark, chapter: Chapter
) -> None:
    told = asks.get(f"/read/{chapter.pk}?as=data").json()

    assert told["bookmarks"] == [7]
    assert told["notes"] == [{"id": str(note.pk), "page": 3, "text": note.text, "tags": ["ferry"]}]

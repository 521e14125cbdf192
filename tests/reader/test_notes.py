"""Bookmarks and notes, over the API and when a file is replaced."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from pytest_django import DjangoAssertNumQueries

from kiremisu.accounts.models import User
from kiremisu.lib.errors import Conflict, Invalid
from library.models import Access, Chapter, Content, Library
from reader import notes
from reader.models import Bookmark, Note
from tests.asking import Asker
from tests.factories import make_chapter, make_content, make_library, make_series


@pytest.fixture
def chapter(private: Library) -> Chapter:
    return make_chapter(make_series(private), "41")


@pytest.fixture
def content(chapter: Chapter) -> Content:
    assert chapter.content is not None
    return chapter.content


@pytest.fixture
def note(bob: User, content: Content) -> Note:
    return notes.write(bob, content, 3, "Same framing as the ferry.", ["ferry"])


def write(user: User, chapter: Chapter, status: int = 201, **body: Any) -> Any:
    return Asker(user).post(f"chapters/{chapter.pk}/notes", body, status)


def test_a_note_is_written_beside_a_page(bob: User, chapter: Chapter) -> None:
    told = write(bob, chapter, page=3, text=" Nobody leaves a boat. ", tags=["ferry", "ferry"])

    assert (told["page"], told["text"], told["tags"]) == (3, "Nobody leaves a boat.", ["ferry"])
    assert (told["chapter"], told["chapter_label"]) == (str(chapter.pk), "Chapter 41")
    assert (told["series"], told["series_title"]) == (str(chapter.series_id), "Salt Road Diary")
    assert Asker(bob).get(f"notes/{told['id']}") == told
    assert Asker(bob).get(f"chapters/{chapter.pk}/notes")["items"] == [told]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"page": 3},
        {"page": 3, "text": " "},
        {"page": 3, "text": "x" * 10_001},
        {"page": 0, "text": "x"},
        {"page": 13, "text": "x"},
        {"page": 3, "text": "x", "tags": ["x" * 65]},
        {"page": 3, "text": "x", "tags": [str(n) for n in range(21)]},
        {"page": 3, "text": "x", "colour": "red"},
    ],
)
def test_a_note_that_cannot_be_is_refused(
    bob: User, chapter: Chapter, body: dict[str, Any]
) -> None:
    write(bob, chapter, 422, **body)
    assert not Note.objects.exists()


def test_a_note_is_changed_where_named_and_erased(bob: User, note: Note) -> None:
    path = f"notes/{note.pk}"
    told = Asker(bob).patch(path, {"text": "As in chapter 9."})
    assert (told["text"], told["tags"], told["page"]) == ("As in chapter 9.", ["ferry"], 3)
    told = Asker(bob).patch(path, {"tags": [], "page": 5})
    assert (told["text"], told["tags"], told["page"]) == ("As in chapter 9.", [], 5)
    Asker(bob).delete(path)
    Asker(bob).get(path, 404)


@pytest.mark.parametrize("body", [{"text": " "}, {"page": 13}, {"page": None}, {"user": "x"}])
def test_nonsense_changes_no_note(bob: User, note: Note, body: dict[str, Any]) -> None:
    Asker(bob).patch(f"notes/{note.pk}", body, 422)


def test_notes_are_asked_for_by_series_tag_words_and_time(
    bob: User, note: Note, chapter: Chapter
) -> None:
    other = make_chapter(make_series(chapter.library, "Tin Comet"))
    write(bob, other, page=1, text="A comet")

    def found(**query: Any) -> list[str]:
        return [each["text"] for each in Asker(bob).get("notes", **query)["items"]]

    assert found() == ["A comet", note.text]
    assert found(series=chapter.series_id) == [note.text]
    assert found(tag="ferry") == [note.text]
    assert found(tag="fer") == []
    assert found(search="COMET") == ["A comet"]
    assert found(since="2099-01-01T00:00:00Z") == []
    assert len(found(until="2099-01-01T00:00:00Z")) == 2
    assert found(page=2) == []
    Asker(bob).get("notes", 422, series="x")


def test_a_list_of_notes_costs_the_same_however_long(
    bob: User, chapter: Chapter, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    asker = Asker(bob)
    for page in range(1, 13):
        write(bob, chapter, page=page, text="x")
    with django_assert_num_queries(5):
        assert asker.get("notes")["total"] == 12
    with django_assert_num_queries(5):
        assert asker.get(f"chapters/{chapter.pk}/notes")["total"] == 12


def test_a_page_is_bookmarked_once_and_let_go(bob: User, chapter: Chapter) -> None:
    path = f"chapters/{chapter.pk}/bookmarks"
    marked = Asker(bob).put(f"{path}/7")
    assert Asker(bob).put(f"{path}/7") == marked
    Asker(bob).put(f"{path}/2")
    assert [each["page"] for each in Asker(bob).get(path)] == [2, 7]
    Asker(bob).delete(f"{path}/7")
    Asker(bob).delete(f"{path}/7")
    assert [each["page"] for each in Asker(bob).get(path)] == [2]


@pytest.mark.parametrize("page", [0, 13])
def test_a_page_that_is_not_there_is_not_bookmarked(bob: User, chapter: Chapter, page: int) -> None:
    Asker(bob).put(f"chapters/{chapter.pk}/bookmarks/{page}", status=422)


def test_what_cannot_be_read_takes_neither(bob: User, chapter: Chapter) -> None:
    Chapter.objects.update(content=None, problem="locked")
    assert write(bob, chapter, 422, page=1, text="x")["code"] == "locked"
    Asker(bob).put(f"chapters/{chapter.pk}/bookmarks/1", status=422)
    Asker(bob).delete(f"chapters/{chapter.pk}/bookmarks/1")
    assert Asker(bob).get(f"chapters/{chapter.pk}/bookmarks") == []


def test_what_others_wrote_is_not_there(
    alice: User, charlie: User, bob: User, note: Note, chapter: Chapter, content: Content
) -> None:
    notes.bookmark(bob, content, 2)
    for user in (alice, charlie):
        asker = Asker(user)
        assert asker.get("notes")["total"] == 0
        asker.get(f"notes/{note.pk}", 404)
        asker.patch(f"notes/{note.pk}", {"text": "mine"}, 404)
        asker.delete(f"notes/{note.pk}", 404)
    assert Asker(alice).get(f"chapters/{chapter.pk}/bookmarks") == []
    assert Asker(alice).get(f"chapters/{chapter.pk}/notes")["items"] == []


def test_a_stranger_has_no_notes_in_what_they_may_not_see(charlie: User, chapter: Chapter) -> None:
    asker = Asker(charlie)
    for path in ("notes", "bookmarks"):
        asker.get(f"chapters/{chapter.pk}/{path}", 404)
    write(charlie, chapter, 404, page=1, text="x")
    asker.put(f"chapters/{chapter.pk}/bookmarks/1", status=404)
    asker.delete(f"chapters/{chapter.pk}/bookmarks/1", 404)
    asker.get(f"notes/{uuid4()}", 404)
    Asker().get("notes", 401)


def test_who_may_no_longer_open_a_library_does_not_see_what_they_wrote(
    bob: User, note: Note
) -> None:
    Access.objects.all().delete()

    assert Asker(bob).get("notes")["total"] == 0
    Asker(bob).get(f"notes/{note.pk}", 404)
    assert Note.objects.filter(pk=note.pk).exists()


def test_a_note_is_shown_in_a_file_that_is_there(bob: User, note: Note, chapter: Chapter) -> None:
    Chapter.objects.update(missing_since=note.at)
    again = make_chapter(chapter.series, "42", content=chapter.content)

    assert Asker(bob).get(f"notes/{note.pk}")["chapter"] == str(again.pk)


@pytest.mark.parametrize(("page", "kept"), [(3, 3), (9, 5)])
def test_notes_and_bookmarks_follow_a_replaced_file(
    bob: User, alice: User, content: Content, page: int, kept: int
) -> None:
    notes.write(bob, content, page, "x")
    for user in (bob, alice):
        notes.bookmark(user, content, page)
    shorter = make_content(5)
    notes.bookmark(bob, shorter, kept)

    notes.carry_over(content, shorter)

    assert list(Note.objects.values_list("content", "page")) == [(shorter.pk, kept)]
    assert Bookmark.objects.filter(content=shorter, page=kept).count() == 2
    assert not Bookmark.objects.filter(content=content).exists()


def test_there_is_an_end_to_notes_and_bookmarks(
    bob: User, note: Note, content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes.bookmark(bob, content, 1)
    monkeypatch.setattr(notes, "NOTES", 1)

    with pytest.raises(Conflict):
        notes.write(bob, content, 1, "one more")
    with pytest.raises(Conflict):
        notes.bookmark(bob, content, 2)
    assert notes.bookmark(bob, content, 1).page == 1


def test_the_verbs_refuse_what_the_api_would(bob: User, content: Content) -> None:
    with pytest.raises(Invalid):
        notes.write(bob, content, 1, "x", ["x" * 65])
    with pytest.raises(Invalid):
        notes.write(bob, content, 1, "\0")


@pytest.mark.django_db(transaction=True)
def test_two_bookmarks_of_a_page_at_once_are_one() -> None:
    user = User.objects.create_user("bob", password="a quiet harbour")
    content = make_chapter(make_series(make_library())).content
    assert content is not None

    def mark(_: int) -> Bookmark:
        try:
            return notes.bookmark(user, content, 4)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        marked = set(pool.map(mark, range(8)))
    assert len(marked) == Bookmark.objects.count() == 1

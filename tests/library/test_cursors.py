"""Long lists, walked from row to row: on and back, in every order."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import orjson
import pytest
from django.utils import timezone

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job
from library.models import Library, Series
from library.schemas import SeriesSort
from reader.models import Note
from tests.asking import Asker
from tests.factories import make_chapter, make_content, make_library, make_series

pytestmark = pytest.mark.quick

START = datetime(2026, 1, 1, tzinfo=UTC)
KEYS = {
    "title": lambda one: one.sort_title,
    "added": lambda one: one.last_added,
    "created": lambda one: one.created,
    "updated": lambda one: one.updated,
    "chapters": lambda one: one.chapter_count,
    "year": lambda one: one.year,
}


@pytest.fixture
def shelf(bob: User, private: Library) -> list[Series]:
    """Eleven series in two libraries with many equal and some missing facts."""
    other = make_library()
    for number in range(11):
        series = make_series(
            private if number % 3 else other,
            f"{number % 5} title {number}",
            sort_title=f"title {number % 5}",
            year=None if number % 4 == 0 else 2000 + number % 3,
            chapter_count=number % 2,
            last_added=None if number % 3 == 0 else START + timedelta(days=number % 2),
        )
        moved = START + timedelta(seconds=number % 4)
        Series.objects.filter(pk=series.pk).update(created=moved, updated=moved)
    make_series(make_library("Closed", open_to_all=False), "Not Bob's", year=2001)
    return list(Series.objects.visible_to(bob))


def walked(user: User, path: str, per_page: int = 3, **query: Any) -> list[list[str]]:
    """The ids of each page, walked on to the end; and, on the way back, the same pages."""
    asker = Asker(user)
    told = asker.get(path, per_page=per_page, **query)
    pages, came = [told], [told]
    while told["next_cursor"]:
        told = asker.get(path, per_page=per_page, **query, cursor=told["next_cursor"])
        pages.append(told)
    while told["prev_cursor"]:
        told = asker.get(path, per_page=per_page, **query, cursor=told["prev_cursor"])
        came.append(told)
    back = [[row["id"] for row in page["items"]] for page in [pages[-1], *came[1:]]][::-1]
    found = [[row["id"] for row in page["items"]] for page in pages]
    assert back == found
    assert [page["page"] for page in pages] == list(range(1, len(pages) + 1))
    assert [page["has_next"] for page in pages] == [True] * (len(pages) - 1) + [False]
    assert [page["has_prev"] for page in pages] == [False] + [True] * (len(pages) - 1)
    return found


@pytest.mark.parametrize("sort", get_args(SeriesSort))
@pytest.mark.parametrize("per_page", [3, 11])
def test_every_order_is_walked_on_and_back(
    bob: User, shelf: list[Series], sort: str, per_page: int
) -> None:
    pages = walked(bob, "series", per_page, sort=sort, seed="a" if sort == "random" else "")
    ids = [key for page in pages for key in page]
    assert [len(page) for page in pages] == ([3, 3, 3, 2] if per_page == 3 else [11])
    assert sorted(ids) == sorted(str(one.pk) for one in shelf)
    if sort.lstrip("-") in KEYS:
        assert ids == in_python(shelf, sort)


def in_python(shelf: list[Series], sort: str) -> list[str]:
    key, is_down = KEYS[sort.lstrip("-")], sort.startswith("-")
    having = [one for one in shelf if key(one) is not None]
    lacking = [one for one in shelf if key(one) is None]
    having.sort(key=lambda one: (key(one), one.pk), reverse=is_down)
    lacking.sort(key=lambda one: one.pk, reverse=is_down)
    return [str(one.pk) for one in (*having, *lacking)]


@pytest.mark.parametrize("sort", ["year", "-added", "title"])
def test_pages_by_number_are_those_by_cursor(bob: User, shelf: list[Series], sort: str) -> None:
    asker, pages = Asker(bob), walked(bob, "series", sort=sort)
    for number, ids in enumerate(pages, start=1):
        told = asker.get("series", sort=sort, per_page=3, page=number)
        assert [row["id"] for row in told["items"]] == ids
    told = asker.get("series", sort=sort, per_page=3, page=len(pages) + 1)
    assert (told["items"], told["next_cursor"], told["prev_cursor"]) == ([], None, None)


def test_filters_hold_while_one_walks(bob: User, shelf: list[Series]) -> None:
    ids = [key for page in walked(bob, "series", 2, sort="-title", language="") for key in page]
    assert len(ids) == 11
    years = [key for page in walked(bob, "series", 2, filter=YEAR, sort="added") for key in page]
    assert set(years) == {str(one.pk) for one in shelf if one.year == 2001}


YEAR = '{"field": "year", "value": 2001}'


def test_what_is_added_meanwhile_moves_nothing(bob: User, shelf: list[Series]) -> None:
    asker = Asker(bob)
    first = asker.get("series", per_page=3)
    second = asker.get("series", per_page=3, cursor=first["next_cursor"])
    make_series(shelf[0].library, "A newcomer", sort_title="a")
    again = asker.get("series", per_page=3, cursor=first["next_cursor"])
    assert again["items"] == second["items"]
    back = asker.get("series", per_page=3, cursor=second["prev_cursor"])
    assert back["items"] == first["items"]
    assert (back["page"], back["has_prev"]) == (2, True)


def test_a_random_order_stays_while_its_seed_does(bob: User, shelf: list[Series]) -> None:
    asker = Asker(bob)
    orders = {seed: asker.get("series", sort="random", seed=seed)["items"] for seed in "abcdef"}
    assert orders["a"] == asker.get("series", sort="random", seed="a")["items"]
    assert len({tuple(row["id"] for row in rows) for rows in orders.values()}) > 1


def test_a_cursor_keeps_to_its_random_order(bob: User, shelf: list[Series]) -> None:
    ids = [key for page in walked(bob, "series", 2, sort="random") for key in page]
    assert len(set(ids)) == 11


def told(*parts: Any) -> str:
    return urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


ROW = "01890000-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "é",
        "!!!!",
        "bnVsbA",
        told("title", "", "on", 2),
        told("title", "", "on", 2, ["a"]),
        told("title", "", "on", 2, ["a", "b"]),
        told("title", "", "on", 2, [None, ROW]),
        told("title", "", "on", 2, ["a\0", ROW]),
        told("title", "", "sideways", 2, ["a", ROW]),
        told("title", "", "on", 0, ["a", ROW]),
        told("title", "seed", "on", 2, ["a", ROW]),
        told("-title", "", "on", 2, ["a", ROW]),
        told("year", "", "on", 2, [2000, ROW]),
        "a" * 8001,
    ],
)
def test_a_cursor_that_is_none_is_refused(bob: User, cursor: str) -> None:
    refused = Asker(bob).get("series", 422, cursor=cursor)
    assert refused["errors"][0]["field"] == "cursor"


def test_a_page_and_a_cursor_are_not_asked_for_at_once(bob: User) -> None:
    Asker(bob).get("series", 422, page=2, cursor=told("title", "", "on", 2, ["a", ROW]))


def test_a_cursor_shows_nobody_what_they_may_not_see(
    bob: User, charlie: User, shelf: list[Series]
) -> None:
    cursor = Asker(bob).get("series", per_page=3)["next_cursor"]
    seen = Asker(charlie).get("series", cursor=cursor)["items"]
    assert {row["library"] for row in seen} <= {str(Library.objects.get(name="Manga").pk)}


def test_chapters_are_walked_as_one_reads_them(bob: User, private: Library) -> None:
    series = make_series(private)
    for number in range(7):
        make_chapter(series, str(number % 3), special=number > 4, path=f"{6 - number}.cbz")
    ids = [key for page in walked(bob, f"series/{series.pk}/chapters") for key in page]
    assert ids == [str(chapter.pk) for chapter in series.chapters.in_order()]


def test_notes_are_walked_newest_first(bob: User, private: Library) -> None:
    content = make_content()
    make_chapter(make_series(private), content=content)
    for number in range(5):
        at = START + timedelta(days=number % 2)
        Note.objects.create(user=bob, content=content, page=number + 1, text="Salt.", at=at)
    ids = [key for page in walked(bob, "notes", 2) for key in page]
    assert ids == [str(note.pk) for note in Note.objects.order_by("-at", "-id")]


def test_jobs_are_walked_newest_first(bob: User, alice: User) -> None:
    for _ in range(5):
        Job.objects.create(kind="scan", asked_by=bob)
    Job.objects.update(created=timezone.now())
    Job.objects.create(kind="scan", asked_by=alice)
    ids = [key for page in walked(bob, "jobs", 2) for key in page]
    assert ids == [str(job.pk) for job in Job.objects.filter(asked_by=bob).order_by("-id")]

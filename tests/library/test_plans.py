"""What is asked often is answered along an index, not by reading whole tables.

On a small table reading all of it is the quickest way, so that PostgreSQL is told not to: a
table is read whole then only where no index serves.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kiremisu.accounts.models import User
from library.curation import change_series
from library.models import Library, Series
from library.schemas import SeriesWanted
from reader.progress import mark_read
from tests.asking import Asker
from tests.factories import make_chapter, make_library, make_series

pytestmark = pytest.mark.quick

# Tables that stay small, whatever the library.
SMALL = {"library_library", "library_access", "accounts_user", "reader_reader"}
SORTS = ("title", "-title", "added", "-added", "-created", "-updated", "-chapters", "year", "-year")


@pytest.fixture
def shelf(bob: User, private: Library) -> Iterator[Series]:
    """Twelve series in two libraries, counted by PostgreSQL, which may not read whole tables."""
    other = make_library()
    for number in range(12):
        series = make_series(private if number % 2 else other, f"Title {number}", year=2000)
        make_chapter(series, title=f"Chapter {number}")
        if number < 3:
            change_series(series, tags=[f"tag {number}"], people=[PERSON])
            mark_read(bob, series.chapters.all())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SET LOCAL enable_seqscan = off")
    yield series
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = on")


PERSON = {"name": "Mori Aki", "role": "author"}


def plans(ask: Callable[[], object]) -> list[dict[str, Any]]:
    """The plans of all that is asked of our tables meanwhile."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    found = []
    for query in asked.captured_queries:
        if re.match(r"\s*(SELECT|WITH)", query["sql"]):
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN (FORMAT JSON) " + query["sql"].replace("%", "%%"), [])
                found.append(cursor.fetchone()[0][0]["Plan"])
    assert found
    return found


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inside in plan.get("Plans", []):
        yield from nodes(inside)


def read_whole(ask: Callable[[], object]) -> set[str]:
    """The tables that are read from one end to the other."""
    return {
        node["Relation Name"]
        for plan in plans(ask)
        for node in nodes(plan)
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] not in SMALL
    }


def used(ask: Callable[[], object]) -> set[str]:
    """The indexes that are read."""
    return {
        node["Index Name"] for plan in plans(ask) for node in nodes(plan) if "Index Name" in node
    }


def sorted_by(ask: Callable[[], object]) -> list[str]:
    """What rows are put into an order by, after they were read."""
    return [
        key
        for plan in plans(ask)
        for node in nodes(plan)
        if node["Node Type"] == "Sort"
        for key in node["Sort Key"]
    ]


ASKED = {
    **{f"by {sort}": f"series?sort={sort}" for sort in (*SORTS, "unread", "-unread", "-read")},
    "a page further on": "series?per_page=5&page=3",
    "of a tag": "series?tag=tag+1",
    "of a person": "series?person=mori+aki",
    "neither": "series?filter=" + json.dumps({"not": {"field": "tag", "value": "tag 1"}}),
    "being read": "series?read=reading",
    "titled": "series?search=title",
    "chapters": "series/{series}/chapters",
    "one series": "series/{series}",
    "tags": "tags",
    "people": "people?search=mori",
    "search": "search?q=title+7",
    "misspelt": "search?q=tytle",
    "notes": "notes",
}


@pytest.mark.parametrize("name", ASKED)
def test_no_table_is_read_whole(bob: User, shelf: Series, name: str) -> None:
    asker = Asker(bob)
    assert not read_whole(lambda: asker.client.get(f"/api/v1/{path(name, shelf)}"))


def path(name: str, series: Series) -> str:
    return ASKED[name].replace("{series}", str(series.pk))


@pytest.mark.parametrize("sort", SORTS)
def test_an_order_is_read_along_its_index(alice: User, shelf: Series, sort: str) -> None:
    with connection.cursor() as cursor:
        # Twelve rows are sorted as quickly as they are read in order: only where it has to.
        cursor.execute("SET LOCAL enable_sort = off")
    asker = Asker(alice)
    first = asker.get("series", sort=sort, per_page=5)
    for query in ({}, {"cursor": first["next_cursor"]}):
        keys = sorted_by(lambda asked=query: asker.get("series", sort=sort, per_page=5, **asked))  # type: ignore[misc]
        assert not [key for key in keys if key.startswith("library_series")]


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({"user_metadata__has_key": "title"}, "series_user_metadata"),
        ({"source_metadata__contains": {"a": "b"}}, "series_source_metadata"),
        ({"title__icontains": "title 7"}, "series_titles_trigrams"),
    ],
)
def test_json_and_titles_have_their_gin(shelf: Series, asked: dict[str, Any], index: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_indexscan = off")
    assert index in used(lambda: list(Series.objects.filter(**asked).order_by()))


def test_every_sort_is_looked_at() -> None:
    known = SeriesWanted.model_fields["sort"].annotation
    names = {sort.lstrip("-") for sort in known.__args__}  # type: ignore[union-attr]
    looked_at = {sort.lstrip("-") for sort in SORTS} | {"unread", "read"}
    # The random order is of no index.
    assert names - looked_at == {"random"}

"""Finding people, genres and tags."""

from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from kiremisu.accounts.models import User
from library import curation
from library.finding import names
from library.models import Library, Person, Series, Tag
from tests.asking import Asker
from tests.factories import make_library, make_series

pytestmark = pytest.mark.quick


def describe(series: Series, *people: str, genres: list[str] = [], tags: list[str] = []) -> None:  # noqa: B006
    authors = [{"name": name, "role": "author"} for name in people]
    curation.change_series(series, people=authors, genres=genres, tags=tags)


@pytest.fixture
def shelf(private: Library) -> Library:
    describe(make_series(private, "Moss"), "Mina Tidewater", "Café Noir", genres=["Drama"])
    describe(make_series(private, "Kite"), "Mina Tidewater", tags=["dramatic irony", "sea"])
    describe(make_series(private, "Moth"), "Tidewell, Ada", "伊藤 漣", tags=["melodrama"])
    return private


def found(user: User, q: str, group: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = Asker(user).get("search", q=q)[group]
    return told


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("tide", ["Tidewell, Ada", "Mina Tidewater"]),
        ("TIDEWATER mina", ["Mina Tidewater"]),
        ("tidewatr", ["Mina Tidewater"]),
        ("mi", ["Mina Tidewater"]),
        ("伊藤", ["伊藤 漣"]),
        ("cafe noir", ["Café Noir"]),
        ("zzzz", []),
        ("%", []),
    ],
)
def test_people_are_found_by_their_names(
    bob: User, shelf: Library, q: str, expected: list[str]
) -> None:
    told = [hit["person"]["name"] for hit in found(bob, q, "people")]
    assert told[: len(expected) or 9] == expected


def test_a_person_says_what_was_found_and_in_how_many_series(bob: User, shelf: Library) -> None:
    (hit,) = found(bob, "tidewater", "people")
    assert hit["matched"] == {"text": "Mina Tidewater", "marks": [[5, 14]]}
    assert (hit["person"]["series_count"], hit["person"]["roles"]) == (2, ["author"])


def test_genres_and_tags_are_found_those_first_that_begin_so(bob: User, shelf: Library) -> None:
    hits = found(bob, "drama", "tags")
    assert [(hit["tag"]["kind"], hit["tag"]["name"]) for hit in hits] == [
        ("genre", "Drama"),
        ("tag", "dramatic irony"),
        ("tag", "melodrama"),
    ]
    assert [hit["tag"]["series_count"] for hit in hits] == [1, 1, 1]


def test_only_what_a_visible_series_bears_is_found(
    bob: User, charlie: User, shelf: Library
) -> None:
    describe(make_series(make_library("Open"), "Tide"), "Mina Tidewater", tags=["sea"])
    assert [hit["tag"]["series_count"] for hit in found(bob, "sea", "tags")] == [2]
    (person,) = found(charlie, "tidewater", "people")
    assert person["person"]["series_count"] == 1
    assert found(charlie, "drama", "tags") == found(charlie, "ada", "people") == []
    curation.hide_series(Series.objects.get(title="Moss"))
    assert found(bob, "noir", "people") == []


def test_who_is_hidden_behind_many_one_may_not_see_is_found(
    bob: User, charlie: User, shelf: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "_LOOKED", 2)
    describe(make_series(make_library("Open"), "Tide"), "Zoe of the long low Tideland")
    told = [hit["person"]["name"] for hit in found(charlie, "tide", "people")]
    assert told == ["Zoe of the long low Tideland"]
    assert len(found(bob, "tide", "people")) == 3


def test_names_cost_few_queries(
    bob: User, shelf: Library, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    asker = Asker(bob)
    # Session, user; three for titles, chapters; people like that, those one sees, their parts;
    # genres and tags; texts of pages; notes.
    with django_assert_num_queries(12):
        assert asker.get("search", q="tidewater")["people"]


def test_names_are_looked_for_along_an_index(alice: User, shelf: Library) -> None:
    with connection.cursor() as cursor:
        # A few rows are read faster than any index.
        cursor.execute("SET LOCAL enable_seqscan = off")
        for model, index in ((Person, "people_trigrams"), (Tag, "tags_trigrams")):
            asked, values = names._question(model, "tidewatr", 9)
            cursor.execute(f"EXPLAIN {asked}", values)
            assert "\n".join(line for (line,) in cursor.fetchall()).count(index) == 2

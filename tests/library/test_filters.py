"""The language of filters: what it takes, what it refuses, which series it finds."""

import json
from typing import Any
from uuid import uuid4

import pytest

from kiremisu.accounts.models import User
from kiremisu.lib.errors import Invalid
from library import filters
from library.filters.language import CONDITIONS, DEPTH, LETTERS
from library.models import Library
from tests.asking import Asker
from tests.factories import make_library, make_series
from tests.library.facts import shelf

__all__ = ["shelf"]

pytestmark = pytest.mark.quick


def found(user: User, **query: Any) -> list[str]:
    if "filter" in query:
        query["filter"] = json.dumps(query["filter"])
    told = Asker(user).client.get("/api/v1/series", query).json()
    return [row["title"] for row in told["items"]]


def is_(field: str, value: Any, op: str = "is") -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ({"field": "genre", "value": "DRAMA"}, ["Moss", "Salt Road"]),
        (is_("tag", ["sea", "drama"], "in"), ["Moth", "Salt Sea"]),
        (is_("person", "ito ren"), ["Kite", "Salt Sea"]),
        (is_("status", ""), ["Moth", "Tide"]),
        (is_("language", ["ja", "de"], "in"), ["Moss", "Moth", "Salt Sea"]),
        (is_("content_rating", "suggestive", "gte"), ["Salt Road", "Tide"]),
        (is_("year", 2004, "lt"), ["Moss"]),
        (is_("year", None), ["Moth", "Tide"]),
        (is_("chapters", 3, "gte"), ["Salt Sea", "Tide"]),
        (is_("volumes", 3), ["Kite"]),
        (is_("pages", 89, "gt"), ["Moth"]),
        (is_("missing", 0, "gt"), ["Tide"]),
        (is_("problems", 1, "gte"), []),
        (is_("title", "sea SALT", "contains"), ["Salt Sea"]),
        (is_("created", "2021-01-01T00:00:00+02:00", "lt"), ["Moss"]),
        (is_("added", 30, "within"), ["Salt Road", "Salt Sea", "Tide"]),
        (is_("read", "finished"), ["Moss"]),
        (is_("read", "reading"), ["Salt Road"]),
        (is_("read", ["finished", "reading"], "in"), ["Moss", "Salt Road"]),
        (is_("read", "unread"), ["Kite", "Moth", "Salt Sea", "Tide"]),
        ({"not": is_("year", 2004, "lte")}, ["Kite", "Moth", "Tide"]),
        ({"and": [is_("genre", "drama"), {"not": is_("genre", "action")}]}, ["Moss"]),
        ({"or": [is_("title", "tide", "contains"), is_("year", 1999)]}, ["Moss", "Tide"]),
    ],
)  # fmt: skip
def test_a_filter_finds_its_series(
    bob: User, shelf: Library, asked: dict[str, Any], titles: list[str]
) -> None:
    assert found(bob, filter=asked) == titles


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        (is_("cover", False), True),
        (is_("cover", True), False),
        (is_("cover", [True, False], "in"), True),
        (is_("locks", 2), True),
        (is_("locks", 2, "gt"), False),
        (is_("score", 90, "lt"), True),
        (is_("score", None), False),
        (is_("direction", "rtl"), True),
        (is_("demographic", ["josei", "seinen"], "in"), False),
    ],
)
def test_a_filter_asks_for_what_curators_look_for(
    bob: User, asked: dict[str, Any], is_found: bool
) -> None:
    facts: Any = {"locks": ["title", "year"], "match_score": 71, "direction": "rtl"}
    make_series(make_library(), **facts)
    assert bool(found(bob, filter=asked)) == is_found


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"genre": "drama"}, ["Moss", "Salt Road"]),
        ({"tag": ["sea", "drama"]}, ["Moth", "Salt Sea"]),
        ({"genre": ["drama", "action"], "person": "mori aki"}, ["Salt Road"]),
        ({"status": ["ongoing", "hiatus"], "language": "ja"}, ["Moss", "Salt Sea"]),
        ({"content_rating": ["erotica", "suggestive"]}, ["Salt Road", "Tide"]),
        ({"read": "reading"}, ["Salt Road"]),
        ({"library": str(uuid4())}, []),
        ({"search": "salt", "filter": is_("year", 2004)}, ["Salt Road", "Salt Sea"]),
        ({"tag": "salt", "filter": is_("genre", "drama")}, ["Moss"]),
    ],
)
def test_plain_parameters_are_filters_too(
    bob: User, shelf: Library, query: dict[str, Any], titles: list[str]
) -> None:
    assert found(bob, **query) == titles


def nested(levels: int) -> dict[str, Any]:
    asked = is_("year", 2000)
    for _ in range(levels):
        asked = {"not": asked}
    return asked


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("{", "filter"),
        ("[" * 4000, "filter"),
        (json.dumps(is_("year", 2000)).ljust(LETTERS + 1), "filter"),
        ([], "filter"),
        ({}, "filter.field"),
        (is_("colour", "red"), "filter.field"),
        (is_("year", "red"), "filter.value"),
        (is_("year", 0), "filter.value"),
        (is_("year", [2000, "x"], "in"), "filter.value.1"),
        (is_("year", [], "in"), "filter.value"),
        (is_("year", list(range(1, 52)), "in"), "filter.value"),
        (is_("year", 2000, "contains"), "filter.op"),
        (is_("year", 2000, "near"), "filter.op"),
        (is_("title", " ", "contains"), "filter.value"),
        (is_("tag", "x" * 65), "filter.value"),
        (is_("added", "2026-01-01", "lt"), "filter.value"),
        (is_("added", "9999-12-31T23:59:59-12:00", "lt"), "filter.value"),
        (is_("library", "mine"), "filter.value"),
        (is_("read", "often"), "filter.value"),
        (is_("content_rating", None), "filter.value"),
        ({**is_("year", 2000), "and": []}, "filter.and"),
        ({"and": [is_("year", 2000)], "or": [is_("year", 2000)]}, "filter.or"),
        ({"and": [is_("year", 2000), {"not": is_("colour", 1)}]}, "filter.and.1.not.field"),
        ({"or": [{"and": []}]}, "filter.or.0.and"),
        ({"and": is_("year", 2000)}, "filter.and"),
        (nested(DEPTH), "filter"),
        ({"or": [is_("year", 2000)] * (CONDITIONS + 1)}, "filter"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused_with_its_place(
    bob: User, asked: Any, field: str
) -> None:
    text = asked if isinstance(asked, str) else json.dumps(asked)
    told = Asker(bob).get("series", 422, filter=text)
    assert field in [error["field"] for error in told["errors"]]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"library": "mine"}, "library.0"),
        ({"read": ["unread", "often"]}, "read.1"),
        ({"content_rating": "mild"}, "content_rating.0"),
        ({"tag": "x" * 65}, "tag.0"),
        ({"tag": ["x"] * 51}, "tag"),
        ({"sort": "colour"}, "sort"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_refused_with_its_place(
    bob: User, query: dict[str, Any], field: str
) -> None:
    told = Asker(bob).get("series", 422, **query)
    assert [error["field"] for error in told["errors"]] == [field]


@pytest.mark.parametrize("asked", [nested(DEPTH - 1), {"or": [is_("year", 2000)] * CONDITIONS}])
def test_filters_may_be_as_large_as_that(bob: User, asked: dict[str, Any]) -> None:
    assert found(bob, filter=asked) == []


def test_a_filter_may_have_eight_thousand_letters(bob: User) -> None:
    long = json.dumps(is_("year", 2000)).ljust(LETTERS)
    assert Asker(bob).get("series", filter=long)["items"] == []


def test_no_filter_shows_what_one_may_not_see(charlie: User, shelf: Library) -> None:
    assert found(charlie, filter={"not": is_("title", "x", "contains")}) == ["Moth"]
    assert found(charlie, library=str(shelf.pk)) == []


def test_a_filter_is_written_as_it_was_read() -> None:
    asked = {"and": [is_("year", 2000), {"or": [is_("tag", ["a", "b"], "in")]}]}
    tree = filters.of_json(asked)
    assert tree.model_dump(mode="json") == asked
    assert filters.of_json(tree.model_dump(mode="json")) == tree


def test_a_filter_says_what_its_answer_hangs_on(bob: User) -> None:
    read, year = is_("read", "unread"), is_("year", 2000)
    trees = [filters.of_json(each) for each in (year, {"not": read}, is_("added", 1, "within"))]
    assert filters.hangs_on(bob, trees[:1]) == []
    assert filters.hangs_on(bob, trees[:2]) == [bob.pk, 0]
    assert filters.hangs_on(bob, trees) is None


def test_filters_in_a_body_name_their_own_place() -> None:
    with pytest.raises(Invalid) as refused:
        filters.of_json(is_("colour", "red"), "body.filter")
    assert refused.value.errors[0].field == "body.filter.field"

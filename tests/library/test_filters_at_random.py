"""Random filters against the same filters in plain Python."""

import operator
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiremisu.accounts.models import User
from library import filters
from library.models import Library, Series
from library.models.labels import folded_name
from tests.library.facts import shelf
from tests.library.test_filters import is_

__all__ = ["shelf"]

pytestmark = pytest.mark.quick

type Fact = Callable[[Series], Any]
RATINGS = ["safe", "suggestive", "erotica", "pornographic"]
NAMES = ["Drama", "action", "SALT", "sea", "none"]
PEOPLE = ["mori aki", "Ito Ren", "nobody"]
READ = {"Moss": "finished", "Salt Road": "reading"}
EITHER, ORDER = ["is", "in"], ["is", "in", "lt", "lte", "gt", "gte"]
FACTS: dict[str, Fact] = {
    "status": lambda one: one.status,
    "language": lambda one: one.language,
    "library": lambda one: str(one.library_id),
    "read": lambda one: READ.get(one.title, "unread"),
    "year": lambda one: one.year,
    "chapters": lambda one: one.chapter_count,
    "missing": lambda one: one.missing_count,
    "content_rating": lambda one: one.content_rating,
    "added": lambda one: one.last_added,
}
LABELS: dict[str, Callable[[Series], list[str]]] = {
    "genre": lambda one: one.labels.genres,
    "tag": lambda one: one.labels.tags,
    "person": lambda one: [each["name"] for each in one.labels.people],
}


def holds(tree: dict[str, Any], one: Series) -> bool:
    match tree:
        case {"not": part}:
            return not holds(part, one)
        case {"and": parts}:
            return all(holds(part, one) for part in parts)
        case {"or": parts}:
            return any(holds(part, one) for part in parts)
    return fits(tree["field"], tree["op"], tree["value"], one)


def fits(field: str, op: str, value: Any, one: Series) -> bool:
    if field == "title":
        return bool(value.lower() in one.title.lower())
    if field in LABELS:
        wanted = value if op == "in" else [value]
        return bool({*map(folded_name, LABELS[field](one))} & {*map(folded_name, wanted)})
    fact = FACTS[field](one)
    if op == "is":
        return bool(fact == value)
    if op == "in":
        return fact in value
    if op == "within":
        return fact is not None and fact >= timezone.now() - timedelta(days=value)
    if field == "content_rating":
        fact, value = RATINGS.index(fact), RATINGS.index(value)
    names = {"lt": "lt", "lte": "le", "gt": "gt", "gte": "ge"}
    return fact is not None and bool(getattr(operator, names[op])(fact, value))


def asking(field: str, ops: list[str], values: list[Any]) -> st.SearchStrategy[dict[str, Any]]:
    one = st.sampled_from(values)
    several = st.lists(one, min_size=1, max_size=3)
    return st.sampled_from(ops).flatmap(
        lambda op: (several if op == "in" else one).map(lambda value: is_(field, value, op))
    )


def joined(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    several = st.lists(inner, min_size=1, max_size=4)
    return st.one_of(
        inner.map(lambda part: {"not": part}),
        several.map(lambda parts: {"and": parts}),
        several.map(lambda parts: {"or": parts}),
    )


def trees(libraries: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    leaves = st.one_of(
        asking("status", EITHER, ["ongoing", "finished", "hiatus", "", "gone"]),
        asking("language", EITHER, ["ja", "de", ""]),
        asking("library", EITHER, libraries),
        asking("read", EITHER, ["unread", "reading", "finished"]),
        asking("year", ORDER, [1998, 1999, 2004, 2020]),
        asking("chapters", ORDER, [0, 1, 2, 4]),
        asking("missing", ORDER, [0, 1, 2]),
        asking("content_rating", ORDER, RATINGS),
        asking("genre", EITHER, NAMES),
        asking("tag", EITHER, NAMES),
        asking("person", EITHER, PEOPLE),
        asking("title", ["contains"], ["salt", "SEA", "mo", "x"]),
        asking("added", ["within"], [1, 3000, 36500]),
        st.just(is_("year", None)),
    )
    return st.recursive(leaves, joined, max_leaves=12)


def test_random_filters_find_what_plain_ones_find(bob: User, shelf: Library) -> None:
    everything = list(Series.objects.visible_to(bob))
    libraries = sorted({str(one.library_id) for one in everything})

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(trees([*libraries, str(uuid4())]))
    def check(asked: dict[str, Any]) -> None:
        wanted = filters.condition(bob, filters.of_json(asked))
        got = set(Series.objects.visible_to(bob).filter(wanted).values_list("pk", flat=True))
        expected: set[UUID] = {one.pk for one in everything if holds(asked, one)}
        assert got == expected

    check()
    assert len(everything) == 6

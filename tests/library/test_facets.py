"""How many series there are of each kind, as a person sees them."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from pytest_django import DjangoAssertNumQueries

from kiremisu.accounts.models import User
from library import facets
from library.curation import change_series
from library.models import Library, Series
from library.schemas import SeriesNarrowed
from tests.asking import Asker
from tests.factories import make_series
from tests.library.counting import counted, told_by
from tests.library.facts import shelf
from tests.library.test_filters_at_random import holds, trees

__all__ = ["shelf"]

pytestmark = pytest.mark.quick


def asked(user: User, **query: Any) -> dict[str, Any]:
    return told_by(Asker(user).get("series/facets", **query))


def test_series_are_counted_by_what_they_are(bob: User, shelf: Library) -> None:
    told = Asker(bob).get("series/facets")
    assert told["genre"] == [
        {"value": "Action", "name": "Action", "count": 2},
        {"value": "Drama", "name": "Drama", "count": 2},
    ]
    assert told["library"][0] == {"value": str(shelf.pk), "name": "Private", "count": 5}
    assert told["content_rating"][0] == {"value": "safe", "name": "Safe", "count": 4}
    assert told_by(told) == counted(bob)


def test_each_counts_what_they_see(alice: User, charlie: User, shelf: Library) -> None:
    for user in (alice, charlie):
        assert asked(user) == counted(user)
    assert asked(charlie)["total"] == 1


def test_hidden_and_higher_rated_series_do_not_count(bob: User, shelf: Library) -> None:
    User.objects.filter(pk=bob.pk).update(highest_rating="suggestive")
    Series.objects.filter(title="Moss").update(hidden_at="2026-01-01T00:00Z")
    bob.refresh_from_db()
    assert asked(bob) == counted(bob)
    assert asked(bob)["total"] == 4


def test_a_filter_narrows_what_is_counted(bob: User, shelf: Library) -> None:
    assert asked(bob, genre="drama", search="salt") == counted(
        bob, lambda one: "Salt" in one.title and "Drama" in one.labels.genres
    )
    lately = json.dumps({"field": "added", "op": "within", "value": 30})
    assert asked(bob, filter=lately)["total"] == 3
    assert asked(bob, read="reading")["total"] == 1


def test_random_filters_count_what_plain_ones_count(bob: User, shelf: Library) -> None:
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(trees([str(shelf.pk)]))
    def check(tree: dict[str, Any]) -> None:
        wanted = SeriesNarrowed.model_validate({"filter": json.dumps(tree)})
        told = json.loads(json.dumps(facets.facets(bob, wanted), default=str))
        assert told_by(told) == counted(bob, lambda one: holds(tree, one))

    check()


def test_of_many_tags_the_most_frequent_are_told(bob: User, private: Library) -> None:
    for number in range(3):
        tags = [f"tag {n:02}" for n in range(60 - number)]
        change_series(make_series(private, f"Series {number}"), tags=tags)
    told = Asker(bob).get("series/facets")["tag"]
    assert [row["name"] for row in told] == [f"tag {n:02}" for n in range(facets.MOST)]
    assert {row["count"] for row in told} == {3}


def test_counting_costs_few_queries(
    bob: User, shelf: Library, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    asker = Asker(bob)
    asker.get("series/facets")
    # Session, user; what the answer hangs on and the answer; the same and what was read.
    with django_assert_num_queries(7):
        asker.get("series/facets")


def test_counting_refuses_nonsense(bob: User) -> None:
    told = Asker(bob).get("series/facets", 422, read="often")
    assert [error["field"] for error in told["errors"]] == ["read.0"]
    Asker(bob).get("series/facets", 422, filter="{")
    Asker().get("series/facets", 401)

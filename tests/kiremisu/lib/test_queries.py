"""Questions about many ids."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db.models import F, QuerySet

from kiremisu.lib.ids import uuid7
from kiremisu.lib.queries import by_ids
from library.models import Chapter, Library, Series
from tests.factories import make_content, make_series

pytestmark = [pytest.mark.django_db, pytest.mark.quick]

# More than PostgreSQL takes one by one.
MANY = 70_000


@pytest.mark.parametrize(
    "asked",
    [
        lambda ids: Series.objects.filter(pk__in=ids),
        lambda ids: Series.objects.filter(library__in=ids),
        lambda ids: Series.objects.exclude(library_id__in=ids),
        lambda ids: Chapter.objects.filter(series__library__in=ids),
        lambda ids: Library.objects.filter(series__in=ids),
    ],
)
def test_any_number_of_ids_can_be_asked_for(asked: Callable[[list[UUID]], QuerySet[Any]]) -> None:
    assert asked([uuid7() for _ in range(MANY)]).count() == 0


def test_those_asked_for_are_found(private: Library) -> None:
    one, other, left = (make_series(private, title) for title in ("Salt", "Iron", "Ash"))
    assert {*Series.objects.filter(pk__in=[one.pk, str(other.pk), one.pk])} == {one, other}
    assert {*private.series.exclude(pk__in=[one.pk, other.pk])} == {left}
    assert {*Library.objects.filter(series__in=[one, other])} == {private}


def test_nothing_is_found_among_nothing(private: Library) -> None:
    make_series(private, "Salt")
    assert not Series.objects.filter(pk__in=[None]).exists()
    assert not Series.objects.filter(library__in=[]).exists()


def test_other_questions_are_as_before(private: Library) -> None:
    series = make_series(private, "Salt")
    inside = Series.objects.filter(library__in=Library.objects.filter(pk=private.pk))
    assert inside.get() == series
    assert Series.objects.filter(pk__in=[F("id")]).get() == series


def test_one_statement_serves_any_number_of_ids() -> None:
    several = [Series.objects.filter(pk__in=[uuid7() for _ in range(n)]) for n in (1, 2, 30)]
    assert len({found.query.sql_with_params()[0] for found in several}) == 1


def test_rows_by_their_ids_are_those_that_values_gives(private: Library) -> None:
    facts = {"cover": make_content(), "raw_labels": {"genres": ["Drama"]}}
    series = [make_series(private, "Salt", **facts), make_series(private, "Iron")]
    columns = ("id", "title", "raw_labels", "cover__signature", "library__name", "last_added")
    asked = [*(one.pk for one in series), uuid7()]
    found = Series.objects.filter(pk__in=asked)
    for _ in range(2):
        assert by_ids(Series, asked, *columns) == {row["id"]: row for row in found.values(*columns)}

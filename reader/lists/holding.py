"""Which series a list holds for whoever looks, and in which order."""

from typing import Any
from uuid import UUID

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Least

from kiremisu.accounts.models import User
from kiremisu.lib.errors import Invalid
from kiremisu.lib.orders import ID, Order, whole
from library import browsing, filters, sorting
from library.filters.fields import choice
from library.filters.language import Operator
from library.models import SeriesQuery
from library.shelving import SERIES, series_rows
from reader.lists.schemas import ListSeriesWanted
from reader.models import List, ListEntry

_AS_LISTED = Order("list", (whole("place"), ID))


def held_by(user: User, found: List) -> Q:
    """The series of a list; of a reading list also those of which it has a chapter. To be put
    on top of what this person may see. A filter that is not understood any more finds none."""
    if not found.is_smart:
        return Q(pk__in=ListEntry.objects.filter(list=found).series())
    tree = found.sought.filter
    try:
        if tree is not None:
            filters.check(tree)
            return filters.condition(user, tree)
    except Invalid:
        pass
    return Q(pk__in=[])


def series(user: User, found: List, wanted: ListSeriesWanted) -> dict[str, Any]:
    """A part of the series in a list that this person may see. Raises Invalid."""
    inside = browsing.narrowed(user, wanted).filter(held_by(user, found))
    walked = browsing.part(_ordered(inside, user, found, wanted), wanted, *SERIES)
    rows = series_rows(walked.rows, user)
    return walked.answer(rows, inside.count(), wanted)


def chapters() -> QuerySet[Any, Any]:
    """The ids of all chapters that stand in lists by themselves, with what was noted there."""
    return ListEntry.objects.order_by().exclude(chapter=None).values("chapter")


def _ordered(
    inside: SeriesQuery, user: User, found: List, wanted: ListSeriesWanted
) -> sorting.Ordered:
    if wanted.sort == "list" and not found.is_smart:
        return sorting.Ordered([as_listed(inside, found)], _AS_LISTED, is_computed=True)
    sort = found.sought.sort if wanted.sort == "list" else wanted.sort
    return sorting.ordered(inside, user, sort, wanted.seed, wanted.cursor)


def as_listed(inside: SeriesQuery, found: List) -> SeriesQuery:
    """With `place`, by which they come as their first entries do."""
    entries = ListEntry.objects.order_by().filter(list=found)
    whole_one = entries.filter(series=OuterRef("pk")).values("place")
    of_chapters = entries.filter(chapter__series=OuterRef("pk")).values("chapter__series")
    first = of_chapters.annotate(first=Min("place")).values("first")
    return inside.annotate(place=Least(Subquery(whole_one), Subquery(first)))


def _listed(user: User, operator: Operator, value: Any) -> Q:
    """In one of these lists, of those they see."""
    ids = value if operator is Operator.IN else [value]
    wanted = Q(pk__in=[])
    for found in List.objects.visible_to(user).filter(pk__in=ids):
        wanted |= held_by(user, found)
    return wanted


def _version(_: User) -> None:
    """A list may hang on anything: on other lists, on what one has read, on the time."""


LISTED = choice(UUID, _listed, _version)

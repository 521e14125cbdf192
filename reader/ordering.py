"""Which series a shelf holds, and in which order."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import F, FilteredRelation, Q
from django.db.models.functions import Coalesce

from kiremisu.accounts.models import User
from kiremisu.lib.cursors import moment, whole
from library.models import Series, SeriesQuery
from library.sorting import Sort, shuffled

SORTS: Mapping[str, str] = {
    "read": "Last read",
    "added": "Last added",
    "title": "Title",
    "unread": "Most unread",
    "random": "Random",
}


def narrowed(user: User, search: str, unread: bool, library: UUID | None) -> SeriesQuery:
    """The series this reader may see, titled so, with something unread, in that library."""
    series = Series.objects.visible_to(user).titled(search)
    if library:
        series = series.filter(library=library)
    return _with_unread(series, user).filter(Q(unread__gt=0)) if unread else series


def in_order(series: SeriesQuery, user: User, sort: str, seed: str = "") -> SeriesQuery:
    """One of `SORTS`; `seed` says which of the random orders."""
    by_title = ("sort_title", "id")
    match sort:
        case "read":
            last_read = F("last_read").desc(nulls_last=True)
            return _with_last_read(series, user).order_by(last_read, *by_title)
        case "added":
            return series.order_by(F("last_added").desc(nulls_last=True), *by_title)
        case "unread":
            return _with_unread(series, user).order_by(F("unread").desc(), *by_title)
        case "random":
            return shuffled(series, user, seed).order_by(F("shuffled"), "id")
    return series.order_by(*by_title)


def _with_standing(series: SeriesQuery, user: User) -> SeriesQuery:
    mine = FilteredRelation("standings", condition=Q(standings__user=user))
    return series.annotate(mine=mine)


def _with_unread(series: SeriesQuery, user: User, _: str = "") -> SeriesQuery:
    unread = Coalesce("mine__unread", "readable_count")
    return _with_standing(series, user).annotate(unread=unread)


def _with_last_read(series: SeriesQuery, user: User, _: str = "") -> SeriesQuery:
    return _with_standing(series, user).annotate(last_read=F("mine__last_read"))


# What lists over the API may be sorted by besides.
UNREAD = Sort(whole("unread"), _with_unread)
LAST_READ = Sort(moment("last_read", is_nullable=True), _with_last_read)

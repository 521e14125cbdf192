"""Looking through the series: which are wanted, in which order, part by part."""

from collections.abc import Iterable
from typing import Any

from django.core.cache import caches

from kiremisu.accounts.models import User
from kiremisu.lib.cursors import walk
from library import filters, freshness, sorting
from library.filters import Tree
from library.models import Series, SeriesQuery
from library.schemas import SeriesNarrowed, SeriesWanted
from library.shelving import SERIES, series_row


def series(user: User, wanted: SeriesWanted) -> dict[str, Any]:
    """A part of the series this person may see. Raises Invalid."""
    trees = filters.asked(wanted.plain, wanted.filter)
    found = matching(user, wanted.search, trees)
    # Asked for first: see freshness.kept.
    hangs_on = filters.hangs_on(user, trees)
    key = freshness.key(user, "total", wanted.question, hangs_on) if hangs_on is not None else ""
    walked = walk(*sorting.ordered(found, user, wanted), wanted, *SERIES)
    total = freshness.kept(caches["process"], key, found.count) if key else found.count()
    return walked.answer([series_row(row, user) for row in walked.rows], total, wanted)


def narrowed(user: User, wanted: SeriesNarrowed) -> SeriesQuery:
    """The series that are wanted, of those this person may see. Raises Invalid."""
    return matching(user, wanted.search, filters.asked(wanted.plain, wanted.filter))


def matching(user: User, search: str, trees: Iterable[Tree]) -> SeriesQuery:
    """The series titled so that all of these filters let through, of those one may see."""
    found = Series.objects.visible_to(user).titled(search)
    for tree in trees:
        found = found.filter(filters.condition(user, tree))
    return found

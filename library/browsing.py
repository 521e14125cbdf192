"""Looking through the series: which are wanted, in which order, part by part."""

from typing import Any

from kiremisu.accounts.models import User
from kiremisu.lib.cursors import walk
from library import filters, sorting
from library.models import Series, SeriesQuery
from library.schemas import SeriesNarrowed, SeriesWanted
from library.shelving import SERIES, series_row


def series(user: User, wanted: SeriesWanted) -> dict[str, Any]:
    """A part of the series this person may see. Raises Invalid."""
    found = narrowed(user, wanted)
    walked = walk(*sorting.ordered(found, user, wanted), wanted, *SERIES)
    items = [series_row(row, user) for row in walked.rows]
    return walked.answer(items, found.count(), wanted)


def narrowed(user: User, wanted: SeriesNarrowed) -> SeriesQuery:
    """The series that are wanted, of those this person may see. Raises Invalid."""
    found = Series.objects.visible_to(user).titled(wanted.search)
    for tree in filters.asked(wanted.plain, wanted.filter):
        found = found.filter(filters.condition(user, tree))
    return found

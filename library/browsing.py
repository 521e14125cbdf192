"""Looking through the series: which are wanted, in which order, part by part."""

from collections.abc import Iterable
from typing import Any

from django.core.cache import caches

from kiremisu.accounts.models import User
from kiremisu.lib.cursors import Deep, Walked, walk
from kiremisu.lib.queries import Found
from library import filters, freshness, sorting
from library.filters import Tree
from library.models import Series, SeriesQuery
from library.schemas import SeriesNarrowed, SeriesWanted
from library.shelving import SERIES, series_rows

# So many rows that are passed over cost more than asking twice.
_FAR = 500
# So many that are titled so are found by the index of titles sooner than in their order.
_FEW = 2000


def series(user: User, wanted: SeriesWanted) -> dict[str, Any]:
    """A part of the series this person may see. Raises Invalid."""
    trees = filters.asked(wanted.plain, wanted.filter)
    found = matching(user, wanted.search, trees)
    # Asked for first: see freshness.kept.
    total = count(user, wanted.search, trees, found)
    found = searched(found, wanted.search, total)
    ordered = sorting.ordered(found, user, wanted.sort, wanted.seed, wanted.cursor)
    is_narrowed = bool(trees or wanted.search)
    walked = part(ordered, wanted, *SERIES, is_narrowed=is_narrowed, total=total)
    return walked.answer(series_rows(walked.rows, user), total, wanted)


def part(
    ordered: sorting.Ordered,
    wanted: Deep,
    *columns: str,
    is_narrowed: bool = True,
    total: int = 0,
) -> Walked:
    """One part of series in their order; `is_narrowed` when they are some of many, `total` how
    many there are where that is known."""
    start = wanted.bounds.start
    is_far = min(start, abs(total - start)) >= _FAR if total else start >= _FAR
    keys_first = is_narrowed or ordered.is_computed or is_far
    return walk(ordered.parts, ordered.order, wanted, *columns, keys_first=keys_first, total=total)


def narrowed(user: User, wanted: SeriesNarrowed) -> SeriesQuery:
    """The series that are wanted, of those this person may see. Raises Invalid."""
    return matching(user, wanted.search, filters.asked(wanted.plain, wanted.filter))


def matching(user: User, search: str, trees: Iterable[Tree]) -> SeriesQuery:
    """The series titled so that all of these filters let through, of those one may see."""
    found = Series.objects.visible_to(user).titled(search)
    for tree in trees:
        found = found.filter(filters.condition(user, tree))
    return found


def searched(found: SeriesQuery, search: str, total: int) -> SeriesQuery:
    """The same series, to be put in an order: `total` of them are titled so."""
    return Series.objects.filter(Found(found)) if search and total <= _FEW else found


def count(user: User, search: str, trees: list[Tree], found: SeriesQuery) -> int:
    """How many series `matching` found. Kept in each process until something changes."""
    hangs_on = filters.hangs_on(user, trees)
    if hangs_on is None:
        return found.count()
    asked = [tree.model_dump(mode="json") for tree in trees]
    key = freshness.key(user, "total", search, asked, hangs_on)
    return freshness.kept(caches["process"], key, found.count)

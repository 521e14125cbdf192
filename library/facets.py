"""How many of the series that are wanted there are of each kind."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils.module_loading import import_string

from kiremisu.accounts.models import User
from kiremisu.accounts.ratings import RatingField
from library import browsing, filters, freshness
from library.models import SeriesQuery
from library.schemas import SeriesNarrowed

# Of genres, tags and people only the most frequent are told.
MOST = 50

_RATING = RatingField()
_COLUMNS = ("id", "library_id", "status", "language", "content_rating", "year")
_NAMED = (
    "total",
    "library",
    "genre",
    "tag",
    "person",
    "status",
    "language",
    "content_rating",
    "year",
)
_COUNTED = """
    WITH found AS MATERIALIZED ({found}),
    tagged AS (
        SELECT t.kind, t.name, n.count,
            row_number() OVER (PARTITION BY t.kind ORDER BY n.count DESC, t.folded) AS place
        FROM (
            SELECT g.tag_id, count(*) AS count
            FROM found f JOIN library_tagging g ON g.series_id = f.id GROUP BY g.tag_id
        ) n JOIN library_tag t ON t.id = n.tag_id
    ),
    credited AS (
        SELECT p.name, n.count, row_number() OVER (ORDER BY n.count DESC, p.folded) AS place
        FROM (
            SELECT c.person_id, count(DISTINCT c.series_id) AS count
            FROM found f JOIN library_credit c ON c.series_id = f.id GROUP BY c.person_id
        ) n JOIN library_person p ON p.id = n.person_id
    )
    SELECT 'total', '', '', count(*) FROM found
    UNION ALL SELECT 'library', l.id::text, l.name, n.count
        FROM (SELECT library_id, count(*) AS count FROM found GROUP BY library_id) n
        JOIN library_library l ON l.id = n.library_id
    UNION ALL SELECT 'status', status, status, count(*) FROM found GROUP BY status
    UNION ALL SELECT 'language', language, language, count(*) FROM found GROUP BY language
    UNION ALL SELECT 'content_rating', content_rating::text, '', count(*) FROM found
        GROUP BY content_rating
    UNION ALL SELECT 'year', coalesce(year::text, ''), coalesce(year::text, ''), count(*) FROM found
        GROUP BY year
    UNION ALL SELECT kind, name, name, count FROM tagged WHERE place <= %s
    UNION ALL SELECT 'person', name, name, count FROM credited WHERE place <= %s
"""

type Counts = dict[str, list[dict[str, Any]]]


def facets(user: User, wanted: SeriesNarrowed) -> dict[str, Any]:
    """How many of the wanted series that this person may see there are of each kind, the most
    frequent first. Raises Invalid."""
    trees = filters.asked(wanted.plain, wanted.filter)
    found = browsing.matching(user, wanted.search, trees)
    hangs_on = filters.hangs_on(user, trees)

    def kept[T](make: Callable[[], T], *more: object) -> T:
        if hangs_on is None:
            return make()
        key = freshness.key(user, "facets", wanted.question, hangs_on, *more)
        return freshness.kept(cache, key, make)

    told = kept(lambda: _counted(found))
    for name, facet in _more().items():
        count = partial(facet.count, user, found, told["total"])
        counts = kept(count, user.pk, name, facet.version(user))
        told[name] = _ranked((value, value, count) for value, count in counts.items())
    return told


def _counted(found: SeriesQuery) -> dict[str, Any]:
    sql, params = found.order_by().values(*_COLUMNS).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED.format(found=sql), [*params, MOST, MOST])
        rows = cursor.fetchall()
    told: dict[str, Any] = {name: [] for name in _NAMED}
    for facet, value, name, count in rows:
        told[facet].append((value, name, count))
    ((_, _, total),) = told.pop("total")
    told["content_rating"] = [
        (word.value, word.label, count)
        for number, _, count in told["content_rating"]
        if (word := _RATING.from_db_value(int(number)))
    ]
    return {"total": total} | {name: _ranked(rows) for name, rows in told.items()}


def _ranked(counts: Iterable[tuple[str, str, int]]) -> list[dict[str, Any]]:
    """The most frequent first; none that there are none of."""
    rows = sorted(counts, key=lambda row: (-row[2], row[1], row[0]))
    return [{"value": value, "name": name, "count": n} for value, name, n in rows if n]


@dataclass(frozen=True, slots=True)
class Facet:
    """A kind of series that a higher app knows: `count(user, found, total)` says how many of
    the found ones there are of each value, `version(user)` what that hangs on besides."""

    count: Callable[[User, SeriesQuery, int], Mapping[str, int]]
    version: Callable[[User], object]


def _more() -> Mapping[str, Facet]:
    return _named(tuple(settings.SERIES_FACETS.items()))


@lru_cache(maxsize=4)
def _named(named: tuple[tuple[str, str], ...]) -> Mapping[str, Facet]:
    return {name: import_string(path) for name, path in named}

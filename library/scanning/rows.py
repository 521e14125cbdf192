"""What a scan asks the database."""

from collections.abc import Iterable, Sequence
from hashlib import md5
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from library.disk import Found
from library.scanning.plan import PASSING, Known, Row
from library.sidecars import Source

_WITHIN = (Source.COMICINFO, Source.PDF)  # sources that lie within files

_COLUMNS = """
    SELECT c.id, c.path, c.size, c.mtime_ns, c.series_id, c.content_id,
           coalesce(t.signature, ''::bytea), c.problem, c.missing_since IS NOT NULL,
           'series' = ANY(c.by_hand)
    FROM library_chapter c LEFT JOIN library_content t ON t.id = c.content_id
    WHERE c.library_id = %s
"""

_HEARD_BEFORE = """
    SELECT s.id, h.source FROM library_series s
    JOIN unnest(%s::uuid[], %s::text[]) AS h (id, source) ON h.id = s.id
    WHERE jsonb_exists(s.source_metadata -> 'sources', h.source) AND NOT EXISTS (
        SELECT FROM library_sidecar b
        WHERE b.series_id = s.id AND b.source = h.source AND b.problem = ''
    )
"""
_UNHEARD = """
    SELECT DISTINCT ON (c.series_id, c.sidecar) c.series_id, c.sidecar, c.path
    FROM library_chapter c JOIN library_series s ON s.id = c.series_id
    WHERE c.library_id = %s AND (c.series_id, c.sidecar) > (%s, %s)
    AND c.sidecar <> '' AND c.sidecar_problem = ''
    AND c.missing_since IS NULL AND NOT 'series' = ANY(c.by_hand)
    AND NOT coalesce(jsonb_exists(s.source_metadata -> 'sources', c.sidecar), false)
    ORDER BY c.series_id, c.sidecar, c.special, c.volume_order, c.number_order, c.path
    LIMIT %s
"""
_UNSAID = """
    SELECT s.id, h.source FROM library_series s, unnest(%s::text[]) AS h (source)
    WHERE s.library_id = %s AND s.merged_into_id IS NULL
    AND jsonb_exists(s.source_metadata -> 'sources', h.source)
    AND NOT EXISTS (
        SELECT FROM library_chapter c WHERE c.series_id = s.id AND c.sidecar = h.source
    ) AND NOT EXISTS (
        SELECT FROM library_sidecar b WHERE b.series_id = s.id AND b.source = h.source
    ) ORDER BY s.id, h.source
"""


def known(library_id: UUID) -> tuple[dict[str, Known], set[Found]]:
    """The library's files by path, and those that are missing."""
    present: dict[str, Known] = {}
    missing: set[Found] = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT path, size, mtime_ns, problem = ANY(%s), missing_since IS NULL"
            " FROM library_chapter WHERE library_id = %s",
            [list(PASSING), library_id],
        )
        for path, size, mtime_ns, again, is_here in cursor:
            if is_here:
                present[path] = Known(size, mtime_ns, again)
            else:
                missing.add(Found(path, size, mtime_ns))
    return present, missing


def at_paths(library_id: UUID, paths: Iterable[str]) -> dict[str, list[Row]]:
    """The rows at these paths: who is there, then who is missing, the last to go first."""
    digests = [digest(path) for path in paths]
    here = "AND md5(c.path) = ANY(%s) AND c.missing_since IS"
    # Two questions, one for each of the two partial indexes.
    query = (
        f"({_COLUMNS} {here} NULL) UNION ALL "
        f"({_COLUMNS} {here} NOT NULL ORDER BY c.missing_since DESC, c.id)"
    )
    found: dict[str, list[Row]] = {}
    for row in _rows(query, [library_id, digests, library_id, digests]):
        found.setdefault(row.path, []).append(row)
    return found


def with_signatures(library_id: UUID, signatures: Iterable[bytes]) -> dict[bytes, list[Row]]:
    """The rows that hold these contents."""
    found: dict[bytes, list[Row]] = {}
    for row in _rows(f"{_COLUMNS} AND t.signature = ANY(%s)", [library_id, list(signatures)]):
        found.setdefault(row.signature, []).append(row)
    return found


def restore(library_id: UUID, found: Sequence[Found]) -> list[UUID]:
    """Files that are back as they were; answers the series of each."""
    query = """
        UPDATE library_chapter SET missing_since = NULL, purged_at = NULL, updated = now()
        WHERE id IN (
            SELECT DISTINCT ON (md5(path)) id FROM library_chapter
            WHERE library_id = %s AND missing_since IS NOT NULL
            AND (md5(path), size, mtime_ns) IN
                (SELECT * FROM unnest(%s::text[], %s::bigint[], %s::bigint[]))
            ORDER BY md5(path), missing_since DESC, id
        ) RETURNING series_id
    """
    digests = [digest(each.path) for each in found]
    sizes, times = [each.size for each in found], [each.mtime_ns for each in found]
    return _firsts(query, [library_id, digests, sizes, times])


def still_at(library_id: UUID, paths: Iterable[str]) -> set[str]:
    """Those of these paths that a row still has: its file was found nowhere else."""
    query = """
        SELECT path FROM library_chapter
        WHERE library_id = %s AND missing_since IS NULL AND md5(path) = ANY(%s)
    """
    with connection.cursor() as cursor:
        cursor.execute(query, [library_id, [digest(path) for path in paths]])
        return {path for (path,) in cursor.fetchall()}


def mark_missing(library_id: UUID, paths: Iterable[str]) -> list[UUID]:
    """Whoever is still at these paths has gone; answers the series of each."""
    query = """
        UPDATE library_chapter SET missing_since = now(), updated = now()
        WHERE library_id = %s AND missing_since IS NULL AND md5(path) = ANY(%s)
        RETURNING series_id
    """
    return _firsts(query, [library_id, [digest(path) for path in paths]])


class Home(NamedTuple):
    """The series of a file. `by_people`: they put it there; what it says is of another."""

    series: UUID
    by_people: bool = False


def homes_at(library_id: UUID, paths: Iterable[str]) -> dict[str, Home]:
    """The series of the files that are at these paths."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT path, series_id, 'series' = ANY(by_hand) FROM library_chapter"
            " WHERE library_id = %s AND missing_since IS NULL AND md5(path) = ANY(%s)",
            [library_id, [digest(path) for path in paths]],
        )
        return {path: Home(*home) for path, *home in cursor.fetchall()}


def first_telling(series: Iterable[UUID]) -> set[UUID]:
    """Of each of these series, the first of its chapters in whose files each source is."""
    query = """
        SELECT DISTINCT ON (series_id, sidecar) id FROM library_chapter
        WHERE series_id = ANY(%s) AND sidecar <> '' AND sidecar_problem = ''
        AND missing_since IS NULL AND NOT 'series' = ANY(by_hand)
        ORDER BY series_id, sidecar, special, volume_order, number_order, path
    """
    return set(_firsts(query, [[*series]]))


def heard_before(heard: Iterable[tuple[UUID, str]]) -> set[tuple[UUID, str]]:
    """Of series with a source each: those that learnt from that source before, unless what lies
    beside their files is of it, too, and speaks for them."""
    pairs = sorted(heard)
    series, sources = [series for series, _ in pairs], [source for _, source in pairs]
    with connection.cursor() as cursor:
        cursor.execute(_HEARD_BEFORE, [series, sources])
        return {(series, source) for series, source in cursor.fetchall()}


class Unheard(NamedTuple):
    """A source that chapters' files of a series have and that was not learnt yet; the path of
    the first such file."""

    series: UUID
    source: str
    path: str


def unheard(library_id: UUID, after: Unheard | None, many: int) -> list[Unheard]:
    """So many of the library, in their order, beyond this one."""
    place = after[:2] if after else (UUID(int=0), "")
    with connection.cursor() as cursor:
        cursor.execute(_UNHEARD, [library_id, *place, many])
        return [Unheard(*row) for row in cursor.fetchall()]


def unsaid(library_id: UUID) -> list[tuple[UUID, str]]:
    """Series, each with a source of theirs that no file has any more, not even a missing one."""
    with connection.cursor() as cursor:
        cursor.execute(_UNSAID, [list(_WITHIN), library_id])
        return [(series, source) for series, source in cursor.fetchall()]


def digest(path: str) -> str:
    """What the database's md5() makes of a path: the index key of a path of any length."""
    return md5(path.encode(), usedforsecurity=False).hexdigest()


def _rows(query: str, parameters: Sequence[Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return [
            Row(*row[:6], bytes(row[6]), *row[7:])  # type: ignore[call-arg] # ten columns
            for row in cursor.fetchall()
        ]


def _firsts(query: str, parameters: Sequence[Any]) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return [first for (first,) in cursor.fetchall()]

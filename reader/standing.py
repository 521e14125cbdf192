"""How far each person is in each series, kept beside their progress, so that shelves and lists
neither count chapters nor sort by what has to be counted."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from kiremisu.accounts.models import User
from library.models import Chapter
from reader.models import Progress, Reader, Standing

# As `share` of one chapter: all of a finished one, else the pages seen.
_COUNTED = """
    SELECT t.user_id, c.series_id,
        count(*) FILTER (WHERE p.finished_at IS NULL) AS unread,
        round(avg(CASE WHEN p.finished_at IS NOT NULL THEN 1
                       ELSE coalesce(p.page, 0)::numeric / o.page_count END), 6) AS read,
        max(p.at) AS last_read
    FROM (
        SELECT DISTINCT p.user_id, c.series_id FROM library_chapter c
        JOIN reader_progress p ON p.content_id = c.content_id
        WHERE c.series_id = ANY(%(series)s) AND c.missing_since IS NULL {whose}
    ) t
    JOIN library_chapter c ON c.series_id = t.series_id AND c.missing_since IS NULL
    JOIN library_content o ON o.id = c.content_id
    LEFT JOIN reader_progress p ON p.content_id = c.content_id AND p.user_id = t.user_id
    GROUP BY t.user_id, c.series_id
"""
_KEEP = """
    WITH counted AS MATERIALIZED ({counted}), kept AS (
        INSERT INTO reader_standing AS s (user_id, series_id, unread, read, last_read)
        SELECT * FROM counted
        ON CONFLICT (user_id, series_id) DO UPDATE
        SET unread = EXCLUDED.unread, read = EXCLUDED.read, last_read = EXCLUDED.last_read
        WHERE (s.unread, s.read, s.last_read)
            IS DISTINCT FROM (EXCLUDED.unread, EXCLUDED.read, EXCLUDED.last_read)
        RETURNING 1
    ), gone AS (
        DELETE FROM reader_standing p
        WHERE p.series_id = ANY(%(series)s) {whose} AND NOT EXISTS (
            SELECT 1 FROM counted c WHERE (c.user_id, c.series_id) = (p.user_id, p.series_id)
        )
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM kept) + (SELECT count(*) FROM gone)
"""
_TURN = """
    INSERT INTO reader_reader AS r (user_id, version)
    SELECT i.id, 1 FROM unnest(%s::uuid[]) AS i (id)
    ON CONFLICT (user_id) DO UPDATE SET version = r.version + 1
"""


def changed(user: User, contents: Iterable[UUID]) -> None:
    """Their progress in these contents is another: so is their standing in what holds them.

    Within the caller's transaction, which has written the progress.
    """
    # One after the other for one person: each counts what those before wrote.
    _turn_versions([user.pk])
    _keep(_holding(contents), user)


def changed_for_all(contents: Iterable[UUID]) -> None:
    """Everybody's progress in these contents may be another. Within the caller's transaction."""
    recount(_holding(contents))


def recount(series: Iterable[UUID]) -> int:
    """The chapters of these series are others: bring everybody's standing in them up to date,
    within the caller's transaction. Answers how many rows said something else."""
    wanted = list(series)
    inside = Chapter.objects.order_by().filter(series__in=wanted).values("content")
    places = Progress.objects.order_by().filter(content__in=inside).values("user").distinct()
    readers = [*places.values_list("user", flat=True)]
    # As in a first scan: nobody has opened anything of it.
    if not readers and not Standing.objects.filter(series__in=wanted).exists():
        return 0
    _turn_versions(readers)
    return _keep(wanted)


def version_of(user: User) -> int:
    """Counts up with every change of what this person has read."""
    found = Reader.objects.filter(pk=user.pk).values_list("version", flat=True).first()
    return found or 0


def _holding(contents: Iterable[UUID]) -> list[UUID]:
    chapters = Chapter.objects.order_by().filter(content__in=list(contents))
    return list(chapters.values_list("series", flat=True).distinct())


def _turn_versions(users: Iterable[UUID]) -> None:
    with connection.cursor() as cursor:
        # In one order, so that two who turn several never wait for each other.
        cursor.execute(_TURN, [sorted(users)])


def _keep(series: Sequence[UUID], user: User | None = None) -> int:
    named: dict[str, Any] = {"series": list(series), "user": user.pk if user else None}
    whose = "AND p.user_id = %(user)s" if user else ""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP.format(counted=_COUNTED.format(whose=whose), whose=whose), named)
        return int(cursor.fetchone()[0])

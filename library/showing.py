"""Who is shown a series: its rating, and whether it is hidden; its chapters carry both."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection, transaction

from kiremisu.accounts import access
from kiremisu.accounts.models import User
from kiremisu.accounts.ratings import Rating, lost
from library.models import Series

# Locked, so that what somebody rates or hides meanwhile is seen, or comes after.
_TO_CHAPTERS = """
    WITH s AS (
        SELECT id, content_rating, hidden_at IS NOT NULL AS hidden FROM library_series
        WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE library_chapter c
    SET content_rating = s.content_rating, hidden = s.hidden OR c.purged_at IS NOT NULL
    FROM s WHERE c.series_id = s.id AND (c.content_rating, c.hidden)
        IS DISTINCT FROM (s.content_rating, s.hidden OR c.purged_at IS NOT NULL)
"""

# The limits under which something is seen no more, while several are rated together.
_waiting: ContextVar[set[Rating] | None] = ContextVar("waiting", default=None)


def rate(series: Series, rating: Rating) -> None:
    """Rate a series, within the caller's transaction, which holds it; `end_links` comes last."""
    Series.objects.filter(pk=series.pk).update(content_rating=rating)
    pass_on([series.pk])


def end_links(before: Rating, after: Rating) -> None:
    """Have the links end of whoever sees no more what was rated so, within the transaction that
    rates it. The last thing there: who signs in waits for it."""
    waiting = _waiting.get()
    if waiting is None:
        _end_links(lost(before, after))
    else:
        waiting.update(lost(before, after))


@contextmanager
def together() -> Iterator[None]:
    """One transaction for several series, at whose end links end once for all of them."""
    with transaction.atomic():
        limits: set[Rating] = set()
        outer = _waiting.set(limits)
        try:
            yield
        finally:
            _waiting.reset(outer)
        _end_links(limits)


def pass_on(series: Iterable[UUID]) -> int:
    """Have the chapters of these series be shown as their series are, within the caller's
    transaction. Answers how many were not."""
    with connection.cursor() as cursor:
        cursor.execute(_TO_CHAPTERS, [sorted(series)])
        return int(cursor.rowcount)


def _end_links(limits: Collection[Rating]) -> None:
    if limits:
        access.raise_versions(User.objects.filter(highest_rating__in=limits))

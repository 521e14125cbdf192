"""Who is shown a series: its rating, and whether it is hidden; its chapters carry both."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from kiremisu.accounts import access
from kiremisu.accounts.models import User
from kiremisu.accounts.ratings import Rating, between
from library.models import Series

# Locked, so that what somebody rates or hides meanwhile is seen, or comes after.
_TO_CHAPTERS = """
    WITH s AS (
        SELECT id, content_rating, hidden_at IS NOT NULL AS hidden FROM library_series
        WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE library_chapter c SET content_rating = s.content_rating, hidden = s.hidden
    FROM s WHERE c.series_id = s.id
    AND (c.content_rating, c.hidden) IS DISTINCT FROM (s.content_rating, s.hidden)
"""


def rate(series: Series, rating: Rating) -> None:
    """Rate a series, within the caller's transaction. For whoever sees it from now on, or no
    more, the links of before end."""
    locked = Series.objects.select_for_update(no_key=True).filter(pk=series.pk)
    before = locked.values_list("content_rating", flat=True).get()
    Series.objects.filter(pk=series.pk).update(content_rating=rating)
    pass_on([series.pk])
    access.raise_versions(User.objects.filter(highest_rating__in=between(before, rating)))


def pass_on(series: Iterable[UUID]) -> int:
    """Have the chapters of these series be shown as their series are, within the caller's
    transaction. Answers how many were not."""
    with connection.cursor() as cursor:
        cursor.execute(_TO_CHAPTERS, [sorted(series)])
        return int(cursor.rowcount)

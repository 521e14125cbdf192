"""Which chapters stand where people put them: no scan takes those elsewhere by their names, and
what lies in or beside their files tells nothing of the series they were put into."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection

# Among the facts of a chapter that people set.
BY_HAND = "series"

_PUT = """
    UPDATE library_chapter SET series_id = %s, updated = now(),
        by_hand = CASE WHEN %s = ANY(by_hand) THEN by_hand ELSE by_hand || ARRAY[%s::varchar] END
    WHERE id = ANY(%s)
"""
_BIND = """
    UPDATE library_chapter SET by_hand = by_hand || ARRAY[%s::varchar]
    WHERE id = ANY(%s) AND NOT %s = ANY(by_hand)
"""
_LOOSEN = """
    UPDATE library_chapter SET by_hand = array_remove(by_hand, %s::varchar) WHERE id = ANY(%s)
"""


def put(chapters: Collection[UUID], series: UUID) -> None:
    """These are of this series, and stay there, within the caller's transaction, which holds both
    and has all counted."""
    if chapters:
        with connection.cursor() as cursor:
            cursor.execute(_PUT, [series, BY_HAND, BY_HAND, [*chapters]])


def bind(chapters: Collection[UUID]) -> None:
    """These stay where they are, within the caller's transaction."""
    if chapters:
        with connection.cursor() as cursor:
            cursor.execute(_BIND, [BY_HAND, [*chapters], BY_HAND])


def loosen(chapters: Collection[UUID]) -> None:
    """These go by their names again, within the caller's transaction."""
    if chapters:
        with connection.cursor() as cursor:
            cursor.execute(_LOOSEN, [BY_HAND, [*chapters]])

"""One at a time: whoever makes rows that series of all libraries share."""

from django.db import connection

_LOCK = 0x6B697266  # one advisory lock: contents, words, tags and people belong to all libraries


def take() -> None:
    """Have nobody else make contents, words of titles, tags or people until the end of the
    transaction. It comes before any of these is made and before series are held: two who each
    made what the other wants, or hold what the other waits for, would wait for ever."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])

"""Counting what may be done so often in a while, in the database: for all processes together."""

import hashlib
import math
from dataclasses import dataclass

from django.db import connection

from kiremisu.accounts.models import Rate
from kiremisu.lib.errors import Throttled

# One statement, so that of many at once each is counted.
_COUNT = """
    INSERT INTO accounts_rate AS known (key, count, until)
    VALUES (%(key)s, 1, now() + make_interval(secs => %(seconds)s))
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN known.until <= now() THEN 1 ELSE known.count + 1 END,
        until = CASE WHEN known.until <= now() THEN EXCLUDED.until ELSE known.until END
    RETURNING count, extract(epoch FROM until - now())
"""
_SWEEP = """
    DELETE FROM accounts_rate WHERE key IN (
        SELECT key FROM accounts_rate WHERE until < now() LIMIT 100 FOR UPDATE SKIP LOCKED)
"""


@dataclass(frozen=True, slots=True)
class Bound:
    """So many times in so many seconds, by whom or at what `subject` names."""

    subject: tuple[str, ...]
    most: int
    seconds: int

    @property
    def key(self) -> str:
        # Hashed, because people type passwords where names belong.
        return hashlib.sha256(repr(self.subject).encode(errors="surrogatepass")).hexdigest()


def spend(*bounds: Bound) -> None:
    """Count once against each. Raises Throttled, with the seconds to wait, past one of them."""
    waits = [_count(bound) for bound in bounds]
    if longest := max(waits):
        minutes = max(1, round(longest / 60))
        raise Throttled(f"Too many tries. Wait {minutes} min, then try again.", retry_after=longest)


def forget(bound: Bound) -> None:
    """What was counted against it does not count any more."""
    Rate.objects.filter(key=bound.key).delete()


def _count(bound: Bound) -> int:
    """The seconds to wait; 0 while there is room."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": bound.key, "seconds": bound.seconds})
        count, left = cursor.fetchone()
        if count == 1:
            cursor.execute(_SWEEP)
    return max(1, math.ceil(left)) if count > bound.most else 0

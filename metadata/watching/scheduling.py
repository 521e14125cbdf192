"""When a feed is asked for next, and when its next chapter is expected.

Pure. A feed is asked for about eight times between two of its chapters, more often around the time
when the next is expected, and less and less when none comes; never more than once an hour, at
least once a week. Feeds of one pace are spread, so that they do not all come at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import pairwise
from statistics import median

SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=7)
_UNKNOWN = timedelta(days=1)
# Chapters that come within this are one delivery.
_TOGETHER = timedelta(hours=6)
# So many deliveries tell the pace, and so many gaps between them at least that it is steady.
_LAST, _LEAST = 12, 3
# Gaps that differ by more of the usual one are no rhythm.
_STEADY = 0.35
_CHECKS = 8  # between two chapters
_SPREAD = 0.1


@dataclass(frozen=True, slots=True)
class Plan:
    """`pace`: between two chapters; `expected` and `within`: when the next is due, give or take.
    None where nobody can say."""

    due: datetime
    pace: timedelta | None = None
    expected: datetime | None = None
    within: timedelta | None = None


def plan(published: Iterable[datetime], now: datetime, seed: str, *, is_over: bool = False) -> Plan:
    """After a check: `published` are the moments at which each chapter first came, `is_over` says
    that the work has ended. `seed` spreads feeds: the same for one feed, another for each."""
    moments = _deliveries(moment for moment in published if moment <= now)
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(moments)]
    if not gaps:
        return Plan(now + _spread(LONGEST if is_over else _UNKNOWN, seed, now))
    usual = median(gaps)
    pace = timedelta(seconds=usual)
    expected, within = None, None
    unsteady = median(abs(gap - usual) for gap in gaps)
    if len(gaps) >= _LEAST and unsteady <= _STEADY * usual and not is_over:
        within = timedelta(seconds=max(2 * unsteady, usual / 10))
        expected = moments[-1] + pace
        if expected + within < now:
            expected, within = None, None
    wait = LONGEST if is_over else _wait(pace, now - moments[-1], now, expected, within)
    return Plan(now + _spread(wait, seed, now), pace, expected, within)


def after_failure(failures: int, now: datetime, seed: str) -> datetime:
    """When it is tried again after so many failures in a row, 1 or more."""
    wait = SHORTEST * 2 ** min(failures - 1, 10)
    return now + _spread(min(wait, LONGEST), seed, now)


def _deliveries(published: Iterable[datetime]) -> list[datetime]:
    """The last ones, the oldest first, those that came together as one."""
    found: list[datetime] = []
    for moment in sorted(published):
        if not found or moment - found[-1] > _TOGETHER:
            found.append(moment)
    return found[-_LAST:]


def _wait(
    pace: timedelta,
    silent: timedelta,
    now: datetime,
    expected: datetime | None,
    within: timedelta | None,
) -> timedelta:
    wait = pace / _CHECKS
    if silent > 3 * pace:
        wait = max(wait, silent / _CHECKS)
    if expected is not None and within is not None:
        begins = expected - within
        # In time for when it is expected, and then more often.
        wait = wait / 3 if now >= begins else min(wait, begins - now)
    return min(max(wait, SHORTEST), LONGEST)


def _spread(wait: timedelta, seed: str, now: datetime) -> timedelta:
    """A little more or less, by chance, within what is allowed."""
    told = blake2b(f"{seed} {now.date()}".encode(), digest_size=4).digest()
    chance = int.from_bytes(told) / 2**31 - 1
    return min(max(wait * (1 + _SPREAD * chance), SHORTEST), LONGEST)

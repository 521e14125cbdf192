"""Turns: how often another server is called by all processes together, and who goes first.

A call takes one of a few turns, has it while it is under way, and gives it back a second after
the answer began to come. So of any second there are never more calls than turns, however late
one of them arrives: two calls in one turn lie further apart than that (decision 8). Between two
calls there is a pause besides, which a server that said it was too much makes longer.
"""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from ratelimit import limits, sleep_and_retry

from kiremisu.lib.errors import Unavailable
from metadata.models import Upstream

# A turn is given back so long after its call at the latest: its process may have died.
LEASE = timedelta(seconds=60)
# How long what runs by itself stands back after somebody in a hurry was to ask again for a turn.
_ANNOUNCED = timedelta(seconds=0.75)
# Seconds between two looks while all turns are out, or somebody else is in a hurry.
_LOOK = 0.1
# How long a server that said it was too much is called more slowly, and how much.
_SLOW, _SLOWER = timedelta(minutes=5), 3
# The longest that a server is obeyed for.
_LONGEST = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Turn:
    """A place among the turns, and until when it is ours."""

    upstream: str
    place: int
    until: datetime


@sleep_and_retry  # type: ignore[untyped-decorator] # the package carries no types
@limits(calls=1, period=settings.UPSTREAM_PAUSE)  # type: ignore[untyped-decorator] # as above
def _belt() -> None:
    """A second belt: this process alone calls no faster, whatever the database says."""


@contextmanager
def turn(upstream: str, *, urgent: bool, patience: float) -> Iterator[None]:
    """Wait for a turn; it is held in the block, in which one call is made.

    `urgent`: somebody waits, so go before all that is not. Raises Unavailable, with the seconds
    to wait, when none comes within `patience` seconds.
    """
    held = _wait(upstream, urgent, time.monotonic() + patience)
    try:
        _belt()
        yield
    finally:
        _give_back(held)


def push_back(upstream: str, seconds: float) -> float:
    """The server said that it is too much: nobody calls for so long, and then more slowly.
    Answers for how long that is, for there is a most."""
    pause = timedelta(seconds=min(max(0.0, seconds), _LONGEST.total_seconds()))
    now = _now()
    Upstream.objects.filter(name=upstream).update(
        next_at=Greatest(F("next_at"), now + pause),
        slow_until=Greatest(F("slow_until"), now + pause + _SLOW),
    )
    return pause.total_seconds()


def row_of(upstream: str) -> Upstream:
    """The row of this server, made at its first use; locked within a transaction."""
    rows = Upstream.objects.select_for_update() if connection.in_atomic_block else Upstream.objects
    found = rows.filter(name=upstream).first()
    if found is None:
        now = _now()
        fresh = Upstream(
            name=upstream,
            next_at=now,
            turns=[now] * settings.UPSTREAM_TURNS,
            urgent_until=now,
            slow_until=now,
        )
        Upstream.objects.bulk_create([fresh], ignore_conflicts=True)
        found = rows.get(name=upstream)
    return found


def _wait(upstream: str, urgent: bool, until: float) -> Turn:
    while True:
        got = _take(upstream, urgent)
        if isinstance(got, Turn):
            return got
        if time.monotonic() + got > until:
            raise Unavailable(
                "Too much is asked of it at the moment.",
                code="upstream_busy",
                retry_after=max(1, round(got)),
            )
        # Not all at the same moment again.
        time.sleep(got + random.uniform(0, 0.02))  # noqa: S311 - nothing secret


@transaction.atomic
def _take(upstream: str, urgent: bool) -> Turn | float:
    """A turn, or after how many seconds to ask again."""
    row = row_of(upstream)
    now, free = _now(), min(row.turns)
    wait = _until_free(row, now, urgent)
    if wait > 0:
        if urgent:
            # For as long as it sleeps, too: else somebody else takes what it waits for.
            row.urgent_until = max(row.urgent_until, now + timedelta(seconds=wait) + _ANNOUNCED)
            row.save(update_fields=["urgent_until"])
        return wait
    held = Turn(upstream, row.turns.index(free), now + LEASE)
    row.turns[held.place] = held.until
    pause = settings.UPSTREAM_PAUSE * (_SLOWER if row.slow_until > now else 1)
    row.next_at = now + timedelta(seconds=pause)
    row.save(update_fields=["turns", "next_at"])
    return held


def _until_free(row: Upstream, now: datetime, urgent: bool) -> float:
    """Seconds until it is worth asking again; not above 0 when a turn is free."""
    wait = (row.next_at - now).total_seconds()
    free = (min(row.turns) - now).total_seconds()
    if free > settings.UPSTREAM_WINDOW:
        # All are out; one may come back at any moment.
        free = _LOOK
    if not urgent and row.urgent_until > now:
        wait = max(wait, _LOOK)
    return max(wait, free)


@transaction.atomic
def _give_back(held: Turn) -> None:
    row = row_of(held.upstream)
    # Unless it was taken for lost, and is somebody else's by now.
    if row.turns[held.place] == held.until:
        row.turns[held.place] = _now() + timedelta(seconds=settings.UPSTREAM_WINDOW)
        row.save(update_fields=["turns"])


def _now() -> datetime:
    """By the database's clock, which all processes share; later within a transaction, too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    assert isinstance(now, datetime)
    return now

"""Kinds of jobs that only tests know."""

import os
from collections.abc import Iterator

from django.db import connection

from kiremisu.jobs.models import Job
from kiremisu.jobs.queue import cancel, enqueue
from kiremisu.jobs.running import PutOff, Step, Work
from kiremisu.lib import logs
from kiremisu.lib.errors import UpstreamFailed

log = logs.get(__name__)


def count(work: Work) -> Iterator[Step]:
    """Counts to the argument `to`, from where the cursor stands."""
    to = work.arguments.get("to", 3)
    for number in range(work.cursor.get("at", 0) + 1, to + 1):
        work.cursor["at"] = number
        yield Step(number, to, f"counted to {number}")


def fail(work: Work) -> Iterator[Step]:
    yield Step(1, 2, "so far, so good")
    raise ValueError("the tide is out")


def wait(work: Work) -> Iterator[Step]:
    """Can do nothing yet."""
    yield Step(1, 2, "so far, so good")
    raise PutOff(60, "the harbour is closed")


def fumble(work: Work) -> Iterator[Step]:
    """Fails in what it applies, after the row is written."""
    yield Step(1, 1, apply=lambda: (enqueue("count"), int("not a number")))
    raise UpstreamFailed("not reached")


def half(work: Work) -> Iterator[Step]:
    """Calls itself off at its first step; takes note when it is closed."""
    try:
        cancel(work.job)
        yield Step(1, 2, apply=lambda: None)
        raise AssertionError("went on")
    finally:
        enqueue("count", key="closed")


def finish(work: Work) -> Iterator[Step]:
    """Done with its only step, in the same transaction."""
    yield Step(1, 1, apply=lambda: enqueue("count", key="effect"), last=True)
    raise AssertionError("went on")


def makes_way(work: Work) -> Iterator[Step]:
    """Could go on for ever, and need not."""
    while True:
        yield Step(1, 2, pausable=True)


def endless(work: Work) -> Iterator[Step]:
    number = 0
    while True:
        _execute("SELECT pg_sleep(0.05)")
        number += 1
        yield Step(number)


def deadly(work: Work) -> Iterator[Step]:
    """Takes its worker along."""
    os._exit(9)
    yield Step()


def effect(work: Work) -> Iterator[Step]:
    """Adds one row to the table `effects`, which nothing protects from a second one."""
    log.info("at work")
    _execute("SELECT pg_sleep(0.02)")
    if not work.cursor.get("counted"):
        work.cursor["counted"] = True
        row = "INSERT INTO effects (job) VALUES (%s)"
        yield Step(1, 2, apply=lambda: _execute(row, work.job.pk))
    _execute("SELECT pg_sleep(0.02)")
    yield Step(2, 2)


def steal(job: Job) -> None:
    """Another worker takes the job over."""
    Job.objects.filter(pk=job.pk).update(owner="somebody:1:else")


def _execute(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)

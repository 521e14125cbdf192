"""Kinds of jobs that only tests know."""

from collections.abc import Iterator

from django.db import connection

from kiremisu.jobs.running import Step, Work
from kiremisu.lib import logs

log = logs.get(__name__)


def count(work: Work) -> Iterator[Step]:
    """Counts to `argument("to")`, from where the cursor stands."""
    to = work.arguments.get("to", 3)
    for number in range(work.cursor.get("at", 0) + 1, to + 1):
        work.cursor["at"] = number
        yield Step(number, to, f"counted to {number}")


def fail(work: Work) -> Iterator[Step]:
    yield Step(1, 2, "so far, so good")
    raise ValueError("the tide is out")


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


def _execute(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)

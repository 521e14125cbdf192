"""Kinds of jobs that only tests know."""

from collections.abc import Iterator

from kiremisu.jobs.running import Step, Work


def count(work: Work) -> Iterator[Step]:
    """Counts to `argument("to")`, from where the cursor stands."""
    to = work.arguments.get("to", 3)
    for number in range(work.cursor.get("at", 0) + 1, to + 1):
        work.cursor["at"] = number
        yield Step(number, to, f"counted to {number}")


def fail(work: Work) -> Iterator[Step]:
    yield Step(1, 2, "so far, so good")
    raise ValueError("the tide is out")

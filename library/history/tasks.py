"""The job that takes back what a run or a day changed."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from kiremisu.jobs.running import Step, Work
from library import acts, history
from library.models import FactChange

_AT_ONCE = 50  # series


def undo(work: Work) -> Iterator[Step]:
    """Take back what the `run` or the `day` of the arguments changed, series by series, as an act
    of whoever asked."""
    by = work.job.asked_by
    if by is None:
        return
    run, day = work.arguments.get("run"), work.arguments.get("day")
    lines = history.lines_of(
        by, UUID(run) if run else None, date.fromisoformat(day) if day else None
    )
    # Its own lines may be of that day, too.
    lines = lines.exclude(run=work.job.pk)
    total = lines.order_by().values("series").distinct().count()
    done = work.cursor.get("done", 0)
    while some := _next(lines, work.cursor.get("last")):

        def apply(some: list[FactChange] = some) -> None:
            with acts.as_one(work.job.pk, by):
                for series_id, own in groupby(some, key=attrgetter("series_id")):
                    count = history.take_back(series_id, own)
                    work.cursor["undone"] = work.cursor.get("undone", 0) + count
            work.cursor["last"] = str(some[-1].series_id)

        done += len({line.series_id for line in some})
        work.cursor["done"] = done
        yield Step(done, max(total, done), "Taking back", apply=apply, pausable=True)
    undone = work.cursor.get("undone", 0)
    yield Step(done, done, f"{undone} facts stand as before", last=True)


def _next(lines: Any, last: str | None) -> list[FactChange]:
    """The lines of the next few series, series by series."""
    rest = lines.filter(series__gt=UUID(last)) if last else lines
    series = rest.order_by("series").values_list("series", flat=True).distinct()[:_AT_ONCE]
    return list(lines.filter(series__in=list(series)).order_by("series", "id"))

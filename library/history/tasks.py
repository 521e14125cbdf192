"""The jobs that take back what a run or a day changed, and that heed a library's new order."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from kiremisu.accounts.models import User
from kiremisu.jobs.running import Step, Work
from library import acts, history, knowing, sheets, showing
from library.batches import undoing
from library.models import FactChange, Memo, Series, SeriesQuery

_AT_ONCE = 50  # series
# Of an act besides facts; each may move many rows.
_TAKEN_BACK = 20


def undo(work: Work) -> Iterator[Step]:
    """Take back what the `run` or the `day` of the arguments changed, series by series, as an act
    of whoever asked: of a run first what it did besides, then facts."""
    by = work.job.asked_by
    if by is None:
        return
    run, day = work.arguments.get("run"), work.arguments.get("day")
    if run:
        yield from _done_besides(work, by, UUID(run))
    if by.curates:
        yield from _facts(work, by, UUID(run) if run else None, day)

    def settle() -> None:
        if run:
            undoing.settle(by, UUID(run))

    done = work.job.done
    yield Step(done, done, _told(work.cursor), apply=settle, last=True)


def _told(cursor: Mapping[str, Any]) -> str:
    """What came of it, in words."""
    facts = f"{cursor.get('undone', 0)} facts stand as before"
    if not cursor.get("besides"):
        return facts
    kept = cursor.get("kept", 0)
    told = f"{cursor.get('taken', 0)} series taken back" + (f", {kept} not" if kept else "")
    return f"{told}; {facts}"


def _done_besides(work: Work, by: User, run: UUID) -> Iterator[Step]:
    """Have the undo of its operation heard, series by series."""
    done, last = work.cursor.get("besides", 0), work.cursor.get("memo")
    total = done + undoing.left(by, run, UUID(last) if last else None).count()
    while some := list(undoing.left(by, run, UUID(last) if last else None)[:_TAKEN_BACK]):

        def apply(some: list[Memo] = some) -> None:
            with showing.together(), acts.as_one(work.job.pk, by):
                taken, kept = undoing.take_back(by, some)
            work.cursor["taken"] = work.cursor.get("taken", 0) + taken
            work.cursor["kept"] = work.cursor.get("kept", 0) + kept
            work.cursor["memo"] = str(some[-1].pk)

        done, last = done + len(some), str(some[-1].pk)
        work.cursor["besides"] = done
        yield Step(done, max(total, done), "Taking back", apply=apply, pausable=True)


def _facts(work: Work, by: User, run: UUID | None, day: str | None) -> Iterator[Step]:
    lines = history.lines_of(by, run, date.fromisoformat(day) if day else None)
    # Its own lines may be of that day, too.
    lines = lines.exclude(run=work.job.pk)
    total = lines.order_by().values("series").distinct().count()
    done = work.cursor.get("done", 0)
    while some := _next(lines, work.cursor.get("last")):

        def apply(some: list[FactChange] = some) -> None:
            sheets.hold({line.series_id for line in some})
            with showing.together(), acts.as_one(work.job.pk, by):
                for series_id, own in groupby(some, key=attrgetter("series_id")):
                    count = history.take_back(series_id, own)
                    work.cursor["undone"] = work.cursor.get("undone", 0) + count
            work.cursor["last"] = str(some[-1].series_id)

        done += len({line.series_id for line in some})
        work.cursor["done"] = done
        yield Step(done, max(total, done), "Taking back", apply=apply, pausable=True)


def reconsider(work: Work) -> Iterator[Step]:
    """Show of the series of a library what follows of its order of sources."""
    told = Series.objects.filter(library=work.job.subject, source_metadata__has_key="sources")
    told = told.order_by("id")
    total, done = told.count(), work.cursor.get("done", 0)
    last = work.cursor.get("last")
    while some := _ids(told, last):

        def apply(some: list[UUID] = some) -> None:
            sheets.hold(some)
            with showing.together():
                for series_id in some:
                    knowing.reconsider(series_id, work.job.pk)
            work.cursor["last"] = str(some[-1])

        done, last = done + len(some), str(some[-1])
        work.cursor["done"] = done
        yield Step(done, max(total, done), "Weighing facts", apply=apply, pausable=True)
    yield Step(done, done, f"{done} series looked at", last=True)


def _ids(series: SeriesQuery, last: str | None) -> list[UUID]:
    rest = series.filter(pk__gt=UUID(last)) if last else series
    return list(rest.values_list("pk", flat=True)[:_AT_ONCE])


def _next(lines: Any, last: str | None) -> list[FactChange]:
    """The lines of the next few series, series by series."""
    rest = lines.filter(series__gt=UUID(last)) if last else lines
    series = rest.order_by("series_id").values_list("series", flat=True).distinct()[:_AT_ONCE]
    return list(lines.filter(series__in=list(series)).order_by("series_id", "id"))

"""What became of the facts of series, and taking it back: a change, a series, a run, a day.

An undo is itself a person's act with lines of its own, so that it can be undone, too.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from kiremisu.accounts.models import User
from kiremisu.accounts.ratings import Rating, lost
from kiremisu.jobs import queue
from kiremisu.jobs.models import Job, Priority
from kiremisu.lib.errors import Conflict
from kiremisu.lib.schemas import Paging, part
from library import knowing, placing, sheets
from library.merging import RATED, Stood, is_same
from library.models import FactChange, Series


def of_series(user: User, found: Series, paging: Paging) -> dict[str, Any]:
    """A part of what became of the facts of a series, the newest first."""
    lines = FactChange.objects.visible_to(user).filter(series=found)
    rows = lines.select_related("by").order_by("-id")[paging.bounds]
    return part([shown(row) for row in rows], lines.count(), paging)


def shown(line: FactChange) -> dict[str, Any]:
    """A line of the history as the API shows it."""
    return {
        "id": line.pk,
        "created": line.created,
        "updated": line.created,
        "field": line.field,
        "before": line.before.model_dump(),
        "after": line.after.model_dump(),
        "source": line.source,
        "run": line.run,
        "by": str(line.by) if line.by else "",
    }


@transaction.atomic
def undo(line: FactChange) -> FactChange:
    """Have its field stand as before this line, whatever came after; the line that says so.

    Raises Conflict when it stands so already.
    """
    series = sheets.held(line.series_id)
    if not knowing.restore(series, {line.field: line.before}):
        raise Conflict("This fact stands as it did before.")
    lines = FactChange.objects.filter(series=series, field=line.field)
    return lines.select_related("by").latest("id")


@transaction.atomic
def undo_all(found: Series) -> None:
    """Have all facts of a series stand as they first did."""
    series = sheets.held(found.pk)
    knowing.restore(series, {line.field: line.before for line in _first(series.history.all())})


def request_undo(user: User, run: UUID | None = None, day: date | None = None) -> Job:
    """Have a job take back what one run did, or what was changed on one day (UTC)."""
    told = {"run": str(run)} if run else {"day": str(day)}
    key = f"undo:{user.pk}:{run or day}"
    return queue.enqueue("undo", key=key, arguments=told, priority=Priority.SOON, asked_by=user)


def lines_of(user: User, run: UUID | None = None, day: date | None = None) -> Any:
    """What one run changed, or what was changed on one day, of series this person may see."""
    lines = FactChange.objects.visible_to(user)
    if run is not None:
        return lines.filter(run=run)
    assert day is not None
    start = datetime.combine(day, time(), UTC)
    return lines.filter(created__gte=start, created__lt=start + timedelta(days=1))


def take_back(series_id: UUID, lines: Iterable[FactChange]) -> int:
    """Undo these lines of a series, within the caller's transaction. What was changed again since
    then stays as it is, and so does a rating for whose sake others may be in it. Answers how many
    fields stand otherwise now."""
    series = sheets.held(series_id)
    now = sheets.standing(series)
    first, last = _by_field(lines)
    wanted = {
        field: stood
        for field, stood in first.items()
        if is_same(field, now[field], last[field]) and not is_same(field, now[field], stood)
    }
    if RATED in wanted and _must_stay_rated(series, wanted[RATED]):
        del wanted[RATED]
    knowing.restore(series, wanted)
    return len(wanted)


def _must_stay_rated(series: Series, to: Stood) -> bool:
    """Whether a lower rating would show what people put into it while it was rated higher: a
    person lowers it, no undo of much else."""
    if not lost(Rating(to.value), Rating(series.content_rating)):
        return False
    placed = series.chapters.filter(by_hand__contains=[placing.BY_HAND])
    return placed.exists() or series.merged.exists()


def _by_field(lines: Iterable[FactChange]) -> tuple[dict[str, Stood], dict[str, Stood]]:
    """How each field stood before the first of these lines, and after the last."""
    first: dict[str, Stood] = {}
    last: dict[str, Stood] = {}
    for line in sorted(lines, key=lambda line: line.pk):
        first.setdefault(line.field, line.before)
        last[line.field] = line.after
    return first, last


def _first(lines: Any) -> Sequence[FactChange]:
    """The first line of each field."""
    return list(lines.order_by("field", "id").distinct("field"))

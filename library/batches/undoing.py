"""What was done to series, to look at and to take back."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.module_loading import import_string

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job
from kiremisu.lib.errors import Conflict, NotThere, Refused
from kiremisu.lib.schemas import Paging, part
from kiremisu.lib.text import clean
from library import history, sheets
from library.models import Deed, DeedQuery, FactChange, Memo, Series

# Of rows, and of pictures.
_ID = re.compile("[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")

# Takes back what an operation did to a series, in a transaction and for this person, by what the
# operation remembered. Raises Refused where something else was done to it since.
Undo = Callable[[User, UUID, dict[str, Any]], None]


def request(user: User, deed: Deed) -> Job:
    """Have a job take back what was done, and the facts that changed with it. Raises Conflict where
    nothing of it stands any more, it changed nothing that could be taken back, or a job is still at
    it."""
    if deed.undone_at is not None:
        raise Conflict("This was taken back already.", code="undone_already")
    if Job.objects.live().filter(pk=deed.pk).exists():
        raise Conflict("It is still being done: stop its job first.", code="still_at_it")
    if not is_undoable(deed):
        raise Conflict("There is nothing to take back.", code="nothing_to_undo")
    return history.request_undo(user, run=deed.pk)


def is_undoable(deed: Deed) -> bool:
    """Whether it changed something that can be taken back, and was not yet."""
    if deed.undone_at is not None:
        return False
    told = deed.memos.exclude(raw_before={})
    return told.exists() or FactChange.objects.filter(run=deed.pk).exists()


def counted(user: User) -> DeedQuery:
    """What this person may take back, as `with_counts` has it, the newest first."""
    return with_counts(Deed.objects.visible_to(user)).order_by("-id")


def with_counts(deeds: DeedQuery) -> DeedQuery:
    """Each with how many series it was done to (`series_count`) and of how many it still stands
    (`left_count`)."""
    found = deeds.select_related("by", "undone_by")
    # Asked row by row, so that of all acts only those of a page are counted.
    return found.annotate(series_count=_many(), left_count=_many(undone_at=None))


def _many(**which: Any) -> Coalesce:
    memos = Memo.objects.order_by().filter(deed=OuterRef("pk"), **which)
    return Coalesce(Subquery(memos.values("deed").annotate(many=Count("pk")).values("many")), 0)


def listed(user: User, paging: Paging) -> dict[str, Any]:
    """A part of what was done, the newest first."""
    rows = counted(user)[paging.bounds]
    return part([shown(row) for row in rows], Deed.objects.visible_to(user).count(), paging)


def one(user: User, run: UUID) -> dict[str, Any]:
    """One act, as the API tells it. Raises DoesNotExist."""
    return shown(counted(user).get(pk=run))


def shown(deed: Any) -> dict[str, Any]:
    """One of those that `counted` finds, as the API tells it."""
    return {
        "id": deed.pk,
        "created": deed.created,
        "updated": deed.updated,
        "operation": deed.operation,
        "options": in_words(deed),
        "by": str(deed.by) if deed.by else "",
        "series": deed.series_count,
        "left": deed.left_count,
        "undone": deed.undone_at,
        "undone_by": str(deed.undone_by) if deed.undone_by else "",
    }


def in_words(deed: Deed) -> str:
    """The options it was done with, in a line; what they name by ids the words of each series
    tell."""
    options = (deed.options.model_extra or {}).items()
    told = ((name.replace("_", " "), _in_words(value)) for name, value in options)
    return "; ".join(f"{name}: {words}" for name, words in told if words)


def _in_words(value: object) -> str:
    several = value if isinstance(value, list) else [value]
    named = [str(one) for one in several if not _ID.fullmatch(str(one))]
    return ", ".join(named) if len(named) == len(several) else ""


def series_of(user: User, deed: Deed, paging: Paging) -> dict[str, Any]:
    """A part of the series to which it was done, in the order in which it was."""
    rows = _seen(user, deed).order_by("id")
    told = [
        {
            "id": row.series_id,
            "words": row.words,
            "undone": row.undone_at,
            "refused": row.refused,
        }
        for row in rows[paging.bounds]
    ]
    return part(told, rows.count(), paging)


def _seen(user: User, deed: Deed) -> QuerySet[Memo]:
    return deed.memos.filter(series__in=Series.objects.within_reach_of(user))


def left(user: User, run: UUID, after: UUID | None) -> QuerySet[Memo]:
    """What is still to be taken back of an act that this person may take back, the last first."""
    deeds = Deed.objects.visible_to(user).filter(pk=run)
    rows = Memo.objects.filter(deed__in=deeds, undone_at=None)
    return (rows.filter(pk__lt=after) if after else rows).order_by("-id")


def take_back(user: User, memos: Sequence[Memo]) -> tuple[int, int]:
    """Take these back, each for itself, within the caller's transaction; why one could not be is
    kept with it. Answers how many were, and how many could not be."""
    now, ids = timezone.now(), [memo.series_id for memo in memos]
    if user.curates:
        sheets.hold(ids)
    # Somebody else may have asked for the same.
    rows = Memo.objects.select_for_update(of=("self",)).select_related("deed")
    still = list(rows.filter(pk__in=[one.pk for one in memos], undone_at=None).order_by("-id"))
    reached = set(
        Series.objects.within_reach_of(user).filter(pk__in=ids).values_list("pk", flat=True)
    )
    for memo in still:
        try:
            if memo.series_id not in reached:
                raise NotThere("There is no such series.")
            _take_back(user, memo, now)
        except Refused as error:
            memo.refused = clean(error.detail, 500)
    Memo.objects.bulk_update(still, ["undone_at", "refused"])
    taken = sum(memo.undone_at is not None for memo in still)
    return taken, len(still) - taken


@transaction.atomic
def _take_back(user: User, memo: Memo, now: datetime) -> None:
    told = memo.before.memo
    if told is not None:
        _undo_of(memo.deed.operation)(user, memo.series_id, told)
    memo.undone_at, memo.refused = now, ""


def settle(user: User, run: UUID) -> None:
    """Where nothing of it stands any more, it is undone."""
    now = timezone.now()
    deeds = Deed.objects.visible_to(user).filter(pk=run, undone_at=None)
    whole = deeds.exclude(memos__undone_at=None)
    whole.update(undone_at=now, undone_by=user, updated=now)


def old() -> DeedQuery:
    """What was done so long ago that it is forgotten. A merge stays while it stands: by nothing
    else it is taken apart."""
    standing = Q(operation__in=settings.ACTS_NOT_FORGOTTEN, undone_at=None)
    long_ago = Deed.objects.filter(created__lt=timezone.now() - settings.ACTS_KEPT)
    return long_ago.exclude(standing).order_by("id")


@cache
def _undo_of(operation: str) -> Undo:
    undo: Undo = import_string(settings.SERIES_UNDOS[operation])
    return undo

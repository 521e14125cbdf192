"""One operation on many series: all of them or none, or each for itself."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Priority
from kiremisu.jobs.queue import enqueue
from kiremisu.lib.errors import FieldError, Invalid, NotThere, Refused
from kiremisu.lib.text import clean
from library import acts, sheets, showing
from library.acts import Done
from library.batches.schemas import BatchWanted
from library.merging import Stood
from library.models import Deed, FactChange, Memo, Series, SeriesQuery
from library.shapes import Before, Given

# So many changes are shown before they are made.
_SHOWN = 1000
# What is done to series that nobody sees.
_OF_HIDDEN = {"restore"}

# Does it to one series, in a transaction, or raises Refused. Of what it does besides changing facts
# it answers what that is, and what its undo has to know.
Operation = Callable[[User, Series, dict[str, Any]], Done | None]


def answered(user: User, wanted: BatchWanted) -> dict[str, Any]:
    """A batch, or what it would change, as the API answers it."""
    return preview(user, wanted) if wanted.preview else perform(user, wanted)


def preview(user: User, wanted: BatchWanted) -> dict[str, Any]:
    """What a batch would do and which facts it would change: it is done, looked at, and taken
    back, so that it says what will be so. Raises as `perform`."""
    with transaction.atomic():
        told = perform(user, wanted)
        lines = FactChange.objects.filter(run=told["run"], series__in=wanted.ids).order_by("id")
        changes = [
            {
                "series": line.series_id,
                "field": line.field,
                "before": in_words(line.before),
                "after": in_words(line.after),
            }
            for line in lines[:_SHOWN]
        ]
        transaction.set_rollback(True)
    return told | {"run": None, "changes": changes}


def in_words(stood: Stood) -> str:
    """How a fact stands, in a line; a lock is said behind it."""
    value = stood.value
    several = value if isinstance(value, list) else [value]
    named = (
        next((one[name] for name in ("text", "name", "address") if name in one), "")
        if isinstance(one, dict)
        else one
        for one in several
    )
    told = ", ".join(str(one) for one in named if one not in (None, ""))
    return f"{told} (locked)".strip() if stood.locked else told


def request(user: User, wanted: BatchWanted, ids: Sequence[UUID]) -> Deed:
    """Have a job do to these series, in the place of those that are named, what is wanted, each for
    itself. The job has the id of the act, which is kept from the start. Raises Invalid."""
    _operation(wanted.operation)
    told = {"operation": wanted.operation, "options": wanted.options}
    told["series"] = [str(key) for key in ids]
    with transaction.atomic():
        job = enqueue("act", arguments=told, priority=Priority.SOON, asked_by=user)
        return _kept(user, wanted, job.pk)


def perform(user: User, wanted: BatchWanted, run: UUID | None = None) -> dict[str, Any]:
    """What was done and what was not, as one act, of this run where one is given; it is kept, to be
    taken back. Of `all`, the first refusal takes back everything."""
    operation = _operation(wanted.operation)
    seen = _seen(user, wanted.operation).filter(pk__in=wanted.ids)
    found = {series.pk: series for series in seen.select_related("library")}
    done: dict[UUID, Done | None] = {}
    failed: list[dict[str, Any]] = []
    with showing.together(), acts.as_one(run, user) as act:
        if user.curates:
            # What others do to many is their own, and waits for nobody.
            sheets.hold(found)
        for place, key in enumerate(wanted.ids):
            try:
                with transaction.atomic():
                    done[key] = _one(user, operation, found.get(key), wanted.options)
            except Refused as error:
                if wanted.mode == "all":
                    raise _naming(error, place) from error
                failed.append({"id": key, "code": error.code, "detail": error.detail})
        if done:
            _keep(user, wanted, act.run, done)
    words = [{"series": key, "words": one.says} for key, one in done.items() if one]
    return {"done": list(done), "failed": failed, "run": act.run, "changes": [], "words": words}


def _seen(user: User, operation: str) -> SeriesQuery:
    if operation in _OF_HIDDEN and user.curates:
        return Series.objects.within_reach_of(user)
    return Series.objects.visible_to(user)


def _one(
    user: User, operation: Operation, series: Series | None, options: dict[str, Any]
) -> Done | None:
    if series is None:
        raise NotThere("There is no such series.")
    return operation(user, series, options)


def _keep(user: User, wanted: BatchWanted, run: UUID, done: Mapping[UUID, Done | None]) -> None:
    """Remember what was done, with how it stood before."""
    deed, rows = _kept(user, wanted, run), []
    for key, one in done.items():
        row = Memo(deed=deed, series_id=key, words=clean(one.says if one else "", 500))
        row.before = Before(memo=one.memo if one else None)
        rows.append(row)
    Memo.objects.bulk_create(rows)
    if deed.undone_at is not None:
        # It was taken back half-way, and is gone on with: there is something to take back again.
        again = {"undone_at": None, "undone_by": None, "updated": timezone.now()}
        Deed.objects.filter(pk=run).update(**again)


def _kept(user: User, wanted: BatchWanted, run: UUID) -> Deed:
    facts = {
        "by": user,
        "operation": wanted.operation,
        "raw_options": Given.model_validate(wanted.options).model_dump(mode="json"),
        "is_own": wanted.operation in settings.OWN_OPERATIONS,
    }
    return Deed.objects.get_or_create(pk=run, defaults=facts)[0]


def _naming(error: Refused, place: int) -> Refused:
    """The same refusal, that says which id it was."""
    named = FieldError(f"ids.{place}", error.detail, error.code)
    return type(error)(error.detail, code=error.code, errors=(named, *error.errors))


def _operation(name: str) -> Operation:
    known: dict[str, str] = settings.SERIES_OPERATIONS
    if name not in known:
        wrong = FieldError("operation", f"One of {', '.join(known)}.")
        raise Invalid("There is no such operation.", errors=(wrong,))
    operation: Operation = import_string(known[name])
    return operation

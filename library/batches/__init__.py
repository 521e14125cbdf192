"""One operation on many series: all of them or none, or each for itself."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from kiremisu.accounts.models import User
from kiremisu.lib.errors import FieldError, Invalid, NotThere, Refused
from library import acts, sheets, showing
from library.batches.schemas import BatchWanted
from library.models import Series

# Does it to one series, in a transaction, or raises Refused.
Operation = Callable[[User, Series, dict[str, Any]], object]


def perform(user: User, wanted: BatchWanted) -> dict[str, Any]:
    """What was done and what was not, as one act. Of `all`, the first refusal takes back
    everything."""
    operation = _operation(wanted.operation)
    visible = Series.objects.visible_to(user).filter(pk__in=wanted.ids)
    found = {series.pk: series for series in visible.select_related("library")}
    done: list[UUID] = []
    failed: list[dict[str, Any]] = []
    with showing.together(), acts.as_one():
        if user.curates:
            # What others do to many is their own, and waits for nobody.
            sheets.hold(found)
        for place, key in enumerate(wanted.ids):
            try:
                with transaction.atomic():
                    _one(user, operation, found.get(key), wanted.options)
                done.append(key)
            except Refused as error:
                if wanted.mode == "all":
                    raise _naming(error, place) from error
                failed.append({"id": key, "code": error.code, "detail": error.detail})
    return {"done": done, "failed": failed}


def _one(user: User, operation: Operation, series: Series | None, options: dict[str, Any]) -> None:
    if series is None:
        raise NotThere("There is no such series.")
    operation(user, series, options)


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

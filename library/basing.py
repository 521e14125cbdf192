"""Edits that say which state they are based on: of many based on one, one succeeds."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Model

from kiremisu.lib.versions import check_base
from library import sheets
from library.models import Series


@transaction.atomic
def changed(change: Callable[..., Any], found: Model, base: str | None, **changes: Any) -> Any:
    """`change(found, **changes)`, unless `base` (an If-Match header) names an older state of
    what is `updated`.

    Raises LostUpdate then. Without a base the last writer wins, as ever.
    """
    if base is None:
        return change(found, **changes)
    # Locked, so that the next of several writers sees what this one did.
    latest = _held(found)
    check_base(base, latest.updated)
    return change(latest, **changes)


def _held(found: Model) -> Any:
    if isinstance(found, Series):
        return sheets.held(found.pk)
    return type(found)._default_manager.select_for_update().get(pk=found.pk)

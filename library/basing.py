"""Edits that say which state they are based on: of many based on one, one succeeds."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from kiremisu.lib.versions import check_base
from library.models import Chapter, Library, Series

Kept = Library | Series | Chapter


@transaction.atomic
def changed(change: Callable[..., Kept], found: Kept, base: str | None, **changes: Any) -> Kept:
    """`change(found, **changes)`, unless `base` (an If-Match header) names an older state.

    Raises LostUpdate then. Without a base the last writer wins, as ever.
    """
    if base is None:
        return change(found, **changes)
    # Locked, so that the next of several writers sees what this one did.
    latest = type(found)._default_manager.select_for_update().get(pk=found.pk)
    check_base(base, latest.updated)
    return change(latest, **changes)

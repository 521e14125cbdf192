"""What hangs on a series that is merged into another, and hangs on that one from then on."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils.module_loading import import_string
from pydantic import JsonValue


class Follow(NamedTuple):
    """One of settings' AFTER_MERGE. Both are called with the series and the one it was merged into,
    within the transaction that does it: `merged` answers what `parted` has to know, as JSON."""

    name: str
    merged: Callable[[UUID, UUID], JsonValue]
    parted: Callable[[UUID, UUID, Any], None]


@cache
def follows() -> list[Follow]:
    return [import_string(path) for path in settings.AFTER_MERGE]


def move[M: Model](rows: QuerySet[M], target: UUID, *once_for: str) -> list[UUID]:
    """Have these rows of a series be of this one, but those of which it has its own: there is one
    for each of these fields' values. Answers which were moved."""
    same = {name: OuterRef(name) for name in once_for}
    own = rows.model._default_manager.filter(series=target, **same)
    ids = list(rows.exclude(Exists(own)).order_by("pk").values_list("pk", flat=True))
    rows.model._default_manager.filter(pk__in=ids).update(series=target)
    return ids


def bring_back(model: type[Model], ids: Iterable[str], series: UUID, target: UUID) -> None:
    """Have rows that were moved, and are still where they were moved to, be of their series
    again."""
    wanted = [UUID(one) for one in ids]
    model._default_manager.filter(pk__in=wanted, series=target).update(series=series)


def told(ids: Iterable[UUID]) -> list[JsonValue]:
    """As they are remembered."""
    return [str(one) for one in ids]

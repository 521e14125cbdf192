"""Which of a series' chapters are meant."""

import re
from collections.abc import Collection
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from kiremisu.lib.errors import FieldError, Invalid
from library.models import Chapter, Series

_NUMBER = r"\d{1,8}(?:\.\d{1,3})?"
_PART = re.compile(rf"\s*(v?)\s*({_NUMBER})(?:\s*-\s*({_NUMBER}))?\s*", re.ASCII | re.IGNORECASE)


def chosen(series: Series, ids: Collection[UUID], which: str) -> list[Chapter]:
    """Those of its chapters that are among these ids, or have these numbers: "1-20, 25, v3", where
    a `v` means volumes. Raises Invalid where neither or both are told, or none is found."""
    if bool(ids) == bool(which):
        raise _invalid("chapters", "Say which chapters, by their ids or by their numbers.")
    wanted = _numbered(which) if which else Q(pk__in=ids)
    found = list(series.chapters.shown().filter(wanted).in_order())
    if not found:
        raise _invalid("which" if which else "chapters", "It has no such chapters.")
    return found


def _numbered(which: str) -> Q:
    wanted = Q()
    for part in which.split(","):
        read = _PART.fullmatch(part)
        if read is None:
            raise _invalid("which", "Say it like 1-20, 25, v3.")
        is_volume, first, last = read.groups()
        name = "volume" if is_volume else "number"
        span = (Decimal(first), Decimal(last or first))
        wanted |= Q(**{f"{name}_order__range": span}) & ~Q(**{name: ""})
    return wanted


def _invalid(field: str, detail: str) -> Invalid:
    return Invalid(detail, errors=(FieldError(f"options.{field}", detail),))

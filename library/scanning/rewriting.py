"""Setting columns of chapters that are there: what people set stays."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from library.inspection import Facts
from library.models import NO_NUMBER, NO_VOLUME
from library.naming.rules import unruled

FACTS = (
    *("volume", "number", "volume_order", "number_order", "title", "year"),
    *("group", "language", "edition", "special", "raw_unruled"),
)
# Facts that people set stay; an order stays with its number.
_GUARDS = {name: name.removesuffix("_order") for name in FACTS} | {"series_id": "series"}


def values_of(facts: Facts) -> tuple[Any, ...]:
    """The values for `FACTS`."""
    below = unruled(facts)
    volume_order = Decimal(facts.volume_order or NO_VOLUME)
    number_order = Decimal(facts.number_order or NO_NUMBER)
    return (
        *(facts.volume, facts.number, volume_order, number_order, facts.title),
        *(facts.year, facts.group, facts.language, facts.edition, facts.special),
        json.dumps(below) if below else None,
    )


def rewrite(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Set these columns of chapters, but for what people set; each row ends with the id."""
    columns = ", ".join(
        f'"{name}" = CASE WHEN \'{guard}\' = ANY(by_hand) THEN "{name}" ELSE %s END'
        if (guard := _GUARDS.get(name))
        else f'"{name}" = %s'
        for name in names
    )
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE library_chapter SET {columns} WHERE id = %s",  # noqa: S608 - our names
                rows,
            )

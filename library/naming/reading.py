"""Chapters of a library as its rules read them anew."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from library import placing
from library.inspection import Facts, first_number, key_of
from library.naming.rules import Naming, over
from library.shapes import Unruled

_ROWS = """
    SELECT id, path, series_id, by_hand, missing_since IS NULL, size, mtime_ns, special,
        volume, number, title, year, "group", language, edition, raw_unruled::text
    FROM library_chapter WHERE library_id = %s
"""
_READABLE = ("volume", "number", "title", "year", "group", "language", "edition")


class Held(NamedTuple):
    """A chapter as it stands. `series`: by which name it came there, where rules say another."""

    id: UUID
    path: str
    series_id: UUID
    by_hand: Collection[str]
    is_here: bool
    size: int
    mtime_ns: int
    now: Sequence[Any]
    named: Facts

    @property
    def is_placed(self) -> bool:
        """Whether people put it where it is."""
        return placing.BY_HAND in self.by_hand


class Wish(NamedTuple):
    """What is to be read of a chapter's name, but for what rules of its series say. `series`: the
    name of the series that it is of, "" where it stays; `rule`: the library's one that fits."""

    held: Held
    facts: Facts
    series: str
    rule: UUID | None


def wishes(library_id: UUID, naming: Naming, ids: Collection[UUID] | None = None) -> Iterator[Wish]:
    """For each chapter of the library, or for these, in the order of their series and ids."""
    for held in _held(library_id, ids):
        rule, told = (None, {}) if held.path == "." else naming.told(held.path)
        facts = over(held.named, told)
        series = "" if held.is_placed else facts.series
        yield Wish(held, facts, series, rule)


def otherwise(held: Held, facts: Facts) -> list[tuple[str, Any, Any]]:
    """Which facts come to be others, each with how it stands and how it will; what people set
    stays."""
    return [
        (name, before, after)
        for name, before in zip(_READABLE, held.now, strict=True)
        if (after := getattr(facts, name)) != before and name not in held.by_hand
    ]


def _held(library_id: UUID, ids: Collection[UUID] | None) -> Iterator[Held]:
    given: list[Any] = [library_id] if ids is None else [library_id, [*ids]]
    which = "" if ids is None else " AND id = ANY(%s)"
    with connection.cursor() as cursor:
        cursor.execute(f"{_ROWS}{which} ORDER BY series_id, id", given)
        for *place, special, volume, number, title, year, group, language, edition, raw in cursor:
            orders = first_number(volume), first_number(number)
            rest = (title, year, group, language, edition)
            named = Facts("", "", volume, number, *orders, *rest, special)
            named = _without_rules(named, raw) if raw else named
            yield Held(*place, (volume, number, *rest), named)  # type: ignore[call-arg] # seven


def _without_rules(facts: Facts, raw: str) -> Facts:
    told: dict[str, Any] = Unruled.model_validate_json(raw).told
    facts = facts._replace(**told)
    return facts._replace(
        key=key_of(facts.series) if facts.series else "",
        volume_order=first_number(facts.volume),
        number_order=first_number(facts.number),
    )

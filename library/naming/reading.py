"""Chapters of a library as its rules read them anew."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from library import placing
from library.inspection import Facts, first_number, key_of
from library.naming.rules import Naming, over
from library.shapes import Unruled

_ROWS = """
    SELECT id, path, series_id, by_hand, missing_since IS NULL, size, mtime_ns, special,
        raw_unruled::text, volume, number, title, year, "group", language, edition
    FROM library_chapter WHERE library_id = %s
"""
_READABLE = ("volume", "number", "title", "year", "group", "language", "edition")


class Held(NamedTuple):
    """A chapter as it stands. `now` are its facts, as in `_READABLE`; `unruled`, as JSON, what of
    them would be otherwise without rules."""

    id: UUID
    path: str
    series_id: UUID
    by_hand: Collection[str]
    is_here: bool
    size: int
    mtime_ns: int
    special: bool
    unruled: str | None
    now: tuple[Any, ...]

    @property
    def is_placed(self) -> bool:
        """Whether people put it where it is."""
        return placing.BY_HAND in self.by_hand

    def named(self) -> Facts:
        """What its name tells without rules. Its series is "", unless it came there by one."""
        volume, number, title, year, group, language, edition = self.now
        orders = first_number(volume), first_number(number)
        about = (title, year, group, language, edition)
        facts = Facts("", "", volume, number, *orders, *about, self.special)
        if not self.unruled:
            return facts
        told: dict[str, Any] = Unruled.model_validate_json(self.unruled).told
        facts = facts._replace(**told)
        return facts._replace(
            key=key_of(facts.series) if facts.series else "",
            volume_order=first_number(facts.volume),
            number_order=first_number(facts.number),
        )


class Wish(NamedTuple):
    """What is to be read of a chapter's name, but for what rules of its series say; None where
    nothing of it ever was. `series`: the name of the series that it is of, "" where it stays;
    `rule`: the library's one that fits."""

    held: Held
    facts: Facts | None = None
    series: str = ""
    rule: UUID | None = None


def wishes(library_id: UUID, naming: Naming, ids: Collection[UUID] | None = None) -> Iterator[Wish]:
    """For each chapter of the library, or for these, in the order of their series and ids."""
    for held in _held(library_id, ids):
        rule, told = naming.told(held.path)
        if rule is None and not held.unruled:
            yield Wish(held)
            continue
        facts = over(held.named(), told)
        yield Wish(held, facts, "" if held.is_placed else facts.series, rule)


def otherwise(held: Held, facts: Facts) -> list[tuple[str, Any, Any]]:
    """Which facts come to be others, each with how it stands and how it will; what people set
    stays."""
    after = [getattr(facts, name) for name in _READABLE]
    return [
        (name, before, then)
        for name, before, then in zip(_READABLE, held.now, after, strict=True)
        if then != before and name not in held.by_hand
    ]


def _held(library_id: UUID, ids: Collection[UUID] | None) -> Iterator[Held]:
    given: list[Any] = [library_id] if ids is None else [library_id, [*ids]]
    which = "" if ids is None else " AND id = ANY(%s)"
    with connection.cursor() as cursor:
        cursor.execute(f"{_ROWS}{which} ORDER BY series_id, id", given)
        for row in cursor:
            yield Held(*row[:9], row[9:])  # type: ignore[call-arg] # nine, and the facts

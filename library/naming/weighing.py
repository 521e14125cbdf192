"""What would change with other rules, told before anything is done."""

import gc
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, NamedTuple
from uuid import UUID

from library.inspection import key_of
from library.models import Library
from library.naming.reading import Held, Wish, otherwise, wishes
from library.naming.rules import Naming
from library.scanning import series
from library.scanning.rows import Home

# The collector is the whole process's.
_alone = Lock()

# A series that is there, or the key of one that is to be made.
type Place = UUID | str


class Turn(NamedTuple):
    """A chapter that would be read otherwise. `series`: the name of the series that it would be
    of, "" where it stays; `changes`: facts, each with before and after; `is_double`: its series
    would have another chapter of that number, which it has not now."""

    held: Held
    place: Place
    series: str
    changes: Sequence[tuple[str, Any, Any]]
    is_double: bool


@dataclass
class Weighed:
    """`names` were read, of them so many by each rule (`fits`). `renamed`: series that take
    another name with all that is in them; `made`: names of new ones; `emptied`: those left
    without a chapter."""

    names: int = 0
    fits: Counter[UUID | None] = field(default_factory=Counter)
    turns: list[Turn] = field(default_factory=list)
    renamed: dict[UUID, str] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    emptied: list[UUID] = field(default_factory=list)


class _Read(NamedTuple):
    """`before` and `after`: series, volume and number, by which two are one too many. `changes`
    and whether it `comes` under another name."""

    wish: Wish
    place: Place
    before: tuple[Any, ...]
    after: tuple[Any, ...]
    changes: Sequence[tuple[str, Any, Any]] = ()
    comes: bool = False


def weigh(library: Library, naming: Naming) -> Weighed:
    """What these rules would make of the library, were they its own."""
    with _uncollected():
        return _weigh(library, naming)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector, which would go through all these rows again and again, two fifths of
    the time, and find no circle among them. One at a time: nobody else may switch it on, and what
    two leave to be collected is not to be had twice."""
    with _alone:
        was_on = gc.isenabled()
        gc.disable()
        try:
            yield
        finally:
            if was_on:
                gc.enable()


def _weigh(library: Library, naming: Naming) -> Weighed:
    asked = list(wishes(library.pk, naming))
    told = Weighed(names=len(asked))
    homes = _homes(library, asked)
    places, told.renamed = _places(homes, asked)
    read = [_read(*pair, naming, told, homes) for pair in zip(asked, places, strict=True)]
    here = [one for one in read if one.wish.held.is_here]
    before, after = Counter(one.before for one in here), Counter(one.after for one in here)
    for one in read:
        if one.changes or one.comes:
            is_double = any(one.after[1:]) and after[one.after] > 1 >= before[one.before]
            name = one.wish.series if one.comes else ""
            told.turns.append(Turn(one.wish.held, one.place, name, one.changes, is_double))
    left = {one.place for one in here}
    told.emptied = [
        home for home in dict.fromkeys(one.before[0] for one in here) if home not in left
    ]
    new = (turn.series for turn in told.turns if isinstance(turn.place, str))
    told.made = list(dict.fromkeys(new))
    return told


def _homes(library: Library, read: Sequence[Wish]) -> dict[str, Home | None]:
    """By the names of series that are wished for, those that are there."""
    keys = {name: key_of(name) for name in {wish.series for wish in read} if name}
    found = series.named(library, keys.values())
    return {name: found.get(key) for name, key in keys.items()}


def _read(
    wish: Wish, place: Place, naming: Naming, told: Weighed, homes: Mapping[str, Home | None]
) -> _Read:
    held, facts = wish.held, wish.facts
    home = held.series_id
    if wish.rule:
        told.fits[wish.rule] += 1
    if naming.of_series and isinstance(place, UUID) and place in naming.of_series:
        rule, _ = naming.told(held.path, place)
        told.fits[rule] += rule is not None
        facts = naming.read_in(place, held.path, facts or held.named())
    # A special has no number that another could have.
    before = (home,) if held.special else (home, *held.now[:2])
    if facts is None:
        return _Read(wish, place, before, before)
    changes = otherwise(held, facts)
    comes = bool(wish.series) and (place != home or place in told.renamed)
    if wish.series and (there := homes[wish.series]):
        # Under the name of a series that is part of this one; it has to be held here.
        comes |= there.by_people
    after = dict(zip(("volume", "number"), held.now, strict=False))
    after |= {name: then for name, _, then in changes if name in after}
    return _Read(wish, place, before, (place, *after.values())[: len(before)], changes, comes)


def _places(
    known: Mapping[str, Home | None], read: Sequence[Wish]
) -> tuple[list[Place], dict[UUID, str]]:
    """Where each chapter would be; and series that would take a name that nobody has yet, because
    all that is in them bears it: as `library.scanning.series` has it."""
    keys = {name: key_of(name) for name in known}
    homes: dict[str, Place] = {keys[name]: home.series for name, home in known.items() if home}
    places = [
        homes.get(keys[wish.series], keys[wish.series]) if wish.series else wish.held.series_id
        for wish in read
    ]
    if not keys:
        return places, {}
    pairs = list(zip(read, places, strict=True))
    staying = {
        wish.held.series_id
        for wish, place in pairs
        if wish.held.is_here and not wish.held.is_placed and place == wish.held.series_id
    }
    renamed: dict[UUID, str] = {}
    seen: set[Place] = set()
    for wish, place in pairs:
        home = wish.held.series_id
        if isinstance(place, str) and place not in seen:
            seen.add(place)
            if home not in staying and home not in renamed:
                renamed[home], homes[place] = wish.series, home
    return [
        homes.get(place, place) if isinstance(place, str) else place for place in places
    ], renamed

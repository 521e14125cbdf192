"""What would change with other rules, told before anything is done."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from library.inspection import Facts, key_of
from library.models import Library
from library.naming.reading import Held, Wish, otherwise, wishes
from library.naming.rules import Naming
from library.scanning import series

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
    wish: Wish
    place: Place
    facts: Facts
    before: tuple[Any, ...]
    after: tuple[Any, ...]


def weigh(library: Library, naming: Naming) -> Weighed:
    """What these rules would make of the library, were they its own."""
    asked = list(wishes(library.pk, naming))
    told = Weighed(names=len(asked))
    places, told.renamed = _places(library, asked)
    read = [
        _read(wish, place, naming, told.fits) for wish, place in zip(asked, places, strict=True)
    ]
    here = [one for one in read if one.wish.held.is_here]
    before, after = Counter(one.before for one in here), Counter(one.after for one in here)
    for one in read:
        held, place = one.wish.held, one.place
        changes = otherwise(held, one.facts)
        comes = one.wish.series and (place != held.series_id or place in told.renamed)
        if changes or comes:
            is_double = any(one.after[1:]) and after[one.after] > 1 >= before[one.before]
            series_name = one.wish.series if comes else ""
            told.turns.append(Turn(held, place, series_name, changes, is_double))
    left = {one.place for one in here}
    told.emptied = list(dict.fromkeys(one.before[0] for one in here if one.before[0] not in left))
    new = (turn.series for turn in told.turns if isinstance(turn.place, str))
    told.made = list(dict.fromkeys(new))
    return told


def _read(wish: Wish, place: Place, naming: Naming, fits: Counter[UUID | None]) -> _Read:
    held, facts = wish.held, wish.facts
    fits[wish.rule] += 1
    if isinstance(place, UUID) and place in naming.of_series:
        rule, _ = naming.told(held.path, place)
        fits[rule] += 1
        facts = naming.read_in(place, held.path, facts)
    volume, number, *_ = held.now
    comes = (
        volume if "volume" in held.by_hand else facts.volume,
        number if "number" in held.by_hand else facts.number,
    )
    # A special has no number that another could have.
    if facts.special:
        return _Read(wish, place, facts, (held.series_id,), (place,))
    return _Read(wish, place, facts, (held.series_id, volume, number), (place, *comes))


def _places(library: Library, read: Sequence[Wish]) -> tuple[list[Place], dict[UUID, str]]:
    """Where each chapter would be; and series that would take a name that nobody has yet, because
    all that is in them bears it: as `library.scanning.series` has it."""
    keys = {name: key_of(name) for name in {wish.series for wish in read} if name}
    homes: dict[str, Place] = {
        key: home.series for key, home in series.named(library, keys.values()).items()
    }
    places = [
        homes.get(keys[wish.series], keys[wish.series]) if wish.series else wish.held.series_id
        for wish in read
    ]
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

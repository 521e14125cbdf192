"""Which chapters of a feed are new to somebody.

Pure. One chapter may stand in a feed many times: in languages, by groups, put up again. It is one
thing to tell of, known by its key, and told once: what was there before one began to watch is not
new, nor is it when it comes back under another id or number. What is here already is not told.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from kiremisu.lib.text import fold
from library.holding import Known, counts_anew, span

ONESHOT = "oneshot"
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Listed:
    """A chapter as a feed has it, or had it (`is_gone`). `groups`: their ids; `published`: when it
    could or can first be read."""

    id: str
    key: str
    language: str
    groups: Collection[str]
    volume: str
    number: str
    published: datetime
    is_external: bool = False
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to hear of: what came from `since` on, in these languages and by these
    groups, or in any."""

    since: datetime
    languages: Collection[str] = ()
    groups: Collection[str] = ()

    def fits(self, listed: Listed) -> bool:
        return (not self.languages or listed.language in self.languages) and (
            not self.groups or any(group in self.groups for group in listed.groups)
        )


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody was told before: keys, and ids of the entries meant by them."""

    keys: Collection[str] = ()
    ids: Collection[str] = ()


def is_anew(numbers: Iterable[tuple[str, str]]) -> bool:
    """Whether chapters are counted anew in each volume, by all (volume, number) of a feed."""
    return counts_anew(Known(*each) for each in numbers)


def key_of(volume: str, number: str, title: str, *, anew: bool) -> str:
    """Which chapter this is, whoever translated it: by its number, with the volume where each
    counts anew; a volume by its own; what has no number by its title."""
    if numbers := span(number):
        told = f"c{_text(numbers)}"
        volumes = span(volume) if anew else None
        return f"v{_text(volumes)}{told}" if volumes else told
    if number:
        return f"n{fold(number)}"[:_LONGEST]
    if volumes := span(volume):
        return f"v{_text(volumes)}"
    return f"t{fold(title)}"[:_LONGEST] if fold(title) else ONESHOT


def news(
    entries: Iterable[Listed],
    wish: Wish,
    told: Told,
    has: Callable[[str, str], bool],
    now: datetime,
) -> list[Listed]:
    """Of each chapter that is to be told of, the entry to lead to: one that can be read there
    before one that leads elsewhere, then the first. In the order in which they came."""
    by_key: dict[str, list[Listed]] = defaultdict(list)
    for entry in entries:
        if wish.fits(entry):
            by_key[entry.key].append(entry)
    found = (
        _best(some, now)
        for key, some in by_key.items()
        if key not in told.keys
        and min(each.published for each in some) >= wish.since
        and not any(each.id in told.ids for each in some)
    )
    new = [best for best in found if best is not None and not has(best.volume, best.number)]
    return sorted(new, key=lambda each: (each.published, each.key))


def led(
    entries: Iterable[Listed], told: Mapping[str, str], wish: Wish, now: datetime
) -> dict[str, str]:
    """Where what was told leads to by now, by key the id of an entry; of what is not there any
    more nothing. `told`: where each led to. An entry that got another number is the same chapter;
    one that is gone gives way to another of its chapter."""
    by_id: dict[str, Listed] = {}
    by_key: dict[str, list[Listed]] = defaultdict(list)
    for entry in entries:
        by_id[entry.id] = entry
        if wish.fits(entry):
            by_key[entry.key].append(entry)
    found: dict[str, str] = {}
    for key, own in told.items():
        before = by_id.get(own)
        if before is not None and not before.is_gone:
            found[key] = own
        elif best := _best(by_key[before.key if before else key], now):
            found[key] = best.id
    return found


def _best(some: Sequence[Listed], now: datetime) -> Listed | None:
    there = [each for each in some if not each.is_gone and each.published <= now]
    return min(there, key=lambda each: (each.is_external, each.published, each.id), default=None)


def _text(numbers: tuple[Decimal, Decimal]) -> str:
    first, last = (f"{each.normalize():f}" for each in numbers)
    return first if first == last else f"{first}-{last}"

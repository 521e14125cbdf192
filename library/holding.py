"""Which chapters and volumes files hold, by the numbers in their names.

Pure. Files and sources say volumes and chapters as readers write them ("12.5"; files also
"12-14"), "" for none. Where a work counts its chapters anew in each volume, a chapter is known by
both. A file of a whole volume stands for the chapters that a source puts into it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

# What is numbered higher, or reaches over more, counts no chapters.
_HIGHEST, _WIDEST = 100_000, 20_000
_NUMBERS = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(?:-(\d{1,9}(?:\.\d{1,9})?))?", re.ASCII)


class Piece(NamedTuple):
    """A file that is here. Those of another `variant` (a language, an edition) are no
    duplicates; a `special` stands beside the count."""

    volume: str
    number: str
    special: bool = False
    variant: tuple[str, ...] = ()


class Known(NamedTuple):
    """A chapter that a source lists."""

    volume: str
    number: str


class Place(NamedTuple):
    """Where something is counted; in a volume only where each counts anew."""

    volume: Decimal | None
    number: Decimal


class Outline:
    """What a source lists: chapters, volumes, and which are in which."""

    def __init__(self, known: Iterable[Known], is_anew: bool) -> None:
        self.is_anew = is_anew
        self.chapters: set[Place] = set()
        self.volumes: set[Place] = set()
        self.inside: dict[Decimal, set[Place]] = defaultdict(set)
        self.has_oneshot = False
        for each in known:
            volume, number = one(each.volume), one(each.number)
            if volume is not None:
                self.volumes.add(Place(None, volume))
            if number is None:
                self.has_oneshot = self.has_oneshot or not each.number
                continue
            place = self.place(volume, number)
            self.chapters.add(place)
            if volume is not None:
                self.inside[volume].add(place)

    def place(self, volume: Decimal | None, number: Decimal) -> Place:
        return Place(volume if self.is_anew else None, number)


class Held:
    """What the files hold: by variant, how many files of chapters and of whole volumes hold each
    chapter, and how many each volume."""

    def __init__(self, pieces: Iterable[Piece], outline: Outline) -> None:
        self.loose: dict[tuple[str, ...], Counter[Place]] = defaultdict(Counter)
        self.bound: dict[tuple[str, ...], Counter[Place]] = defaultdict(Counter)
        self.by_volume: dict[tuple[str, ...], Counter[Place]] = defaultdict(Counter)
        listed = sorted(outline.chapters)
        for piece in pieces:
            volumes, numbers = span(piece.volume), span(piece.number)
            if numbers is not None:
                volume = volumes[0] if volumes else None
                self.loose[piece.variant].update(_covered(outline, listed, volume, numbers))
            elif volumes is not None:
                whole = {Place(None, number) for number in wholes(*volumes)}
                self.by_volume[piece.variant].update(whole)
                inside = (outline.inside.get(each.number, ()) for each in whole)
                self.bound[piece.variant].update(set(chain.from_iterable(inside)))

    @property
    def own(self) -> set[Place]:
        """Chapters that have a file of their own, or one of several."""
        return set(chain.from_iterable(self.loose.values()))

    @property
    def chapters(self) -> set[Place]:
        return self.own.union(*self.bound.values())

    @property
    def volumes(self) -> set[Place]:
        """Those that have a file of their own."""
        return set(chain.from_iterable(self.by_volume.values()))

    @property
    def twice(self) -> set[Place]:
        """Chapters held by two files, of which one is no whole volume: those are counted apart."""
        return {
            place
            for variant, some in self.loose.items()
            for place, many in some.items()
            if many > 1 or self.bound[variant][place]
        }

    def has(self, outline: Outline, volume: str, number: str) -> bool:
        """Whether a chapter of this number is here, or all of several; without a number, the
        volume."""
        numbers, volumes = span(number), span(volume)
        if numbers is None:
            whole = self.whole_volumes(outline)
            places = {Place(None, each) for each in wholes(*volumes)} if volumes else set()
            return not number and bool(places) and places <= whole
        volume_of = volumes[0] if volumes else None
        if numbers[0] == numbers[1]:
            loose = Place(None, volume_of) if volume_of is not None else None
            return outline.place(volume_of, numbers[0]) in self.chapters or loose in self.volumes
        return {outline.place(volume_of, each) for each in wholes(*numbers)} <= self.chapters

    def whole_volumes(self, outline: Outline) -> set[Place]:
        """Those of which everything is here."""
        here = self.chapters
        listed = {Place(None, each) for each, inside in outline.inside.items() if inside <= here}
        return self.volumes | listed


def counts_anew(several: Iterable[Known] | Iterable[Piece]) -> bool:
    """Whether at least two volumes, and half of all, have a chapter that is no later than 1."""
    first: dict[Decimal, Decimal] = {}
    for each in several:
        volume, number = one(each.volume), span(each.number)
        if volume is not None and number is not None:
            first[volume] = min(number[0], first.get(volume, number[0]))
    early = sum(number <= 1 for number in first.values())
    return early >= 2 and 2 * early >= len(first)


def _covered(
    outline: Outline,
    listed: Sequence[Place],
    volume: Decimal | None,
    numbers: tuple[Decimal, Decimal],
) -> set[Place]:
    """The chapters in a file of these numbers."""
    first, last = numbers
    if first == last:
        return {outline.place(volume, first)}
    if outline.is_anew:
        listed = [each for each in listed if each.volume == volume]
    inside = {each for each in listed if first <= each.number <= last}
    return inside | {outline.place(volume, each) for each in wholes(first, last)}


def wholes(first: Decimal, last: Decimal) -> Iterator[Decimal]:
    """The whole numbers from one to the other; none where that is no count of anything."""
    if last <= _HIGHEST and last - first <= _WIDEST:
        yield from map(Decimal, range(-int(-first // 1), int(last) + 1))


def span(told: str) -> tuple[Decimal, Decimal] | None:
    """From where to where, of "12.5" or "12-14"; None where it is no number."""
    match = _NUMBERS.fullmatch(told)
    if match is None:
        return None
    first = Decimal(match[1])
    last = Decimal(match[2]) if match[2] else first
    return (first, last) if first <= last else None


def one(told: str) -> Decimal | None:
    first, last = span(told) or (None, None)
    return first if first == last else None

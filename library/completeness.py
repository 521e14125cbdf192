"""What of a series is here, what is missing, and what is here twice.

Pure. Files and sources say volumes and chapters as readers write them ("12.5"; files also
"12-14"), "" for none. Where a work counts its chapters anew in each volume, a chapter is known by
both. A file of a whole volume stands for the chapters that the source puts into it.

Besides what a source lists, the whole numbers before and between are taken to exist, up to the
number with which the work ends; what no source tells of is missing only between what is here.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

ONESHOT = "Oneshot"
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


@dataclass(frozen=True, slots=True)
class Sets:
    """Numbers in order, runs of whole ones as "20-22", after "3:" those of volume 3 where each
    counts anew; and how many they are."""

    owned: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    duplicated: tuple[str, ...] = ()
    owned_count: int = 0
    missing_count: int = 0
    duplicated_count: int = 0


@dataclass(frozen=True, slots=True)
class Completeness:
    """`special`: how many files stand beside the count; `is_told`: a source says what exists."""

    chapters: Sets
    volumes: Sets
    special: int
    is_told: bool

    @property
    def gaps(self) -> int:
        """How many chapters are missing; volumes, where no chapter is."""
        return self.chapters.missing_count or self.volumes.missing_count

    @property
    def duplicates(self) -> int:
        return self.chapters.duplicated_count + self.volumes.duplicated_count


def complete(
    own: Iterable[Piece],
    known: Sequence[Known] = (),
    *,
    last_chapter: str = "",
    last_volume: str = "",
) -> Completeness:
    """What these files come to, against what a source knows, and with which the work ends."""
    pieces = list(own)
    counted = [piece for piece in pieces if not piece.special]
    outline = _Outline(known, _counts_anew(known or counted))
    held = _Held(counted, outline)
    ends = _span(last_volume)
    return Completeness(
        chapters=_chapters(held, outline, last_chapter, is_here=bool(counted)),
        volumes=_sets(
            held.whole_volumes(outline),
            _filled(outline.volumes, ends) if known else _between(held.volumes),
            {place for some in held.by_volume.values() for place, n in some.items() if n > 1},
        ),
        special=len(pieces) - len(counted),
        is_told=bool(known),
    )


class _Outline:
    """What a source lists: chapters, volumes, and which are in which."""

    def __init__(self, known: Iterable[Known], is_anew: bool) -> None:
        self.is_anew = is_anew
        self.chapters: set[Place] = set()
        self.volumes: set[Place] = set()
        self.inside: dict[Decimal, set[Place]] = defaultdict(set)
        self.has_oneshot = False
        for each in known:
            volume, number = _one(each.volume), _one(each.number)
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


class _Held:
    """What the files hold: by variant, how many files of chapters and of whole volumes hold each
    chapter, and how many each volume."""

    def __init__(self, pieces: Iterable[Piece], outline: _Outline) -> None:
        self.loose: dict[tuple[str, ...], Counter[Place]] = defaultdict(Counter)
        self.bound: dict[tuple[str, ...], Counter[Place]] = defaultdict(Counter)
        self.by_volume: dict[tuple[str, ...], Counter[Place]] = defaultdict(Counter)
        listed = sorted(outline.chapters)
        for piece in pieces:
            volumes, numbers = _span(piece.volume), _span(piece.number)
            if numbers is not None:
                volume = volumes[0] if volumes else None
                self.loose[piece.variant].update(_covered(outline, listed, volume, numbers))
            elif volumes is not None:
                whole = {Place(None, number) for number in _wholes(*volumes)}
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

    def whole_volumes(self, outline: _Outline) -> set[Place]:
        """Those of which everything is here."""
        here = self.chapters
        listed = {Place(None, each) for each, inside in outline.inside.items() if inside <= here}
        return self.volumes | listed


def _chapters(held: _Held, outline: _Outline, last: str, *, is_here: bool) -> Sets:
    if outline.has_oneshot and not outline.chapters:
        names = (ONESHOT,)
        if is_here:
            return Sets(owned=names, owned_count=1)
        return Sets(missing=names, missing_count=1)
    untold = any(each.number not in outline.inside for each in held.volumes)
    if untold or not outline.chapters:
        # Nobody knows which chapters are in a volume that is here.
        return _sets(held.chapters, _between(held.own), held.twice)
    ends = None if outline.is_anew else _span(last)
    return _sets(held.chapters, _filled(outline.chapters, ends), held.twice)


def _counts_anew(several: Iterable[Known] | Iterable[Piece]) -> bool:
    """Whether at least two volumes, and half of all, have a chapter that is no later than 1."""
    first: dict[Decimal, Decimal] = {}
    for each in several:
        volume, number = _one(each.volume), _span(each.number)
        if volume is not None and number is not None:
            first[volume] = min(number[0], first.get(volume, number[0]))
    early = sum(number <= 1 for number in first.values())
    return early >= 2 and 2 * early >= len(first)


def _covered(
    outline: _Outline,
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
    return inside | {outline.place(volume, each) for each in _wholes(first, last)}


def _filled(places: Iterable[Place], ends: tuple[Decimal, Decimal] | None) -> set[Place]:
    """These, and the whole numbers before and between them and up to the end."""
    found = set(places)
    for volume, numbers in _by_volume(found).items():
        last = max([*numbers, ends[1]] if ends else numbers)
        found |= {Place(volume, each) for each in _wholes(Decimal(1), last)}
    return found


def _between(places: Iterable[Place]) -> set[Place]:
    """The whole numbers between the first and the last of these."""
    return {
        Place(volume, each)
        for volume, numbers in _by_volume(places).items()
        for each in _wholes(min(numbers), max(numbers))
    }


def _by_volume(places: Iterable[Place]) -> Mapping[Decimal | None, list[Decimal]]:
    found: dict[Decimal | None, list[Decimal]] = defaultdict(list)
    for place in places:
        found[place.volume].append(place.number)
    return found


def _wholes(first: Decimal, last: Decimal) -> Iterator[Decimal]:
    """The whole numbers from one to the other; none where that is no count of anything."""
    if last <= _HIGHEST and last - first <= _WIDEST:
        yield from map(Decimal, range(-int(-first // 1), int(last) + 1))


def _span(told: str) -> tuple[Decimal, Decimal] | None:
    """From where to where, of "12.5" or "12-14"; None where it is no number."""
    match = _NUMBERS.fullmatch(told)
    if match is None:
        return None
    first = Decimal(match[1])
    last = Decimal(match[2]) if match[2] else first
    return (first, last) if first <= last else None


def _one(told: str) -> Decimal | None:
    first, last = _span(told) or (None, None)
    return first if first == last else None


def _sets(owned: set[Place], exist: set[Place], twice: set[Place]) -> Sets:
    missing = exist - owned
    return Sets(
        owned=tuple(_runs(owned)),
        missing=tuple(_runs(missing)),
        duplicated=tuple(_runs(twice)),
        owned_count=len(owned),
        missing_count=len(missing),
        duplicated_count=len(twice),
    )


def _runs(places: Iterable[Place]) -> Iterator[str]:
    """As they are read, in order: whole numbers that follow each other as one run."""
    for volume, numbers in sorted(_by_volume(places).items(), key=lambda pair: pair[0] or 0):
        head = "" if volume is None else f"{_text(volume)}:"
        run: list[Decimal] = []
        for number in sorted(numbers):
            if run and (number % 1 or run[-1] % 1 or number != run[-1] + 1):
                yield head + _run(run)
                run = []
            run.append(number)
        yield head + _run(run)


def _run(numbers: Sequence[Decimal]) -> str:
    first, last = _text(numbers[0]), _text(numbers[-1])
    return first if first == last else f"{first}-{last}"


def _text(number: Decimal) -> str:
    return f"{number.normalize():f}"

"""What of a series is here, what is missing, and what is here twice.

Pure; see library.holding. Besides what a source lists, the whole numbers before and between are
taken to exist, up to the number with which the work ends; what no source tells of is missing only
between what is here.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from library.holding import Held, Known, Outline, Piece, Place, counts_anew, span, wholes

ONESHOT = "Oneshot"


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
    outline = Outline(known, counts_anew(known or counted))
    held = Held(counted, outline)
    ends = span(last_volume)
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


def _chapters(held: Held, outline: Outline, last: str, *, is_here: bool) -> Sets:
    if outline.has_oneshot and not outline.chapters:
        names = (ONESHOT,)
        if is_here:
            return Sets(owned=names, owned_count=1)
        return Sets(missing=names, missing_count=1)
    untold = any(each.number not in outline.inside for each in held.volumes)
    if untold or not outline.chapters:
        # Nobody knows which chapters are in a volume that is here.
        return _sets(held.chapters, _between(held.own), held.twice)
    ends = None if outline.is_anew else span(last)
    return _sets(held.chapters, _filled(outline.chapters, ends), held.twice)


def _filled(places: Iterable[Place], ends: tuple[Decimal, Decimal] | None) -> set[Place]:
    """These, and the whole numbers before and between them and up to the end."""
    found = set(places)
    for volume, numbers in _by_volume(found).items():
        last = max([*numbers, ends[1]] if ends else numbers)
        found |= {Place(volume, each) for each in wholes(Decimal(1), last)}
    return found


def _between(places: Iterable[Place]) -> set[Place]:
    """The whole numbers between the first and the last of these."""
    return {
        Place(volume, each)
        for volume, numbers in _by_volume(places).items()
        for each in wholes(min(numbers), max(numbers))
    }


def _by_volume(places: Iterable[Place]) -> Mapping[Decimal | None, list[Decimal]]:
    found: dict[Decimal | None, list[Decimal]] = defaultdict(list)
    for place in places:
        found[place.volume].append(place.number)
    return found


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

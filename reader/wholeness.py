"""How much of a series is here, in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from library import outlines
from library.completeness import Sets
from reader.volumes import Opened

# So many numbers and runs stand at once, more when asked for.
MOST = 12


@dataclass(frozen=True, slots=True)
class Told:
    """`name` is "Chapters" or "Volumes", `here` "41 of 45"; `missing` and `twice` as they are
    read, `more` of what is missing folded away."""

    name: str
    here: str
    missing: str
    more: str
    twice: str


def wholeness(opened: Opened) -> list[Told]:
    """Of a series' chapters, and of its volumes where those are counted; nothing where all is here
    and nobody says what exists."""
    found = outlines.of(opened.series, opened.chapters)
    sets = [(found.chapters, "Chapters"), (found.volumes, "Volumes")]
    if found.chapters.missing_count and not found.volumes.duplicated_count:
        del sets[1]
    return [
        _told(some, word)
        for some, word in sets
        if some.missing_count or some.duplicated_count or (found.is_told and some.owned_count)
    ]


def _told(sets: Sets, name: str) -> Told:
    total = sets.owned_count + sets.missing_count
    return Told(
        name=name,
        here=f"{sets.owned_count} of {total}" if sets.missing_count else f"All {total}",
        missing=_listed(sets.missing[:MOST]),
        more=_listed(sets.missing[MOST:]),
        twice=_listed(sets.duplicated),
    )


def _listed(numbers: Iterable[str]) -> str:
    return ", ".join(map(_said, numbers))


def _said(numbers: str) -> str:
    volume, colon, chapters = numbers.replace("-", "\N{EN DASH}").rpartition(":")
    return f"vol. {volume} ch. {chapters}" if colon else chapters

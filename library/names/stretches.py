"""Finding the stretches of a name that are words: the series' title and the chapter's."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from library.names.anatomy import Anatomy
from library.names.brackets import NAME, NOTE
from library.names.choices import Choice
from library.names.marks import Mark
from library.names.specials import Special
from library.names.tokens import NUMBER, WORD, Token, tidy
from library.names.words import EDITION_NOUNS, EDITION_TRAITS, EDITIONS, SOURCES

_AROUND = " _-‐‑‒–—―~〜～,:：#\t　"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words that belong together: their tidy text and where they stand in the name."""

    text: str
    start: int
    end: int


class Behind(NamedTuple):
    """A stretch behind the first number, its words folded, and whether no number follows."""

    stretch: Stretch
    words: Sequence[str]
    last: bool


def _stretch(name: str, start: int, end: int) -> Stretch | None:
    """The text between two positions without the separators around it; None without a word."""
    around = _AROUND if " " in name or "_" in name else _AROUND + "."
    piece = name[start:end]
    stripped = piece.lstrip(around)
    if stripped[:2] == ". ":
        stripped = stripped[2:].lstrip(around)
    start = end - len(stripped)
    stripped = stripped.rstrip(around)
    if not any(map(str.isalnum, stripped)):
        return None
    return Stretch(tidy(stripped, dotted=around is not _AROUND), start, start + len(stripped))


def _words(tokens: Sequence[Token], stretch: Stretch) -> list[Token]:
    first = bisect_left(tokens, stretch.start, key=lambda token: token.start)
    last = bisect_left(tokens, stretch.end, first, key=lambda token: token.start)
    return [token for token in tokens[first:last] if token.kind == WORD]


def find_series(
    anatomy: Anatomy, choice: Choice, marks: Sequence[Mark], special: Special | None
) -> Stretch | None:
    """The series' title: the first text, up to the first number that counts something."""
    segment = anatomy.opening
    if segment is None or (special and special.nameless):
        return None
    cuts = [m.start for m in (*marks, *choice.idle) if m.start >= segment.start]
    if special:
        cuts.append(special.start)
    return _stretch(anatomy.name, segment.start, min([segment.end, *cuts]))


def part_edition(anatomy: Anatomy, series: Stretch | None) -> tuple[Stretch | None, Stretch | None]:
    """A series' title and the edition at its end: "Omnibus" is cut off it, while the "Full
    Color Edition" is a work of its own and stays in the title too."""
    words = _words(anatomy.tokens, series) if series else []
    if series is None or len(words) < 2 or words[-1].end != series.end:
        return series, None
    last = words[-1]
    if last.text.casefold() in EDITIONS:
        shorter = _stretch(anatomy.name, series.start, last.start)
        return shorter, Stretch(last.text, last.start, last.end)
    if last.text.casefold() in EDITION_NOUNS:
        first = len(words) - 1
        while first > 1 and words[first - 1].text.casefold() in EDITION_TRAITS:
            first -= 1
        if first < len(words) - 1:
            return series, _stretch(anatomy.name, words[first].start, series.end)
    return series, None


def stretches_behind(anatomy: Anatomy, marks: Sequence[Mark]) -> list[Behind]:
    """The stretches behind the first mark, in order."""
    found: list[Behind] = []
    if not marks:
        return found
    after = max(mark.end for mark in marks)
    for text in anatomy.texts:
        if text.end <= marks[0].end:
            continue
        first = bisect_left(marks, text.start, 1, key=lambda mark: mark.start)
        last = bisect_left(marks, text.end, first, key=lambda mark: mark.start)
        starts = [max(text.start, marks[0].end), *(mark.end for mark in marks[first:last])]
        ends = [*(mark.start for mark in marks[first:last]), text.end]
        for start, end in zip(starts, ends, strict=True):
            stretch = _stretch(anatomy.name, start, end)
            if stretch:
                words = [word.text.casefold() for word in _words(anatomy.tokens, stretch)]
                found.append(Behind(stretch, words, last=start >= after))
    return found


def find_title(
    anatomy: Anatomy, behind: Sequence[Behind], special: Special | None
) -> Stretch | None:
    """The title of the chapter, of the volume or of the special."""
    opening = anatomy.opening
    if special and opening:
        start = opening.start if special.nameless else special.start
        return _stretch(anatomy.name, start, opening.end)
    for stretch, words, last in behind:
        if last and not _is_edition(words) and not _is_noise(stretch):
            return _with_count(anatomy, stretch)
    return None


def find_edition(behind: Sequence[Behind]) -> Stretch | None:
    """An edition behind a number and outside brackets: "v01 Uncensored (Ch.001-007)"."""
    return next((stretch for stretch, words, _ in behind if _is_edition(words)), None)


def is_credited(anatomy: Anatomy, series: Stretch | None) -> bool:
    """Whether a name in brackets stands first, as in "[Artist] Title": a work by itself."""
    return any(
        b.label == NAME and series is not None and b.segment.end <= series.start
        for b in anatomy.brackets
    )


def _is_edition(words: Sequence[str]) -> bool:
    if words and words[-1] in EDITION_NOUNS:
        return len(words) > 1 and EDITION_TRAITS.issuperset(words[:-1])
    return bool(words) and EDITIONS.issuperset(words)


def _is_noise(stretch: Stretch) -> bool:
    """Words about the scan, and no title: "repaired", "c2c"."""
    return SOURCES.issuperset(stretch.text.casefold().split())


def _with_count(anatomy: Anatomy, title: Stretch) -> Stretch:
    """ "The Ball (3)": a number in brackets right behind a title belongs to it."""
    next_one = next((b for b in anatomy.brackets if b.segment.start >= title.end), None)
    if next_one is None or next_one.label != NOTE:
        return title
    segment = next_one.segment
    number = segment.first == segment.last and anatomy.tokens[segment.first].kind == NUMBER
    if not number or anatomy.name[title.end : segment.start].strip():
        return title
    return Stretch(tidy(anatomy.name[title.start : segment.end]), title.start, segment.end)

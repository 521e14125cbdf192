"""Which of the numbers in a name is the volume, and which the chapter."""

from collections.abc import Sequence
from dataclasses import dataclass

from library.names.anatomy import Anatomy
from library.names.lone import find_lone, likeliest
from library.names.marks import Mark, ordinal_chapter
from library.names.words import CHAPTER, SPECIAL, VERSION, VOLUME


@dataclass(slots=True)
class Choice:
    """The numbers chosen, and the other marks that cannot be part of a title.

    `bare`: nothing in the name speaks for the chapter's number.
    """

    volume: Mark | None = None
    chapter: Mark | None = None
    specials: Sequence[Mark] = ()
    versions: Sequence[Mark] = ()
    idle: Sequence[Mark] = ()
    bare: bool = False

    @property
    def marks(self) -> list[Mark]:
        """What a title stands behind, in the order of the name."""
        chosen = [mark for mark in (self.volume, self.chapter) if mark]
        unknown = [mark for mark in self.idle if mark.number is None]
        marks = {mark.start: mark for mark in (*unknown, *self.specials, *self.versions, *chosen)}
        return [marks[start] for start in sorted(marks)]


def choose(anatomy: Anatomy, *, folder: bool = False) -> Choice:
    """Choose among the numbers that are spoken for, then among bare ones.

    In a folder's own name bare numbers belong to the title.
    """
    marks = anatomy.marks
    everywhere = [*marks, *(mark for bracket in anatomy.brackets for mark in bracket.marks)]
    choice = Choice(specials=[m for m in marks if m.kind == SPECIAL])
    choice.chapter = _best(everywhere, CHAPTER, least=2)
    if not folder and not choice.specials:
        _consider_bare(anatomy, choice, everywhere)
    versions = [mark for mark in marks if mark.kind == VERSION]
    if choice.chapter:
        end = choice.chapter.end
        versions += [m._replace(kind=VERSION) for m in marks if _is_version(m, end)]
    choice.versions = versions
    spent = {mark.start for mark in versions}
    choice.volume = _best([m for m in everywhere if m.start not in spent], VOLUME, least=1)
    choice.idle = [
        mark for mark in marks if mark.number is None or (mark.kind == VOLUME and mark.rank > 1)
    ]
    return choice


def _consider_bare(anatomy: Anatomy, choice: Choice, everywhere: Sequence[Mark]) -> None:
    """Take a bare number when none is spoken for, or one announced before it by a colon."""
    spoken = choice.chapter
    found = find_lone(anatomy)
    if spoken:
        ahead = [lone.mark for lone in found if lone.announced and lone.mark.start < spoken.start]
        bare = ahead[0] if ahead else None
    else:
        bare = likeliest(found, anatomy.marks)
    choice.bare = bare is not None
    choice.chapter = bare or spoken or _hinted(everywhere)
    if not everywhere and choice.chapter is None and anatomy.opening:
        choice.chapter = ordinal_chapter(anatomy.tokens, anatomy.opening)


def _best(marks: Sequence[Mark], kind: str, least: int) -> Mark | None:
    """The first of the surest marks of a kind."""
    fit = [m for m in marks if m.kind == kind and m.rank >= least and m.number is not None]
    return max(fit, key=lambda mark: mark.rank, default=None)


def _hinted(marks: Sequence[Mark]) -> Mark | None:
    """A number with a weak word, "Part 2", unless a volume behind it makes it a title's."""
    volume = next((mark.start for mark in marks if mark.kind == VOLUME), -1)
    return _best([mark for mark in marks if mark.start > volume], CHAPTER, least=1)


def _is_version(mark: Mark, chapter_end: int) -> bool:
    """A lone digit after the chapter, "c012 v2", tells of a second try, not of a volume."""
    return mark.kind == VOLUME and mark.short and mark.single and mark.start >= chapter_end

"""How one name is read, piece by piece, and by which word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from library.inspection import Facts, facts_of
from library.models import Chapter, Library
from library.names import parse_path
from library.names.suggesting import suggest
from library.naming.rules import TELLABLE, Naming

# What a chapter's fields are called in patterns.
_FIELDS = {"volume": "volume", "number": "chapter", "title": "title"}


class Piece(NamedTuple):
    """A piece of a name, and what it was taken for: "" where for nothing."""

    text: str
    label: str


class Fact(NamedTuple):
    """What is made of a name without rules, and with them."""

    name: str
    guessed: str
    ruled: str

    @property
    def is_ruled(self) -> bool:
        return self.guessed != self.ruled


@dataclass(frozen=True, slots=True)
class Trial:
    """A name with its pieces as the parser takes them, and the facts; `fits`: a rule reads it."""

    name: str
    pieces: Sequence[Piece]
    facts: Sequence[Fact]
    fits: bool


def trial(library: Library, name: str, naming: Naming, series: UUID | None = None) -> Trial:
    """How the name of a file is read, as one of this series where one is given."""
    guessed = facts_of(library.folder, name)
    rule, _ = naming.told(name)
    ruled = naming.read(name, guessed)
    if series:
        rule = naming.told(name, series)[0] or rule
        ruled = naming.read_in(series, name, ruled)
    facts = [Fact(one, _said(guessed, one), _said(ruled, one)) for one in TELLABLE]
    return Trial(name, list(_pieces(name)), facts, rule is not None)


def beginning(chapter: Chapter) -> str:
    """A pattern to begin a rule with that reads the name of this chapter as it stands, so that what
    people set of it is told of its neighbours as well."""
    known = {
        field: getattr(chapter, name)
        for name, field in _FIELDS.items()
        if getattr(chapter, name) or name in chapter.by_hand
    }
    told = {"series": chapter.series.title, "group": chapter.group, "year": str(chapter.year or "")}
    return suggest(chapter.path, known | {field: value for field, value in told.items() if value})


def _pieces(name: str) -> Iterator[Piece]:
    end = 0
    for span in parse_path(name).explain:
        if span.start >= end:
            yield from _between(name[end : span.start])
            yield Piece(span.text, span.label)
            end = span.end
    yield from _between(name[end:])


def _between(text: str) -> Iterator[Piece]:
    if text:
        yield Piece(text, "")


def _said(facts: Facts, name: str) -> str:
    value = getattr(facts, name)
    return "" if value is None else str(value)

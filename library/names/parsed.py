"""What a name was taken to mean."""

from dataclasses import dataclass
from typing import NamedTuple


class Span(NamedTuple):
    """A piece of a name and what it was taken for; positions count in the name's NFC form."""

    start: int
    end: int
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """The facts found in a name. Numbers are text as readers write them: "1", "12.5", "1-8"."""

    series: str | None = None
    volume: str | None = None
    chapter: str | None = None
    title: str | None = None
    year: str | None = None
    group: str | None = None
    language: str | None = None
    edition: str | None = None
    special: bool = False
    explain: tuple[Span, ...] = ()

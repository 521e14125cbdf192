"""Facts as one says them: what each is called, its value, whose word it is, what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from library.facts import Source
from library.merging import Stood
from library.models import Credit, FactChange

_LABELS: Mapping[str, str] = {
    "sort_title": "Sorted as",
    "titles": "Also known as",
    "content_rating": "Rating",
    "language": "Original language",
    "last_chapter": "Last chapter",
    "last_volume": "Last volume",
}
_SOURCES: Mapping[str, str] = {
    Source.PERSON: "People",
    Source.MANGADEX: "MangaDex",
    Source.COMICINFO: "ComicInfo.xml",
    Source.PDF: "PDF",
    Source.NAME: "Names of files",
}
_LONG = 300  # letters


@dataclass(frozen=True, slots=True)
class Line:
    """A field as it stands, or stood: all of it in words."""

    field: str
    stood: Stood

    @property
    def label(self) -> str:
        return label(self.field)

    @property
    def value(self) -> str:
        words = _words(self.stood.value)
        return words if len(words) <= _LONG else words[: _LONG - 1] + "…"

    @property
    def source(self) -> str:
        return source_name(self.stood.source)


@dataclass(frozen=True, slots=True)
class Changed:
    """A line of the history."""

    entry: FactChange
    before: Line
    after: Line

    @property
    def who(self) -> str:
        """By whom, or by whose word."""
        return str(self.entry.by) if self.entry.by else source_name(self.entry.source)

    @property
    def what(self) -> str:
        """What became of the lock, where nothing else changed."""
        if self.before.value != self.after.value:
            return ""
        if self.before.stood.locked == self.after.stood.locked:
            return f"Now from {self.after.source or 'nobody'}"
        return "Locked" if self.after.stood.locked else "Unlocked"


def changed(entry: FactChange) -> Changed:
    """A line of the history in words."""
    return Changed(entry, Line(entry.field, entry.before), Line(entry.field, entry.after))


def label(field: str) -> str:
    """What a field is called."""
    return _LABELS.get(field, field.capitalize())


def source_name(source: str) -> str:
    """A source as one says it; empty where nobody says anything."""
    return _SOURCES.get(source, source)


def _words(value: Any) -> str:
    """A value as one says it."""
    if isinstance(value, list):
        return ", ".join(_line(each) for each in value)
    return "" if value is None else str(value)


def _line(each: Any) -> str:
    if isinstance(each, str):
        return each
    if "role" in each:
        return f"{each['name']} ({Credit.Role(each['role']).label.lower()})"
    if "site" in each:
        return f"{each['site']}: {each['address']}"
    return str(each["text"])

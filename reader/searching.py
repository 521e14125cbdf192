"""The search page: what was found, as it stands there for one reader."""

from collections.abc import Mapping, Sized
from dataclasses import dataclass, field
from typing import Any

from kiremisu.accounts.models import User
from kiremisu.lib.text import clean
from library import search
from library.finding import names, texts
from library.models import Chapter, Series, TitleForm
from reader import notebook
from reader.cards import Card, cards
from reader.listing import Asked

SERIES = 30
CHAPTERS, NAMES, NOTES, TEXTS = 12, 8, 6, 8


@dataclass(frozen=True, slots=True)
class Found:
    """A series, and why it is here."""

    card: Card
    hit: search.Hit

    @property
    def title(self) -> list[tuple[str, bool]]:
        """The title in pieces, each with whether it is marked."""
        if self.hit.text == self.card.series.title:
            return self.hit.pieces
        return [(self.card.series.title, False)]

    @property
    def because(self) -> str:
        """Which other title it was, in words before that title; empty when it was its own."""
        if self.hit.text == self.card.series.title:
            return ""
        return TitleForm.Kind(self.hit.kind).label


@dataclass(frozen=True, slots=True)
class Titled:
    """A chapter: its title in pieces."""

    pieces: list[tuple[str, bool]]
    chapter: Chapter


@dataclass(frozen=True, slots=True)
class Said:
    """A page: a part of its text in pieces."""

    pieces: list[tuple[str, bool]]
    chapter: Chapter
    page: int


@dataclass(frozen=True, slots=True)
class Named:
    """A person, a genre or a tag: its name in pieces, and where its series are."""

    pieces: list[tuple[str, bool]]
    kind: str
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class Noted:
    """A note of one's own: what was found of it in pieces, and beside which page."""

    pieces: list[tuple[str, bool]]
    note: Mapping[str, Any]
    is_tag: bool


@dataclass(frozen=True, slots=True)
class Results:
    """All that was found for some words."""

    q: str
    series: list[Found] = field(default_factory=list)
    chapters: list[Titled] = field(default_factory=list)
    people: list[Named] = field(default_factory=list)
    tags: list[Named] = field(default_factory=list)
    notes: list[Noted] = field(default_factory=list)
    texts: list[Said] = field(default_factory=list)

    @property
    def total(self) -> int:
        beside: tuple[Sized, ...] = (
            *(self.chapters, self.people, self.tags),
            *(self.notes, self.texts),
        )
        return len(self.series) + sum(map(len, beside))

    @property
    def beside(self) -> bool:
        """Something was found besides series."""
        return self.total > len(self.series)

    @property
    def shelved(self) -> list[Series]:
        return [found.card.series for found in self.series]


def results(user: User, asked: str) -> Results:
    """What this reader finds; nothing for nothing."""
    q = clean(asked[: search.MOST_LETTERS * 4], search.MOST_LETTERS)
    if not q:
        return Results("")
    hits = {hit.series: hit for hit in search.find(user, q, SERIES)}
    rows = Series.objects.visible_to(user).filter(pk__in=hits).select_related("cover", "library")
    shown = {card.series.pk: card for card in cards(user, rows)}
    found = [Found(shown[pk], hit) for pk, hit in hits.items() if pk in shown]
    return Results(
        q,
        found,
        _chapters(user, q),
        people=[_named(hit, "person") for hit in names.people(user, q, NAMES)],
        tags=[_named(hit, "tag") for hit in names.tags(user, q, NAMES)],
        notes=[_noted(hit) for hit in notebook.found(user, q, NOTES)],
        texts=_texts(user, q),
    )


def _chapters(user: User, q: str) -> list[Titled]:
    titled = search.chapters(user, q)
    rows = titled.select_related("series")[:CHAPTERS] if titled is not None else ()
    return [_titled(chapter, q) for chapter in rows]


def _titled(chapter: Chapter, q: str) -> Titled:
    return Titled(search.pieces(chapter.title, search.spans(chapter.title, q)), chapter)


def _texts(user: User, q: str) -> list[Said]:
    said = texts.pages(user, q, TEXTS)
    told = Chapter.objects.select_related("series").in_bulk([one.chapter for one in said])
    return [
        Said(search.pieces(one.text, one.marks), told[one.chapter], one.page)
        for one in said
        if one.chapter in told
    ]


def _named(hit: Mapping[str, Any], what: str) -> Named:
    row = hit[what]
    kind = row.get("kind", what)
    address = Asked(**{kind: row["name"]}).address()
    return Named(_pieces(hit["matched"]), kind, row["series_count"], address)


def _noted(hit: Mapping[str, Any]) -> Noted:
    return Noted(_pieces(hit["matched"]), hit["note"], hit["matched"]["kind"] == "tag")


def _pieces(matched: Mapping[str, Any]) -> list[tuple[str, bool]]:
    return search.pieces(matched["text"], matched["marks"])

"""The search page: what was found, as it stands there for one reader."""

from dataclasses import dataclass, field

from kiremisu.accounts.models import User
from kiremisu.lib.text import clean
from library import search
from library.models import Chapter, Series, TitleForm
from reader.cards import Card, cards

SERIES = 30
CHAPTERS = 12


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
class Results:
    """All that was found for some words."""

    q: str
    series: list[Found] = field(default_factory=list)
    chapters: list[Chapter] = field(default_factory=list)

    @property
    def total(self) -> int:
        return len(self.series) + len(self.chapters)

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
    return Results(q, found, search.chapters(user, q, CHAPTERS))

"""Series as they stand on a shelf, for one reader."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from kiremisu.accounts.models import User
from library.models import Series


@dataclass(frozen=True, slots=True)
class Card:
    """A series as it stands on a shelf, for one reader."""

    series: Series
    unread: int = 0
    read: float = 0.0

    @property
    def percent(self) -> int:
        return round(self.read * 100)

    @property
    def is_begun(self) -> bool:
        return self.read > 0 and self.unread > 0

    @property
    def line(self) -> str:
        """How far one is, else how much there is: "40 of 44 read", "6 volumes"."""
        total = self.series.chapter_count
        if total and self.read >= 1:
            return "Finished"
        if self.is_begun and total > self.unread:
            return f"{total - self.unread} of {total} read"
        if total and total == self.series.volume_count:
            return f"{total} volume{'' if total == 1 else 's'}"
        return f"{total} chapter{'' if total == 1 else 's'}"


def cards(user: User, series: Iterable[Series]) -> list[Card]:
    """These series with what settings.SERIES_CARD tells of them for this reader."""
    shown = list(series)
    told: dict[UUID, dict[str, Any]] = {}
    for columns in _columns(tuple(settings.SERIES_CARD)):
        for series_id, facts in columns(user, [one.pk for one in shown]).items():
            told.setdefault(series_id, {}).update(facts)
    return [_card(one, told.get(one.pk, {})) for one in shown]


def _card(series: Series, facts: Mapping[str, Any]) -> Card:
    return Card(series, unread=facts.get("unread", 0), read=facts.get("read", 0.0))


@lru_cache(maxsize=4)
def _columns(paths: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(import_string(path) for path in paths)

"""What the API takes and answers about lists."""

from typing import Any, Literal, Self, override
from uuid import UUID

from pydantic import ConfigDict, Field, JsonValue, model_validator

from kiremisu.lib.cursors import Deep
from kiremisu.lib.schemas import Change, Kept, Paging, Strict, Text
from library.filters.language import Node
from library.schemas import SeriesNarrowed, SeriesSort
from reader.lists.entries import Spot
from reader.models import NOTE, List
from reader.models.lists import NAME

_ASKED = {"and": [{"field": "genre", "value": "Drama"}, {"field": "read", "value": "unread"}]}
_TOLD = "What `GET series` takes as `filter`"


class ListNew(Strict):
    """With a `filter` it is a smart list, whose series come in the order `sort`."""

    name: Text = Field(min_length=1, max_length=NAME, examples=["For the train"])
    is_shared: bool = False
    filter: JsonValue = Field(None, description=_TOLD, examples=[_ASKED])
    sort: SeriesSort | None = None


class ListChange(Change):
    """`filter` and `sort` are a smart list's."""

    name: Text | None = Field(None, min_length=1, max_length=NAME, examples=["For the train"])
    is_shared: bool | None = None
    filter: JsonValue = Field(None, description=_TOLD, examples=[_ASKED])
    sort: SeriesSort | None = None


class ListOut(Kept):
    """`entry_count`: of a reading list's entries those you see; null for a smart list. `filter`
    is told to who made it, `sort` is a smart list's."""

    name: str = Field(examples=["For the train"])
    kind: List.Kind
    is_shared: bool
    is_mine: bool
    owner: str = Field(examples=["alice"])
    entry_count: int | None = Field(examples=[12])
    filter: Node | None = Field(examples=[_ASKED])
    sort: str = Field(examples=["title"])


class ListsWanted(Paging):
    """Which lists: called so, of a kind, yours or the others', reading lists with this series or
    a chapter of it."""

    search: Text = Field("", max_length=200)
    kind: List.Kind | None = None
    mine: bool | None = None
    series: UUID | None = None


class ListSeriesWanted(SeriesNarrowed, Deep):
    """Which of a list's series; in the list's own order, `list`, or another."""

    sort: SeriesSort | Literal["list"] = "list"
    seed: Text = Field("", max_length=20)


_SPOTS = {"before", "after", "position"}
_SERIES = "019a4c1e-8f3b-7d20-9c55-3e1f60a7b842"


def _like(**example: Any) -> ConfigDict:
    """Described by this example, because not all its fields go together."""
    return ConfigDict(json_schema_extra={"examples": [example]})


class EntryPlaced(Change):
    """Where it goes: `before` or `after` another entry, or to a `position` counted from 1."""

    before: UUID | None = None
    after: UUID | None = None
    position: int | None = Field(None, ge=1, le=1_000_000)

    @model_validator(mode="after")
    def _goes_to_one_spot(self) -> Self:
        if len(self.model_fields_set & _SPOTS) > 1:
            raise ValueError("one of before, after and position")
        return self

    @property
    def spot(self) -> Spot:
        return Spot(self.before, self.after, self.position)


class EntryNew(EntryPlaced):
    """A `series` or a `chapter`, at the end unless said otherwise."""

    model_config = _like(series=_SERIES, position=3, note="Begin here.")
    nullable = frozenset({"series", "chapter"})

    series: UUID | None = None
    chapter: UUID | None = None
    note: Text = Field("", max_length=NOTE)

    @model_validator(mode="after")
    def _is_about_one_thing(self) -> Self:
        if (self.series is None) == (self.chapter is None):
            raise ValueError("a series or a chapter")
        return self


class EntryChange(EntryPlaced):
    """What is not named stays."""

    model_config = _like(position=3, note="Begin here.")

    note: Text = Field("", max_length=NOTE)

    @override
    def named(self) -> dict[str, Any]:
        told = self.model_dump(include={"note"}, exclude_unset=True)
        return told | ({"spot": self.spot} if self.model_fields_set & _SPOTS else {})


class EntryOut(Kept):
    """`position` counts from 1 among those you see. `chapter` is null and its label empty where
    the whole series is meant. `note` is what the list's owner says about it."""

    position: int = Field(examples=[3])
    series: UUID
    series_title: str
    chapter: UUID | None
    chapter_label: str
    note: str = Field(examples=["Begin here."])

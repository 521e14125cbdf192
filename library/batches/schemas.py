"""What a batch takes and answers."""

from typing import Literal, Self
from uuid import UUID

from django.conf import settings
from ninja import Schema
from pydantic import Field, JsonValue, model_validator

from kiremisu.lib.schemas import Change, Strict, Text
from library.history.schemas import FactField
from library.merging import FIELDS
from library.schemas import GenreNames, TagNames


class BatchWanted(Strict):
    """1 to 100 different series. `mode`: `all` of them or none, or `each` for itself."""

    ids: list[UUID] = Field(min_length=1, max_length=settings.BATCH_MOST)
    operation: Text = Field(max_length=50)
    options: dict[str, JsonValue] = Field(default_factory=dict)
    mode: Literal["all", "each"] = "all"
    preview: bool = Field(False, description="Change nothing, and answer what would change")

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        if len(set(self.ids)) < len(self.ids):
            raise ValueError("each id once")
        return self


class LabelsGiven(Change):
    """Names to give, or to take away."""

    genres: GenreNames | None = None
    tags: TagNames | None = None

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not (self.genres or self.tags):
            raise ValueError("name genres or tags")
        return self


class FieldsGiven(Strict):
    """Which facts to lock or unlock."""

    fields: list[FactField] = Field(min_length=1, max_length=len(FIELDS))


class NotDone(Schema):
    id: UUID
    code: str
    detail: str


class WouldChange(Schema):
    """A fact of a series as it is and as it would be, in words."""

    series: UUID
    field: FactField
    before: str = Field(examples=["ongoing"])
    after: str = Field(examples=["completed (locked)"])


class BatchOut(Schema):
    """`failed` is empty when all had to succeed. `run`: by which what it changed of facts is
    undone (`POST history/undo`); null in a preview, which alone tells `changes`."""

    done: list[UUID]
    failed: list[NotDone]
    run: UUID | None
    changes: list[WouldChange]

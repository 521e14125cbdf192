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


class BatchOut(Schema):
    """`failed` is empty when all had to succeed."""

    done: list[UUID]
    failed: list[NotDone]

"""What a batch takes and answers."""

from typing import Literal, Self
from uuid import UUID

from django.conf import settings
from ninja import Schema
from pydantic import Field, JsonValue, model_validator

from kiremisu.accounts.ratings import Rating
from kiremisu.lib.schemas import Change, Kept, Moment, Strict, Text
from library.facts import Direction
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


class RatingGiven(Strict):
    content_rating: Rating


class DirectionGiven(Strict):
    """How pages are read; empty for as the library's kind has it."""

    direction: Direction | Literal[""]


class ChaptersGiven(Strict):
    """Which chapters; of each series those that are of it."""

    chapters: list[UUID] = Field(min_length=1, max_length=1000)


class PictureGiven(Strict):
    """Which picture: the `picture` that `POST pictures` answered."""

    picture: str = Field(pattern="^[0-9a-f]{32}$")


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


class InWords(Schema):
    """What becomes of a series besides its facts, in a sentence."""

    series: UUID
    words: str = Field(examples=["12 chapters become read."])


class BatchOut(Schema):
    """`failed` is empty when all had to succeed. `run`: the act, which `POST acts/{run}/undo` takes
    back; null in a preview, which alone tells `changes` of facts. `words`: what becomes of each
    besides."""

    done: list[UUID]
    failed: list[NotDone]
    run: UUID | None
    changes: list[WouldChange]
    words: list[InWords]


class ActOut(Kept):
    """An operation and its options, done by somebody (empty where they are gone) to so many
    `series`, of which so many were not brought back (`left`). `undone`: since when all are."""

    operation: str = Field(examples=["tag"])
    options: str = Field(examples=["tags: slow"])
    by: str = Field(examples=["alice"])
    series: int = Field(examples=[12])
    left: int = Field(examples=[12])
    undone: Moment | None
    undone_by: str = Field(examples=[""])


class SeriesActedOn(Schema):
    """A series by its `id`. `words`: what became of it besides its facts; `undone`: since when it
    stands as before; `refused`: why it could not be brought back when that was tried."""

    id: UUID
    words: str = Field(examples=["12 chapters become read."])
    undone: Moment | None
    refused: str = Field(examples=[""])

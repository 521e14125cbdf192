"""What the API takes and answers about facts, where they are from, and what became of them."""

from datetime import date
from typing import Literal, Self
from uuid import UUID

from ninja import Schema
from pydantic import Field, model_validator

from kiremisu.accounts.ratings import Rating
from kiremisu.lib.schemas import Kept, Moment, Strict
from library.facts import Demographic, Direction
from library.lines import CreditOut, LinkOut, TitleOut

type FactField = Literal[
    "title", "sort_title", "titles", "summary", "people", "tags", "genres", "status", "year",
    "demographic", "content_rating", "language", "direction", "links", "last_chapter",
    "last_volume",
]  # fmt: skip


class Standing(Schema):
    """`source`: by whose word it stands so: `person`, `name` (of the files), a sidecar, a provider;
    empty where nobody says anything. `at` and `run`: since when, and by which act or job; null
    where names of files say so. `locked`: only people change it."""

    source: str = Field(examples=["mangadex"])
    at: Moment | None
    run: UUID | None
    locked: bool


class TextFact(Standing):
    value: str = Field(examples=["Salt Road Diary"])


class NumberFact(Standing):
    value: int | None = Field(examples=[2019])


class NamesFact(Standing):
    value: list[str] = Field(examples=[["slice of life"]])


class TitlesFact(Standing):
    value: list[TitleOut]


class PeopleFact(Standing):
    value: list[CreditOut]


class LinksFact(Standing):
    value: list[LinkOut]


class RatingFact(Standing):
    value: Rating


class DemographicFact(Standing):
    value: Demographic | Literal[""]


class DirectionFact(Standing):
    value: Direction | Literal[""]


class FactsOut(Schema):
    """What is shown of a series, each with where it is from. `titles`: all that it is called."""

    title: TextFact
    sort_title: TextFact
    titles: TitlesFact
    summary: TextFact
    people: PeopleFact
    tags: NamesFact
    genres: NamesFact
    status: TextFact
    year: NumberFact
    demographic: DemographicFact
    content_rating: RatingFact
    language: TextFact
    direction: DirectionFact
    links: LinksFact
    last_chapter: TextFact
    last_volume: TextFact


class AnyFact(Standing):
    """The value is a text, a number, names, or lines, as the field has it."""

    value: str | int | list[str] | list[TitleOut] | list[CreditOut] | list[LinkOut] | None = Field(
        examples=["Salt Road Diary"]
    )


class FactChangeOut(Kept):
    """A field that came to stand otherwise. `source`: by whose word; `by`: the name of the person,
    empty where it was none; `run`: one act or one job, in which others may have been changed."""

    field: FactField
    before: AnyFact
    after: AnyFact
    source: str = Field(examples=["person"])
    run: UUID
    by: str = Field(examples=["alice"])


class UndoWanted(Strict):
    """Either what one `run` changed, or what was changed on one `day` (UTC)."""

    run: UUID | None = None
    day: date | None = Field(None, examples=[None])

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.run is None) == (self.day is None):
            raise ValueError("name either run or day")
        return self

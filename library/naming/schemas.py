"""Rules for names as the API has them."""

from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from kiremisu.lib.schemas import Change, Kept, Page, Strict, Text
from library.names.patterns import LONGEST

_PATTERN = "{series} v{volume}< c{chapter}>"
FieldName = Literal[
    "series", "volume", "number", "title", "year", "group", "language", "edition"
]  # fmt: skip


class RuleNew(Strict):
    """A pattern for the names of a library's files, or of one of its series' alone."""

    pattern: Text = Field(max_length=LONGEST, examples=[_PATTERN])
    series: UUID | None = None


class RuleChange(Change):
    """`on`: whether it is in force. `place`: rules of lower places are tried first."""

    pattern: Text | None = Field(None, max_length=LONGEST, examples=[_PATTERN])
    on: bool | None = None
    place: int | None = Field(None, ge=0, le=30_000, examples=[1])


class RuleOut(Kept):
    """`run`: the act and the job of its last change."""

    pattern: str = Field(examples=[_PATTERN])
    series: UUID | None
    on: bool
    place: int = Field(examples=[0])
    run: UUID | None


class RulePreview(Strict):
    """A rule as it would be. `rule`: the one that it stands for, which is tried in its place; with
    `on` false as if that were not there."""

    pattern: Text = Field(max_length=LONGEST, examples=[_PATTERN])
    series: UUID | None = None
    rule: UUID | None = None
    on: bool = True


class FactTurned(Schema):
    """A fact with what it is and what it would be."""

    field: FieldName = Field(examples=["number"])
    before: str = Field(examples=["51"])
    after: str = Field(examples=[""])


class NameTurned(Schema):
    """A chapter whose name would be read otherwise. `double`: another of its series would have the
    same number. Of its series the titles."""

    chapter: UUID
    path: str = Field(examples=["Area 51.cbz"])
    changes: list[FactTurned]
    double: bool = Field(examples=[False])


class RulePreviewed(Page[NameTurned]):
    """What a rule would do: of so many `names` it `fits` some; `total` chapters would be read
    otherwise, `moved` of them be of another series, `doubled` have a number twice. Series
    `renamed` take another name with all that is in them; `made` are new, `emptied` left without a
    chapter: the first hundred of each, by title."""

    names: int = Field(examples=[50000])
    fits: int = Field(examples=[1204])
    moved: int = Field(examples=[0])
    doubled: int = Field(examples=[0])
    renamed: list[str] = Field(examples=[["Area → Area 51"]])
    made: list[str] = Field(examples=[["Area 51"]])
    emptied: list[str] = Field(examples=[["Area"]])

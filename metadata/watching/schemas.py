"""What the API takes and answers about watching."""

from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from kiremisu.lib.schemas import Change, Kept, Moment, Paging, Strict, Text, Tidy
from metadata.models import Notice

LANGUAGES, GROUPS = 20, 50
Spoken = Annotated[Text, Field(min_length=1, max_length=20, examples=["en"])]
GroupId = Annotated[Text, Field(min_length=1, max_length=100)]


class WatchWanted(Change):
    """What is not named stays as it is; at first it is told of new chapters in the languages of
    its files, by any group. `groups`: their ids at the provider."""

    languages: list[Spoken] | None = Field(None, max_length=LANGUAGES, examples=[["en"]])
    groups: list[GroupId] | None = Field(None, max_length=GROUPS, examples=[[]])
    paused: bool | None = None


class WatchOut(Kept):
    """A series that you watch. Without a match nothing can be asked: `provider` is null then.
    `pace_seconds`: between two of its chapters; the next is expected around `expected`, give or
    take `within_seconds`. `problem`: why the last check failed; `due` is when it is tried again."""

    series: UUID
    series_title: str
    languages: list[str] = Field(examples=[["en"]])
    groups: list[str] = Field(examples=[[]])
    paused: bool
    provider: str | None = Field(examples=["mangadex"])
    checked: Moment | None
    due: Moment | None
    pace_seconds: int | None = Field(examples=[604_800])
    expected: Moment | None
    within_seconds: int | None = Field(examples=[86_400])
    problem: str


class Carried(Strict):
    """A series of a watch list: the work that it is at a provider, or else its title."""

    title: Tidy = Field(min_length=1, max_length=500, examples=["Salt Road Diary"])
    provider: Text = Field("", max_length=40, examples=["mangadex"])
    provider_id: Text = Field("", max_length=100)
    languages: list[Spoken] = Field([], max_length=LANGUAGES, examples=[["en"]])
    groups: list[GroupId] = Field([], max_length=GROUPS, examples=[[]])
    paused: bool = False


class CarriedList(Strict):
    """A watch list as it is taken from server to server. `library`: into which what is not here is
    brought, for curators; null brings nothing in."""

    version: Literal[1] = 1
    watching: list[Carried] = Field(max_length=2000)
    library: UUID | None = None


class CarriedOut(Schema):
    """A watch list as it is taken from server to server."""

    version: int = Field(examples=[1])
    watching: list[Carried]


class NewsWanted(Paging):
    """Which of the chapters that you were told of."""

    state: Literal["new", "ignored", "read", "withdrawn", "all"] = "new"
    series: UUID | None = None


class NewsChange(Strict):
    """What became of it."""

    state: Literal["new", "ignored", "read"] = Field(examples=["ignored"])


class NewsOut(Kept):
    """A chapter that is new to you. `chapter`: where it is in the library, null while it is not;
    `address`: where it can be read otherwise. Volume and number are empty where it has none."""

    series: UUID
    series_title: str
    state: Notice.State
    volume: str
    number: str
    title: str
    language: str
    groups: list[str] = Field(examples=[["Harbour Scans"]])
    address: str = Field(examples=["https://mangadex.org/chapter/5f0c9c1f-4e3b-4a19-8817-1"])
    is_external: bool
    published: Moment
    chapter: UUID | None

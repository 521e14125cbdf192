"""What the API takes and answers about libraries, series and chapters."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from kiremisu.accounts.ratings import Rating
from kiremisu.lib.cursors import Deep
from kiremisu.lib.schemas import Change, Kept, Moment, Paging, Strict, Text, Tidy
from library import schedules
from library.facts import LINKS, TITLES, Demographic, Direction
from library.filters.language import LETTERS, VALUES
from library.lines import CreditOut, LinkIn, LinkOut, SourceNames, TitleIn, TitleOut
from library.models import Credit, Library, Tag
from library.models.labels import GENRES, PEOPLE, PERSON, TAG, TAGS

# "3", "12.5", "12-14": a number as a reader writes it, or a range.
NUMBER = r"^(\d{1,6}(\.\d{1,3})?(-\d{1,6}(\.\d{1,3})?)?)?$"


class LibraryNew(Strict):
    """A folder on the server that becomes a library."""

    root: str = Field(min_length=1, max_length=4096)
    name: Text | None = Field(None, min_length=1, max_length=200)


class LibraryChange(Change):
    """`fact_sources`: whose word on facts comes first. `schedule`, local time: "every 30 minutes",
    "every 6 hours", "daily 03:30", "weekly sun 04:00"; "" for never."""

    name: Text | None = Field(None, min_length=1, max_length=200)
    kind: Library.Kind | None = None
    open_to_all: bool | None = None
    fact_sources: SourceNames | None = None
    schedule: str | None = Field(None, pattern=schedules.PATTERN, examples=["daily 03:30"])


class ScanWanted(Strict):
    """`full`: open every file again, also those that look unchanged."""

    full: bool = False


class LibraryOut(Kept):
    """`root` is shown to administrators only."""

    name: str
    kind: Library.Kind
    root: str | None
    open_to_all: bool
    fact_sources: list[str]
    schedule: str = Field(examples=["daily 03:30"])
    next_scan: Moment | None
    version: int = Field(examples=[17])
    scanned_at: Moment | None
    series_count: int
    chapter_count: int


SeriesSort = Literal[
    "title", "-title", "added", "-added", "created", "-created", "updated", "-updated",
    "chapters", "-chapters", "year", "-year", "unread", "-unread", "read", "-read", "random",
]  # fmt: skip


# Fields of filters that are parameters as well. Several of one name: any of these.
PLAIN = (
    "library", "list", "genre", "tag", "person", "status", "language", "content_rating", "read",
)  # fmt: skip
Several = Annotated[list[Text], Field(default_factory=list, max_length=VALUES)]


class SeriesNarrowed(Strict):
    """Which series. A parameter that comes several times means any of its values. `filter`:
    conditions joined by and, or and not, as JSON."""

    search: Text = Field("", max_length=200)
    library: Several
    list: Several
    genre: Several
    tag: Several
    person: Several
    status: Several
    language: Several
    content_rating: Several
    read: Several
    filter: str = Field("", max_length=LETTERS)

    @property
    def plain(self) -> Mapping[str, Sequence[str]]:
        """What is asked for without the language of filters, by field."""
        return {name: values for name in PLAIN if (values := getattr(self, name))}

    @property
    def question(self) -> tuple[object, ...]:
        """All of what is asked for."""
        return self.search, self.plain, self.filter


class SeriesWanted(SeriesNarrowed, Deep):
    """Which series, and in which order; a minus before the sort turns it round. What has no
    date or year comes last. `seed`: which of the random orders; cursors keep to theirs."""

    sort: SeriesSort = "title"
    seed: Text = Field("", max_length=20)


class SeriesOut(Kept):
    """`cover` is a signed link, null while there is none, `tint` its main colour. Of `gap_count`
    chapters there is no file, of `missing_count` it is gone."""

    library: UUID
    title: str
    sort_title: str
    year: int | None
    language: str
    status: str
    content_rating: Rating
    summary: str
    cover: str | None
    tint: str
    chapter_count: int
    volume_count: int
    page_count: int
    missing_count: int
    problem_count: int
    gap_count: int
    duplicate_count: int
    last_added: Moment | None
    genres: list[str]
    tags: list[str]
    people: list[CreditOut]


class SeriesDetailOut(SeriesOut):
    """`titles`: all that it is called. `direction`: how its pages are read. `last_chapter` and
    `last_volume`: with which the whole work ends."""

    titles: list[TitleOut]
    links: list[LinkOut]
    demographic: Demographic | Literal[""]
    direction: Direction | Literal[""]
    last_chapter: str
    last_volume: str


TagName = Annotated[Tidy, Field(min_length=1, max_length=TAG)]
GenreNames = Annotated[list[TagName], Field(max_length=GENRES)]
TagNames = Annotated[list[TagName], Field(max_length=TAGS)]


class CreditIn(Strict):
    name: Tidy = Field(min_length=1, max_length=PERSON, examples=["Mina Tidewater"])
    role: Credit.Role


class SeriesChange(Change):
    """`titles`: all that it is called."""

    nullable = frozenset({"year"})

    title: Text | None = Field(None, min_length=1, max_length=500)
    sort_title: Text | None = Field(None, min_length=1, max_length=500)
    year: int | None = Field(None, ge=1, le=9999)
    language: Text | None = Field(None, max_length=20)
    status: Text | None = Field(None, max_length=20)
    content_rating: Rating | None = None
    summary: Text | None = Field(None, max_length=5000)
    genres: GenreNames | None = None
    tags: TagNames | None = None
    people: list[CreditIn] | None = Field(None, max_length=PEOPLE)
    titles: list[TitleIn] | None = Field(None, max_length=TITLES)
    links: list[LinkIn] | None = Field(None, max_length=LINKS)
    demographic: Demographic | Literal[""] | None = None
    direction: Direction | Literal[""] | None = None
    last_chapter: Text | None = Field(None, max_length=40, pattern=NUMBER)
    last_volume: Text | None = Field(None, max_length=40, pattern=NUMBER)


class CoverPicked(Strict):
    """A page (from 1) of one of the series' chapters; null for the first that can be shown."""

    chapter: UUID | None
    page: int = Field(1, ge=1, le=1_000_000)


class LabelsWanted(Paging):
    """`search`: in the name."""

    search: Text = Field("", max_length=200)


class TagsWanted(LabelsWanted):
    kind: Tag.Kind | None = None


class TagOut(Kept):
    """`series_count`: of the series you may see."""

    kind: Tag.Kind
    name: str = Field(examples=["slice of life"])
    series_count: int


class PersonOut(Kept):
    """`roles`: what they did; `series_count`: both of the series you may see."""

    name: str = Field(examples=["Mina Tidewater"])
    roles: list[Credit.Role]
    series_count: int


_NEW: JsonDict = {
    "title": "Salt Road Diary",
    "library": "019a4c1e-8f3b-7d20-9c55-3e1f60a7b842",
    "year": 2016,
}


class SeriesNew(SeriesChange):
    """A series without files yet, in this library. Either its `title`, and what else is known of
    it; or the work of a `provider` that it is, which then says all that."""

    model_config = ConfigDict(json_schema_extra={"examples": [_NEW]})

    title: Text | None = Field(None, min_length=1, max_length=500)
    library: UUID
    provider: Text | None = Field(None, min_length=1, max_length=40)
    provider_id: Text | None = Field(None, min_length=1, max_length=100)

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        told = self.model_fields_set - {"library"}
        if told != {"provider", "provider_id"} and (
            "title" not in told or told & {"provider", "provider_id"}
        ):
            raise ValueError("a title, or a provider with a provider_id")
        return self


class ChapterOut(Kept):
    """A file or an image folder. `path` lies below the library's folder; `content` is shared by
    files of equal pages; `problem` is the code of what keeps it from being read. `sidecar`: what
    lies in the file to tell of it, and `sidecar_problem` the code of what keeps that from it."""

    library: UUID
    series: UUID
    series_title: str
    content: UUID | None
    path: str
    format: str
    size: int
    page_count: int
    skipped: int
    volume: str
    number: str
    title: str
    label: str
    year: int | None
    group: str
    language: str
    edition: str
    special: bool
    problem: str
    problem_detail: str
    missing_since: Moment | None
    sidecar: str = Field(examples=["comicinfo"])
    sidecar_problem: str = Field(examples=["not_xml"])
    sidecar_detail: str = Field(examples=["It is no well-formed XML. (line 2, column 39)"])


class ChapterChange(Change):
    nullable = frozenset({"year"})

    volume: Text | None = Field(None, max_length=40, pattern=NUMBER)
    number: Text | None = Field(None, max_length=40, pattern=NUMBER)
    title: Text | None = Field(None, max_length=500)
    year: int | None = Field(None, ge=1, le=9999)
    group: Text | None = Field(None, max_length=255)
    language: Text | None = Field(None, max_length=20)
    edition: Text | None = Field(None, max_length=100)
    special: bool | None = None

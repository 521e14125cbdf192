"""What the API takes and answers about reading."""

from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from kiremisu.lib.cursors import Deep
from kiremisu.lib.schemas import Instant, Kept, Moment, Strict, Text
from library.finding.schemas import Found, Matched
from reader.models import NOTE, TAG, TAGS


class ProgressOut(Kept):
    """`page` counts from 1, `fraction` is how far down it (0 to 1). Current place and finished
    are two facts: opening a finished chapter again moves the place and unfinishes nothing."""

    content: UUID
    chapter: UUID | None
    page: int
    page_count: int
    fraction: float
    at: Moment
    device: str
    started_at: Moment
    finished_at: Moment | None


class ProgressIn(Strict):
    """`at` is when the reader was there by the device's clock, now unless given. Of two saves
    the newer one counts, whichever comes first. `done` overrules that the last page finishes."""

    page: int = Field(ge=1, le=1_000_000)
    fraction: float = Field(0.0, ge=0, le=1, allow_inf_nan=False)
    at: Instant | None = None
    device: Text = Field("", max_length=100)
    done: bool | None = None


class PairingIn(Strict):
    """`flip`: page 1 alone (true), paired (false), worked out (null). `alone`: pages pinned
    alone; as they are when not given."""

    flip: bool | None = None
    alone: list[int] | None = Field(None, max_length=10_000)


class PairingOut(Schema):
    flip: bool | None
    alone: list[int]


Layout = Literal["single", "double", "scroll"]
Direction = Literal["rtl", "ltr"]
Fit = Literal["screen", "width", "height", "original"]
Background = Literal["auto", "black", "grey", "white"]
Origin = Literal["series", "facts", "library", "you", "default"]


class Choices(Schema):
    """How somebody reads; null where a wider scope decides."""

    layout: Layout | None
    direction: Direction | None
    fit: Fit | None
    trim: bool | None
    strip_width: int | None
    strip_gap: int | None
    background: Background | None
    cover_alone: bool | None
    straight_on: bool | None


class ChoicesIn(Strict):
    """What is not named stays; null goes back to the wider scope."""

    layout: Layout | None = None
    direction: Direction | None = None
    fit: Fit | None = None
    trim: bool | None = None
    strip_width: int | None = Field(None, ge=100, le=4000)
    strip_gap: int | None = Field(None, ge=0, le=400)
    background: Background | None = None
    cover_alone: bool | None = None
    straight_on: bool | None = None


class Origins(Schema):
    """Which scope decided each."""

    layout: Origin
    direction: Origin
    fit: Origin
    trim: Origin
    strip_width: Origin
    strip_gap: Origin
    background: Origin
    cover_alone: Origin
    straight_on: Origin


class Reading(Schema):
    """`chosen` is what was chosen at this scope, `choices` what it comes to, `origins` which
    scope decided each: series, facts (of the work), library, you or default."""

    chosen: Choices
    choices: Choices
    origins: Origins


class MarkOut(Kept):
    """A bookmarked page (from 1). `chapter` is a file that holds it; other files of the same
    pages have the bookmark too."""

    at: Moment
    page: int
    content: UUID
    chapter: UUID
    chapter_label: str
    series: UUID
    series_title: str


class NoteOut(MarkOut):
    """What you wrote beside a page."""

    text: str
    tags: list[str]


class NoteMatched(Matched):
    """Which words of the note, cut out of it, or which of its tags."""

    kind: Literal["text", "tag"]


class NoteHit(Schema):
    note: NoteOut
    matched: NoteMatched


class SearchOut(Found):
    """What was found, the best first; of your notes the newest."""

    notes: list[NoteHit]


Tag = Annotated[Text, Field(min_length=1, max_length=TAG)]


class NoteIn(Strict):
    page: int = Field(ge=1, le=1_000_000)
    text: Text = Field(min_length=1, max_length=NOTE)
    tags: list[Tag] = Field(default_factory=list, max_length=TAGS)


class NoteChange(Strict):
    """What is not named stays."""

    page: int = Field(1, ge=1, le=1_000_000)
    text: Text = Field("", min_length=1, max_length=NOTE)
    tags: list[Tag] = Field(default_factory=list, max_length=TAGS)


class NotesWanted(Deep):
    """Which notes: of a series, with a tag, with these words, made from `since` and before
    `until`."""

    series: UUID | None = None
    tag: Text = Field("", max_length=TAG)
    search: Text = Field("", max_length=200)
    since: Instant | None = None
    until: Instant | None = None

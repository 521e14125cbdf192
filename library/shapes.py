"""What stands in the JSON columns of series and chapters. Each reads what older versions wrote."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from pydantic import Field, JsonValue

from kiremisu.lib.shapes import Shape
from library.merging import Said


class SourceMetadata(Shape):
    """What each provider and sidecar last said, by its name."""

    version: int = 1
    sources: dict[str, Said] = Field(default_factory=dict)


class Origin(Shape):
    """Whose word a shown fact is, since when and by which run."""

    source: str
    at: datetime | None = None
    run: UUID | None = None


class TitleLine(TypedDict):
    text: str
    language: str


class LinkLine(TypedDict):
    site: str
    address: str


class FactSheet(Shape):
    """What is shown besides columns and labels, and where each fact is from, by field. A title,
    year or language of which nothing stands here is from the names of files."""

    version: int = 1
    titles: list[TitleLine] = Field(default_factory=list)
    links: list[LinkLine] = Field(default_factory=list)
    origins: dict[str, Origin] = Field(default_factory=dict)


class UserMetadata(Shape):
    """What people set by hand, by field."""

    version: int = 1


class WatchingConfig(Shape):
    """How new chapters of a series are watched for."""

    version: int = 1
    enabled: bool = False


class CreditLine(TypedDict):
    name: str
    role: str


class Labels(Shape):
    """What a card says of a series' genres, tags and people, as their own tables have it."""

    genres: list[str] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)
    people: list[CreditLine] = Field(default_factory=list)


class Listed(Shape):
    """The chapters that a source lists, as (volume, number); "" where there is none."""

    version: int = 1
    chapters: list[tuple[str, str]] = Field(default_factory=list)


class Given(Shape):
    """The options with which something was done, as its operation has them."""


class CoverThen(Shape):
    """What a series showed as its cover before it showed `worn`; `said`: what people had picked."""

    version: int = 1
    worn: UUID
    cover: UUID | None = None
    page: int | None = None
    tint: str = ""
    said: dict[str, JsonValue] | None = None


class Before(Shape):
    """What an operation's undo is told; None where facts alone changed."""

    version: int = 1
    memo: dict[str, JsonValue] | None = None


class Unruled(Shape):
    """What of a chapter would be otherwise without rules for names, as `library.inspection.Facts`
    have it; its series by name."""

    version: int = 1
    series: str = ""
    volume: str = ""
    number: str = ""
    title: str = ""
    year: int | None = None
    group: str = ""
    language: str = ""
    edition: str = ""

    @property
    def told(self) -> dict[str, str | int | None]:
        """What is told, by field: of others the chapter itself says how they stand."""
        return self.model_dump(include=self.model_fields_set - {"version"})


class PageEntry(Shape):
    """One page: where its bytes lie in the file, and what it looks like when known.

    `offset` is that of the local header in a ZIP, of the data in TAR; the data's start in a
    ZIP follows from the header's two length fields. `method` is the ZIP compression method
    (0 stored, 8 deflate). Sizes in bytes, `width` and `height` in pixels as shown. `problem`
    is a code of `library.archives` when this page cannot be shown.
    """

    name: str
    offset: int = 0
    compressed: int = 0
    size: int = 0
    method: int = 0
    crc32: int = 0
    media_type: str | None = None
    width: int | None = None
    height: int | None = None
    problem: str | None = None


class PageList(Shape):
    version: int = 1
    pages: list[PageEntry] = Field(default_factory=list)


# A page without margins.
WHOLE = (0, 0, 1000, 1000)


class PageGeometry(Shape):
    """How a page looks: its content `box` without margins (left, top, right and bottom in
    thousandths of the page), its main colour as #rrggbb ("" where it could not be decoded), whether
    it is blank or grey, and how sure it is, from 0 to 1, that its drawing goes on on the next page
    where one reads from right to left, and from left to right."""

    box: tuple[int, int, int, int] = WHOLE
    tint: str = ""
    blank: bool = False
    grey: bool = True
    rtl: float = 0.0
    ltr: float = 0.0


class GeometryList(Shape):
    version: int = 1
    pages: list[PageGeometry] = Field(default_factory=list)

"""Facts of a series as sources tell them.

Pure: whoever reads a file or asks a provider makes a `Patch` of it, and one merge makes of all
patches what is shown. Text is made fit to store, and what is longer than the limits is cut, so
that nobody's word is refused for its length.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from kiremisu.lib.text import clean, fold

# The most letters and things that are kept of what a source says.
TITLE, TITLES, SUMMARY, NAME, PEOPLE = 500, 100, 5000, 255, 100
LABEL, GENRES, TAGS, NUMBER, ADDRESS, LINKS, COVERS = 64, 20, 100, 40, 2000, 50, 200

type Status = Literal["ongoing", "completed", "hiatus", "cancelled"]
type Demographic = Literal["shounen", "shoujo", "seinen", "josei"]
type Direction = Literal["rtl", "ltr", "vertical"]
type ContentRating = Literal["safe", "suggestive", "erotica", "pornographic"]
type Role = Literal[
    "author", "artist", "inker", "colorist", "letterer", "cover_artist", "translator", "editor"
]


class Source(StrEnum):
    """Who says so. Providers besides these go by their own short names."""

    PERSON = "person"
    MANGADEX = "mangadex"
    COMICINFO = "comicinfo"
    SERIES_JSON = "series.json"
    DETAILS_JSON = "details.json"
    PDF = "pdf"
    NAME = "name"


class TitleKind(StrEnum):
    """`MAIN`: what a source calls the series; the first of them is shown."""

    MAIN = "main"
    ALTERNATIVE = "alternative"


def _text(limit: int) -> BeforeValidator:
    return BeforeValidator(lambda told: clean(told, limit) if isinstance(told, str) else told)


def _labels(most: int) -> BeforeValidator:
    """Each name once, as it was spelt first; empty ones are none."""

    def tidied(told: Any) -> Any:
        if not isinstance(told, Sequence) or isinstance(told, str):
            return told
        found: dict[str, str] = {}
        for name in told:
            if not isinstance(name, str):
                return told
            if tidy := clean(name, LABEL):
                found.setdefault(fold(tidy) or tidy.casefold(), tidy)
        return list(found.values())[:most]

    return BeforeValidator(tidied)


def _linked(told: Any) -> Any:
    if not isinstance(told, dict):
        return told
    kept = [(site, place) for site, place in told.items() if site and place]
    return dict(kept[:LINKS])


def _most(many: int) -> BeforeValidator:
    return BeforeValidator(lambda told: told[:many] if isinstance(told, list) else told)


# A language as BCP 47 has it ("ja-Latn"), "" where unknown.
type Language = Annotated[str, Field(max_length=20)]
# A number as a reader writes it: "12.5".
type Number = Annotated[str, _text(NUMBER)]
type Site = Annotated[str, Field(max_length=NUMBER)]
type Address = Annotated[str, Field(min_length=1, max_length=ADDRESS)]


class _Told(BaseModel):
    # What a newer version wrote besides is passed over.
    model_config = ConfigDict(extra="ignore", frozen=True)


class Named(_Told):
    """What a series is called."""

    text: Annotated[str, _text(TITLE), Field(min_length=1)]
    language: Language = ""
    kind: TitleKind = TitleKind.ALTERNATIVE


class Credit(_Told):
    name: Annotated[str, _text(NAME), Field(min_length=1)]
    role: Role


class Cover(_Told):
    """`volume`: "" where it is the whole series'."""

    url: Address
    volume: Number = ""
    language: Language = ""


class Patch(_Told):
    """What one source says of a series. None: it says nothing; an empty list: there are none.

    `language` is the original one. `links`: by site, an id or an address. `last_chapter` and
    `last_volume`: with which the whole work ends.
    """

    titles: Annotated[list[Named], _most(TITLES)] | None = None
    summary: Annotated[str, _text(SUMMARY)] | None = None
    people: Annotated[list[Credit], _most(PEOPLE)] | None = None
    tags: Annotated[list[str], _labels(TAGS)] | None = None
    genres: Annotated[list[str], _labels(GENRES)] | None = None
    status: Status | None = None
    year: Annotated[int, Field(ge=1, le=9999)] | None = None
    demographic: Demographic | None = None
    content_rating: ContentRating | None = None
    language: Language | None = None
    direction: Direction | None = None
    links: Annotated[dict[Site, Address], BeforeValidator(_linked)] | None = None
    last_chapter: Number | None = None
    last_volume: Number | None = None
    covers: Annotated[list[Cover], _most(COVERS)] | None = None


def titled(main: str, also: Iterable[tuple[str, str]] = (), language: str = "") -> list[Named]:
    """A main title, and others as text with language."""
    others = (Named(text=text, language=spoken) for text, spoken in also)
    return [Named(text=main, language=language, kind=TitleKind.MAIN), *others]

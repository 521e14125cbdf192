"""What the API takes and answers about what the world knows."""

from ninja import Schema
from pydantic import Field

from kiremisu.accounts.ratings import Rating
from kiremisu.lib.schemas import Moment, Strict, Tidy
from library.facts import Demographic, Role, Status, TitleKind


class WorldWanted(Strict):
    """`q`: 1 to 200 characters; `limit`: at most so many."""

    # Cleaned first, so that what is left is counted.
    q: Tidy = Field(min_length=1, max_length=200)
    limit: int = Field(10, ge=1, le=50)


class TitleThere(Schema):
    """A title as a provider has it. `language`: as BCP 47 has it, "" where unknown."""

    text: str
    language: str
    kind: TitleKind


class CreditThere(Schema):
    name: str = Field(examples=["Ogawa Rin"])
    role: Role


class CatalogueEntry(Schema):
    """A title in a provider's catalogue; `url` is its page there. Facts it does not tell are null
    or empty."""

    provider: str = Field(examples=["mangadex"])
    provider_id: str = Field(examples=["a77742b1-befd-49a4-bff5-1ad4e6b0ef7b"])
    url: str = Field(examples=["https://mangadex.org/title/a77742b1-befd-49a4-bff5-1ad4e6b0ef7b"])
    title: str
    titles: list[TitleThere]
    summary: str
    people: list[CreditThere]
    genres: list[str]
    tags: list[str]
    status: Status | None
    year: int | None
    demographic: Demographic | None
    content_rating: Rating | None
    language: str
    last_chapter: str = Field(examples=["48.5"])
    last_volume: str = Field(examples=["9"])


class WorldFound(Schema):
    """What a provider has of that name, the best first. `told`: when it said so, which may be a
    day ago."""

    entries: list[CatalogueEntry]
    told: Moment


_COVER = "https://uploads.mangadex.org/covers/a77742b1-befd-49a4-bff5-1ad4e6b0ef7b/1.jpg"


class CoverThere(Schema):
    """A cover at a provider, of a volume or ("") of the whole work."""

    url: str = Field(examples=[_COVER])
    volume: str
    language: str


class CoverWanted(Strict):
    """Which: the `url` of one that `GET` lists."""

    url: Tidy = Field(min_length=1, max_length=2000, examples=[_COVER])

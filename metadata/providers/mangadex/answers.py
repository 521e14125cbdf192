"""What MangaDex sends, read leniently: hand-written after its description (5.10) and what real
answers do otherwise. What makes no sense is as if it had not been said; an entry of a list that
makes none at all is left out, and the others stay.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from kiremisu.lib.text import clean

_LONGEST = 20_000  # letters of any text
_MOST = 1_000  # entries of any list or map inside an entry


def _text(told: Any) -> str:
    """Text, also of a number where text is due; "" for anything else."""
    if isinstance(told, str):
        return clean(told[:_LONGEST])
    is_number = isinstance(told, int | float) and not isinstance(told, bool)
    return str(told)[:40] if is_number else ""


def _number(told: Any) -> int:
    return (
        told if isinstance(told, int) and not isinstance(told, bool) and 0 <= told < 1 << 31 else 0
    )


def _rating(told: Any) -> float | None:
    is_number = isinstance(told, int | float) and not isinstance(told, bool)
    return float(told) if is_number and 0 <= told <= 10 else None


def _moment(told: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(told)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def _map(told: Any) -> dict[str, Any]:
    """A map; an empty one has come as a list."""
    if not isinstance(told, dict):
        return {}
    return {_text(key)[:100]: told[key] for key in list(told)[:_MOST]}


def _texts(told: Any) -> dict[str, str]:
    return {key: text for key, value in _map(told).items() if (text := _text(value))}


def _list(told: Any) -> list[Any]:
    return told[:_MOST] if isinstance(told, list) else []


def _object(told: Any) -> dict[str, Any]:
    return told if isinstance(told, dict) else {}


type Text = Annotated[str, BeforeValidator(_text)]
type Number = Annotated[int, BeforeValidator(_number)]
type Rating = Annotated[float | None, BeforeValidator(_rating)]
type Moment = Annotated[datetime | None, BeforeValidator(_moment)]
type Texts = Annotated[dict[str, str], BeforeValidator(_texts)]
type TextsList = Annotated[list[Texts], BeforeValidator(_list)]
type Words = Annotated[list[Text], BeforeValidator(_list)]


class Said(BaseModel):
    model_config = ConfigDict(
        extra="ignore", frozen=True, alias_generator=to_camel, populate_by_name=True
    )


_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)


def is_id(told: Any) -> bool:
    """Ids are UUIDs."""
    return isinstance(told, str) and _ID.fullmatch(told) is not None


def _id(told: Any) -> str:
    if not is_id(told):
        raise ValueError("no id")
    return str(told).lower()


class Id(Said):
    """Everything that has an id; without one it is nothing."""

    id: Annotated[str, BeforeValidator(_id)]


class Relationship(Id):
    type: Text = ""
    related: Text = ""
    attributes: Annotated[dict[str, Any], BeforeValidator(_object)] = {}

    def say(self, name: str) -> str:
        """One of its attributes, as text."""
        return _text(self.attributes.get(name))


def _related(told: Any) -> list[Relationship]:
    return list(each(Relationship, _list(told)))


type Relationships = Annotated[list[Relationship], BeforeValidator(_related)]


class TagAttributes(Said):
    name: Texts = {}
    group: Text = ""


class Tag(Id):
    attributes: Annotated[TagAttributes, BeforeValidator(_object)] = TagAttributes()


def _tags(told: Any) -> list[Tag]:
    return list(each(Tag, _list(told)))


class MangaAttributes(Said):
    title: Texts = {}
    alt_titles: TextsList = []
    description: Texts = {}
    links: Texts = {}
    original_language: Text = ""
    last_volume: Text = ""
    last_chapter: Text = ""
    publication_demographic: Text = ""
    status: Text = ""
    year: Number = 0
    content_rating: Text = ""
    tags: Annotated[list[Tag], BeforeValidator(_tags)] = []
    available_translated_languages: Words = []


class Manga(Id):
    attributes: Annotated[MangaAttributes, BeforeValidator(_object)] = MangaAttributes()
    relationships: Relationships = []


class ChapterAttributes(Said):
    volume: Text = ""
    chapter: Text = ""
    title: Text = ""
    translated_language: Text = ""
    external_url: Text = ""
    is_unavailable: Annotated[bool, BeforeValidator(lambda told: told is True)] = False
    publish_at: Moment = None
    readable_at: Moment = None
    pages: Number = 0


class Chapter(Id):
    attributes: Annotated[ChapterAttributes, BeforeValidator(_object)] = ChapterAttributes()
    relationships: Relationships = []


class CoverAttributes(Said):
    volume: Text = ""
    file_name: Text = ""
    locale: Text = ""


class CoverArt(Id):
    attributes: Annotated[CoverAttributes, BeforeValidator(_object)] = CoverAttributes()
    relationships: Relationships = []


class ListedChapter(Said):
    chapter: Text = ""
    id: Text = ""
    others: Words = []


def _chapters(told: Any) -> list[ListedChapter]:
    # Numbered from 0 they have come as a list.
    return list(each(ListedChapter, told if isinstance(told, list) else list(_map(told).values())))


class Volume(Said):
    volume: Text = ""
    chapters: Annotated[list[ListedChapter], BeforeValidator(_chapters)] = []


def volumes(told: Any) -> list[Volume]:
    """The volumes of an aggregate."""
    inside = _object(told).get("volumes")
    return list(each(Volume, inside if isinstance(inside, list) else list(_map(inside).values())))


class Rated(Said):
    bayesian: Rating = None
    average: Rating = None


class Statistics(Said):
    rating: Annotated[Rated, BeforeValidator(_object)] = Rated()
    follows: Number = 0


def statistics(told: Any) -> dict[str, Statistics]:
    """Of each title by its id, as far as they were told."""
    known = _map(_object(told).get("statistics"))
    found = {key: next(each(Statistics, [value]), None) for key, value in known.items()}
    return {key: value for key, value in found.items() if value is not None}


def each[T: Said](model: type[T], told: Any) -> Iterator[T]:
    """The entries of a list that make sense."""
    for entry in told if isinstance(told, list) else ():
        try:
            yield model.model_validate(entry)
        except ValidationError:
            continue


def data(told: Any) -> Any:
    """What an envelope holds."""
    return _object(told).get("data")


def total(told: Any) -> int:
    """How many there are in all, of which a list holds some."""
    return _number(_object(told).get("total"))


def each_raw(told: Any) -> Iterator[dict[str, Any]]:
    """The entries of an envelope as they came, those that have an id; it is made lower case."""
    rows = data(told)
    for entry in rows if isinstance(rows, list) else ():
        if isinstance(entry, dict) and is_id(entry.get("id")):
            yield entry | {"id": entry["id"].lower()}

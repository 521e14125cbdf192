"""What the small MangaDex knows: titles with their chapters and covers, as the real one tells them.

Its shapes are those of the official description; what real answers do otherwise (empty text for
null, a lone title in any language) is kept.
"""

import colorsys
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID, uuid5

from PIL import Image

from kiremisu.lib.text import fold

type Json = dict[str, Any]

_SPACE = UUID("5f0c9c1f-4e3b-4a19-8817-263544536271")
_WHEN = "2024-03-14T19:40:01+00:00"
COVER = (512, 728)


def made_id(*parts: str) -> str:
    """The same id for the same words, in every run."""
    return str(uuid5(_SPACE, "\0".join(parts)))


@dataclass
class Chapter:
    """One entry of a feed. `volume`, `number` and `title` may be None as the real ones may."""

    id: str
    number: str | None
    volume: str | None = None
    title: str | None = ""
    language: str = "en"
    groups: Sequence[str] = ("Harbour Scans",)
    pages: int = 20
    external: str | None = None
    is_unavailable: bool = False
    published: str = _WHEN

    def told(self, manga: "Manga", includes: set[str]) -> Json:
        groups = [
            ("scanlation_group", made_id("group", name), _group(name)) for name in self.groups
        ]
        around = [*groups, ("manga", manga.id, manga.attributes())]
        return {
            "id": self.id,
            "type": "chapter",
            "attributes": {
                "volume": self.volume,
                "chapter": self.number,
                "title": self.title,
                "translatedLanguage": self.language,
                "externalUrl": self.external,
                "isUnavailable": self.is_unavailable,
                "publishAt": self.published,
                "readableAt": self.published,
                "createdAt": self.published,
                "updatedAt": self.published,
                "pages": 0 if self.external else self.pages,
                "version": 1,
            },
            "relationships": [_related(*each, includes) for each in around],
        }


@dataclass
class Manga:
    """A title. Everything may be changed at any time; the next answer tells it."""

    id: str
    title: dict[str, str]
    also: list[dict[str, str]]
    authors: Sequence[str] = ()
    artists: Sequence[str] = ()
    description: Any = field(default_factory=dict)
    links: Any = field(default_factory=dict)
    language: str = "ja"
    year: int | None = None
    status: str = "ongoing"
    rating: str = "safe"
    demographic: str | None = None
    tags: Sequence[str] = ()
    last_volume: str | None = ""
    last_chapter: str | None = ""
    related: Sequence[tuple[str, str]] = ()
    chapters: list[Chapter] = field(default_factory=list)
    # By file name: volume ("" of the whole series) and language.
    covers: dict[str, tuple[str, str]] = field(default_factory=dict)
    follows: int = 100
    updated: str = _WHEN

    @property
    def names(self) -> list[str]:
        """Every title it has, in whatever language."""
        return [text for told in (self.title, *self.also) for text in told.values()]

    def attributes(self) -> Json:
        told = {
            "title": self.title,
            "altTitles": self.also,
            "description": self.description,
            "isLocked": False,
            "links": self.links,
            "originalLanguage": self.language,
            "lastVolume": self.last_volume,
            "lastChapter": self.last_chapter,
            "publicationDemographic": self.demographic,
            "status": self.status,
            "year": self.year,
            "contentRating": self.rating,
            "tags": [tag(name) for name in self.tags],
            "state": "published",
            "chapterNumbersResetOnNewVolume": False,
            "createdAt": _WHEN,
            "updatedAt": self.updated,
            "version": 1,
            "availableTranslatedLanguages": sorted({each.language for each in self.chapters}),
        }
        return told | ({"latestUploadedChapter": self.chapters[-1].id} if self.chapters else {})

    def told(self, includes: set[str], known: Mapping[str, "Manga"]) -> Json:
        around: list[Json] = [
            _related(role, made_id("person", name), _person(name), includes)
            for role, names in (("author", self.authors), ("artist", self.artists or self.authors))
            for name in names
        ]
        for file, (volume, language) in list(self.covers.items())[:1]:
            told = _cover(file, volume, language)
            around.append(_related("cover_art", made_id("cover", self.id, file), told, includes))
        for kind, other in self.related:
            attributes = known[other].attributes() if other in known else {}
            around.append(_related("manga", other, attributes, includes) | {"related": kind})
        attributes = self.attributes()
        return {"id": self.id, "type": "manga", "attributes": attributes, "relationships": around}

    def covers_told(self) -> list[Json]:
        return [
            {
                "id": made_id("cover", self.id, file),
                "type": "cover_art",
                "attributes": _cover(file, volume, language),
                "relationships": [{"id": self.id, "type": "manga"}],
            }
            for file, (volume, language) in self.covers.items()
        ]


class Catalogue:
    """All titles, by id."""

    def __init__(self) -> None:
        self.manga: dict[str, Manga] = {}

    def add(
        self,
        title: str,
        *,
        language: str = "en",
        also: Mapping[str, str | Sequence[str]] | None = None,
        key: str = "",
        chapters: int | Sequence[Chapter] = 0,
        covers: int = 1,
        related: Sequence[tuple[str, Manga | str]] = (),
        **facts: Any,
    ) -> Manga:
        """One more title. `language` is that of `title`, `also` its other titles by language, in
        the site's own codes (`ja-ro`, `pt-br`); `key` tells two of one name apart. `chapters`:
        how many, three to a volume, or which. Other `facts` as the fields of `Manga`."""
        made = Manga(made_id(title, key), {language: title}, _others(also or {}), **facts)
        made.related = [(kind, getattr(other, "id", other)) for kind, other in related]
        if isinstance(chapters, int):
            chapters = [numbered(made, number) for number in range(1, chapters + 1)]
        made.chapters = list(chapters)
        for number in range(covers):
            file = f"{made_id('file', made.id, str(number))}.jpg"
            made.covers[file] = (str(number) if number else "", "ja")
        self.manga[made.id] = made
        return made

    def forget(self, manga: Manga) -> None:
        """Taken down: asked for, it is not there any more."""
        del self.manga[manga.id]

    def search(self, title: str) -> list[Manga]:
        """Those called so or alike, the best first."""
        wanted = trigrams(title)
        scored = [
            (max(_alike(wanted, name) for name in each.names), each) for each in self.manga.values()
        ]
        best = sorted(scored, key=lambda pair: (-pair[0], pair[1].id))
        return [each for score, each in best if score >= 0.3]


def numbered(manga: Manga, number: int, **facts: Any) -> Chapter:
    """The chapter of this number, three to a volume."""
    name = str(number)
    volume = str((number + 2) // 3)
    return Chapter(made_id("chapter", manga.id, name), name, volume, f"Part {name}", **facts)


def tag(name: str) -> Json:
    """A tag as the site tells it; names beginning with "!" are genres."""
    group = "genre" if name.startswith("!") else "theme"
    said = {"name": {"en": name.lstrip("!")}, "description": {}, "group": group, "version": 1}
    return {"id": made_id("tag", name), "type": "tag", "attributes": said, "relationships": []}


@cache
def picture(path: str) -> bytes:
    """The picture of this name: stripes in colours of its own."""
    digest = hashlib.sha256(path.encode()).digest()
    small = Image.new("RGB", (4, 6))
    for at in range(24):
        hue, light = digest[at % 32] / 255, 0.25 + digest[(at * 7 + 3) % 32] / 512
        red, green, blue = (round(255 * part) for part in colorsys.hls_to_rgb(hue, light, 0.6))
        small.putpixel((at % 4, at // 4), (red, green, blue))
    told = io.BytesIO()
    small.resize(COVER, Image.Resampling.BICUBIC).save(told, "JPEG", quality=70)
    return told.getvalue()


@cache
def trigrams(text: str) -> frozenset[str]:
    padded = f"  {fold(text)} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def _alike(wanted: frozenset[str], name: str) -> float:
    """How much of what is wanted is in the name, and how much else is."""
    told = trigrams(name)
    both = len(wanted & told)
    return 0.6 * both / max(1, len(wanted)) + 0.4 * both / max(1, len(wanted | told))


def _others(also: Mapping[str, str | Sequence[str]]) -> list[dict[str, str]]:
    pairs = (
        (language, [told] if isinstance(told, str) else told) for language, told in also.items()
    )
    return [{language: text} for language, texts in pairs for text in texts]


def _related(kind: str, key: str, attributes: Json, includes: set[str]) -> Json:
    told: Json = {"id": key, "type": kind}
    return told | {"attributes": attributes} if kind in includes else told


def _cover(file: str, volume: str, language: str) -> Json:
    return {
        "description": "",
        "volume": volume or None,
        "fileName": file,
        "locale": language,
        "createdAt": _WHEN,
        "updatedAt": _WHEN,
        "version": 1,
    }


def _person(name: str) -> Json:
    said = {"name": name, "imageUrl": None, "biography": {}, "twitter": None, "website": None}
    return {**said, "createdAt": _WHEN, "updatedAt": _WHEN, "version": 1}


def _group(name: str) -> Json:
    told = {"name": name, "altNames": [], "locked": False, "website": None, "official": False}
    return {**told, "createdAt": _WHEN, "updatedAt": _WHEN, "version": 1}

"""From what MangaDex says to facts in our own words."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, get_args

from django.conf import settings

from library.facts import (
    SUMMARY,
    ContentRating,
    Cover,
    Credit,
    Demographic,
    Direction,
    Named,
    Patch,
    Status,
    TitleKind,
)
from metadata.providers import Entry, Esteem, Group, Listed, Relation, Release, TagOf
from metadata.providers.mangadex import answers
from metadata.providers.mangadex.languages import ours

SITE = "https://mangadex.org"
# What MangaDex calls other sites, and what they are called.
_SITES = {
    "al": "anilist",
    "amz": "amazon",
    "ap": "anime-planet",
    "bw": "bookwalker",
    "cdj": "cdjapan",
    "ebj": "ebookjapan",
    "engtl": "english",
    "kt": "kitsu",
    "mal": "myanimelist",
    "mu": "mangaupdates",
    "nu": "novelupdates",
    "raw": "raw",
}
_ROLES = ("author", "artist")
# Names of files and nothing that leads elsewhere.
_FILE = re.compile(r"[\w-]+(\.[\w-]+)*\.(jpe?g|png|gif|webp|avif)", re.IGNORECASE | re.ASCII)
# Below such a line stand links, which are told apart.
_RULE = re.compile(r"\n\s*(-{3,}|_{3,}|\*{3,})\s*(\n|$)")
_AS_LONG_STRIP = "Long Strip"
_NO_NUMBER = {"none", "n/a", ""}


def entry(said: answers.Manga, told: datetime) -> Entry:
    """A title with all that is said of it."""
    return Entry(
        id=said.id,
        address=page(said.id),
        patch=_patch(said),
        relations=tuple(
            Relation(each.id, each.related) for each in said.relationships if each.type == "manga"
        ),
        languages=tuple(filter(None, map(ours, said.attributes.available_translated_languages))),
        told=told,
    )


def page(key: str) -> str:
    """Its page, for people."""
    return f"{SITE}/title/{key}"


def _patch(said: answers.Manga) -> Patch:
    told = said.attributes
    genres = [_name(tag) for tag in told.tags if tag.attributes.group == "genre"]
    others = [_name(tag) for tag in told.tags if tag.attributes.group != "genre"]
    covers = (each for each in said.relationships if each.type == "cover_art")
    return Patch(
        titles=list(_titles(told)),
        summary=_summary(told),
        people=list(_people(said.relationships)),
        tags=others,
        genres=genres,
        status=_one_of(Status, told.status),
        year=told.year if 1 <= told.year <= 9999 else None,
        demographic=_one_of(Demographic, told.publication_demographic),
        content_rating=_one_of(ContentRating, told.content_rating),
        language=ours(told.original_language) or None,
        direction=_direction(ours(told.original_language), others),
        links=_links(told.links) | {"mangadex": said.id},
        last_chapter=told.last_chapter or None,
        last_volume=told.last_volume or None,
        covers=[
            found
            for each in covers
            if (
                found := cover(
                    said.id, each.say("fileName"), each.say("volume"), each.say("locale")
                )
            )
        ],
    )


def _titles(told: answers.MangaAttributes) -> Iterator[Named]:
    """Each once: the title of its own first, then all others."""
    pairs = [(text, spoken, TitleKind.MAIN) for spoken, text in list(told.title.items())[:1]]
    for texts in (told.title, *told.alt_titles):
        pairs += [(text, spoken, TitleKind.ALTERNATIVE) for spoken, text in texts.items()]
    seen = set[tuple[str, str]]()
    for text, spoken, kind in pairs:
        if (text, spoken) not in seen:
            seen.add((text, spoken))
            yield Named(text=text, language=ours(spoken), kind=kind)


def _summary(told: answers.MangaAttributes) -> str | None:
    """In English where there is one, else in its own language, else in any."""
    known = told.description
    text = known.get("en") or known.get(told.original_language) or next(iter(known.values()), "")
    return _RULE.split(text, maxsplit=1)[0].strip()[:SUMMARY] or None


def _people(around: Iterable[answers.Relationship]) -> Iterator[Credit]:
    for role in _ROLES:
        for each in around:
            if each.type == role and (name := each.say("name")):
                yield Credit.model_validate({"name": name, "role": role})


def _direction(language: str, tags: list[str]) -> Direction | None:
    if _AS_LONG_STRIP in tags:
        return "vertical"
    return "rtl" if language == "ja" else None


def _links(told: dict[str, str]) -> dict[str, str]:
    """Ids, paths and addresses of the web; nothing that a browser would run."""
    known = {_SITES.get(key, key)[:40]: value for key, value in told.items() if key}
    return {
        site: value
        for site, value in known.items()
        if len(value) <= 2000 and (":" not in value or value.startswith(("https://", "http://")))
    }


def _name(said: answers.Tag) -> str:
    known = said.attributes.name
    return known.get("en") or next(iter(known.values()), "")


def _one_of[T](kind: Any, told: str) -> T | None:
    """The word itself where it is one of these."""
    known: tuple[T, ...] = get_args(kind.__value__)
    return next((each for each in known if each == told), None)


def cover(key: str, file: str, volume: str, locale: str) -> Cover | None:
    """Where a cover lies; None for a name that is none."""
    if not _FILE.fullmatch(file):
        return None
    address = f"{settings.MANGADEX_UPLOADS_URL}/covers/{key}/{file}"
    return Cover(url=address, volume=volume, language=ours(locale))


def art(said: answers.CoverArt, key: str) -> Cover | None:
    told = said.attributes
    return cover(key, told.file_name, told.volume, told.locale)


def release(said: answers.Chapter) -> Release:
    told = said.attributes
    is_web = told.external_url.startswith(("https://", "http://"))
    return Release(
        id=said.id,
        volume=_numbered(told.volume),
        number=_numbered(told.chapter),
        title=told.title,
        language=ours(told.translated_language),
        groups=tuple(
            Group(each.id, each.say("name"))
            for each in said.relationships
            if each.type == "scanlation_group"
        ),
        pages=told.pages,
        published=told.readable_at or told.publish_at,
        address=told.external_url if is_web else f"{SITE}/chapter/{said.id}",
        external=is_web,
        is_unavailable=told.is_unavailable,
    )


def listed(said: Iterable[answers.Volume]) -> Iterator[Listed]:
    for volume in said:
        for chapter in volume.chapters:
            ids = tuple(filter(None, (chapter.id, *chapter.others)))
            yield Listed(_numbered(volume.volume), _numbered(chapter.chapter), ids)


def _numbered(told: str) -> str:
    return "" if told.casefold() in _NO_NUMBER else told[:40]


def tag(said: answers.Tag) -> TagOf:
    return TagOf(said.id, _name(said), said.attributes.group)


def esteem(said: answers.Statistics) -> Esteem:
    rating = said.rating.bayesian if said.rating.bayesian is not None else said.rating.average
    return Esteem(rating, said.follows)

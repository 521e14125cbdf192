"""What the page of a series says of it besides its files: titles, makers, labels, links, and
whose word all that is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from django.urls import reverse

from library.facts import Source
from library.models import Credit, Series
from library.shapes import FactSheet, Labels
from library.wording import source_name

# Where an id leads, by its site.
_SITES: Mapping[str, tuple[str, str]] = {
    "mangadex": ("MangaDex", "https://mangadex.org/title/{}"),
    "anilist": ("AniList", "https://anilist.co/manga/{}"),
    "myanimelist": ("MyAnimeList", "https://myanimelist.net/manga/{}"),
    "kitsu": ("Kitsu", "https://kitsu.app/manga/{}"),
    "anime-planet": ("Anime-Planet", "https://www.anime-planet.com/manga/{}"),
    "mangaupdates": ("MangaUpdates", "https://www.mangaupdates.com/series/{}"),
    "novelupdates": ("Novel Updates", "https://www.novelupdates.com/series/{}"),
    "bookwalker": ("BookWalker", "https://bookwalker.jp/{}"),
    "comicvine": ("Comic Vine", "https://comicvine.gamespot.com/volume/4050-{}/"),
    "amazon": ("Amazon", ""),
    "cdjapan": ("CDJapan", ""),
    "ebookjapan": ("eBookJapan", ""),
    "english": ("In English", ""),
    "raw": ("Original", ""),
}
_MAKERS = (Credit.Role.AUTHOR, Credit.Role.ARTIST)
# Tags beyond these are folded away.
_TAGS = 12


class Link(NamedTuple):
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Known:
    """`also`: other titles with their languages. `people`: by role, as it is said. `tags` stand
    at once, `more_tags` when asked for. `sources`: whose word is shown."""

    also: list[tuple[str, str]]
    makers: str
    people: list[tuple[str, str]]
    genres: list[Link]
    tags: list[Link]
    more_tags: list[Link]
    links: list[Link]
    sources: list[str]
    mangadex: str
    locked: int


def known(series: Series) -> Known:
    """What is known of this series."""
    sheet, labels = series.facts, series.labels
    tags = [_labelled("tag", name) for name in labels.tags]
    links = [found for line in sheet.links if (found := link(line["site"], line["address"]))]
    told = {origin.source for origin in sheet.origins.values()}
    return Known(
        also=_also(series, sheet),
        makers=", ".join(_names(labels, _MAKERS)),
        people=_by_role(labels),
        genres=[_labelled("genre", name) for name in labels.genres],
        tags=tags[:_TAGS],
        more_tags=tags[_TAGS:],
        links=[each for each in links if each.name != "MangaDex"],
        sources=[source_name(each) for each in sorted(told - {Source.MANGADEX})],
        mangadex=_mangadex(links) if Source.MANGADEX in told else "",
        locked=len(series.locks),
    )


def link(site: str, address: str) -> Link | None:
    """Where this leads; None where that is not known."""
    name, place = _SITES.get(site, (site, ""))
    if address.startswith(("https://", "http://")):
        return Link(name, address)
    if site == "mangaupdates" and address.isdecimal():
        # Numbers are its old ids.
        return Link(name, f"https://www.mangaupdates.com/series.html?id={address}")
    return Link(name, place.format(quote(address))) if place else None


def _mangadex(links: Iterable[Link]) -> str:
    found = (each.address for each in links if each.name == "MangaDex")
    return next(found, "https://mangadex.org/")


def _also(series: Series, sheet: FactSheet) -> list[tuple[str, str]]:
    told: dict[str, str] = {}
    for line in sheet.titles:
        if line["text"] != series.title:
            told.setdefault(line["text"], line["language"])
    return list(told.items())


def _labelled(field: str, name: str) -> Link:
    return Link(name, f"{reverse('library')}?{urlencode({field: name})}")


def _names(labels: Labels, roles: Iterable[Any]) -> list[str]:
    wanted = set(roles)
    return list(dict.fromkeys(each["name"] for each in labels.people if each["role"] in wanted))


def _by_role(labels: Labels) -> list[tuple[str, str]]:
    found = [(role.label, ", ".join(_names(labels, [role]))) for role in Credit.Role]
    return [(role, names) for role, names in found if names]

"""ComicInfo.xml, versions 1.0 to 2.1, with what Mihon and Kavita add.

Format: the Anansi Project's schemas. In the wild its elements stand in any order, and a file of
a series' folder is the same as one of a book.
"""

from collections.abc import Mapping
from typing import Any

from kiremisu.lib.text import clean, fold
from library.names import parse
from library.sidecars import values
from library.sidecars.markup import fields
from library.sidecars.told import About, Source, Told

_ROLES = {
    "writer": "author",
    "penciller": "artist",
    "inker": "inker",
    "colorist": "colorist",
    "letterer": "letterer",
    "coverartist": "cover_artist",
    "editor": "editor",
    "translator": "translator",
}
_RATINGS = {
    "early childhood": "safe",
    "everyone": "safe",
    "everyone 10+": "safe",
    "g": "safe",
    "kids to adults": "safe",
    "pg": "safe",
    "teen": "safe",
    "m": "suggestive",
    "ma15+": "suggestive",
    "mature 17+": "suggestive",
    "r18+": "erotica",
    "adults only 18+": "pornographic",
    "x18+": "pornographic",
}
_DIRECTIONS = {"yesandrighttoleft": "rtl", "no": "ltr"}
_STATES = {
    "ongoing": "ongoing",
    "completed": "completed",
    "publishing finished": "completed",
    "cancelled": "cancelled",
    "on hiatus": "hiatus",
}
_DEMOGRAPHICS = {
    "shounen": "shounen",
    "shonen": "shounen",
    "shoujo": "shoujo",
    "shojo": "shoujo",
    "seinen": "seinen",
    "josei": "josei",
}
_STRIPS = {"long strip", "webtoon", "web comic"}
_MIHONS = ("sourcemihon", "publishingstatustachiyomi")
# A volume of such a number is the year in which the series began, as of comics.
_YEARS = range(1900, 2101)


def told(data: bytes) -> Told:
    """What this file says. Raises Misread."""
    said = fields(data, "comicinfo")
    return Told(Source.COMICINFO, _facts(said), _about(said))


def _facts(said: Mapping[str, str]) -> dict[str, Any]:
    genres, tags = values.names(said.get("genre", "")), values.names(said.get("tags", ""))
    labels = {fold(label) for label in (*genres, *tags, said.get("format", ""))}
    direction = _DIRECTIONS.get(said.get("manga", "").lower())
    facts = {
        "titles": _titles(said),
        "summary": clean(said.get("summary", ""), 5000),
        "people": _people(said),
        "genres": genres,
        "tags": tags,
        "status": _STATES.get(fold(said.get("publishingstatustachiyomi", ""))),
        "year": _began(said),
        "demographic": next(
            (_DEMOGRAPHICS[each] for each in sorted(labels & set(_DEMOGRAPHICS))), None
        ),
        "content_rating": _RATINGS.get(said.get("agerating", "").lower()),
        "direction": "vertical" if labels & _STRIPS else direction,
        "links": values.links([said.get("web", "")]),
        **_count(said),
    }
    return {name: value for name, value in facts.items() if value}


def _titles(said: Mapping[str, str]) -> list[dict[str, str]]:
    main, other = clean(said.get("series", ""), 500), clean(said.get("localizedseries", ""), 500)
    titles = [{"text": main, "kind": "main"}] if main else []
    if other and other != main:
        titles.append({"text": other, "kind": "alternative"})
    return titles


def _people(said: Mapping[str, str]) -> list[dict[str, str]]:
    # To Mihon the translator is a scanlation group, and that is the chapter's.
    roles = {
        name: role for name, role in _ROLES.items() if name != "translator" or not _is_mihons(said)
    }
    return [
        {"name": name, "role": role}
        for field, role in roles.items()
        for name in values.names(said.get(field, ""))
    ]


def _is_mihons(said: Mapping[str, str]) -> bool:
    return any(name in said for name in _MIHONS)


def _volume(said: Mapping[str, str]) -> str:
    found = values.number(said.get("volume", ""))
    first = values.whole(found.partition("-")[0])
    return found if first is not None and first < _YEARS.start else ""


def _began(said: Mapping[str, str]) -> int | None:
    """The year of a series' first book, or the one that counts as its volume.

    Not of what Mihon wrote: there it is the year in which a chapter was put on the web.
    """
    volume = values.whole(said.get("volume", ""))
    if volume in _YEARS:
        return volume
    is_first = "1" in (_volume(said), values.number(said.get("number", "")))
    return values.year(said.get("year", "")) if is_first and not _is_mihons(said) else None


def _count(said: Mapping[str, str]) -> dict[str, str]:
    """With which number the series ends: of chapters, or of volumes where only those count."""
    count = values.whole(said.get("count", ""))
    if not count or count in _YEARS:
        return {}
    is_volumes = bool(_volume(said)) and not values.number(said.get("number", ""))
    return {"last_volume" if is_volumes else "last_chapter": str(count)}


def _about(said: Mapping[str, str]) -> About:
    title, volume = _title(said)
    scans = clean(said.get("scaninformation", "").strip(" \t\n()[]"), 255)
    group = clean(said.get("translator", ""), 255) if _is_mihons(said) else ""
    return About(
        series=clean(said.get("series", ""), 500),
        volume=_volume(said) or volume,
        number=values.number(said.get("number", "")),
        title=title,
        year=values.year(said.get("year", "")),
        group=group or scans,
        language=values.language(said.get("languageiso", "")),
        special=fold(said.get("format", "")) == "special",
    )


def _title(said: Mapping[str, str]) -> tuple[str, str]:
    """The title without the series' name and numbers in front, and the volume among those."""
    title, series = clean(said.get("title", ""), 500), fold(said.get("series", ""))
    if not title or fold(title) == series:
        return "", ""
    parsed = parse(title)
    is_numbered = bool(parsed.chapter or parsed.volume)
    if is_numbered and (parsed.series is None or fold(parsed.series) == series):
        return clean(parsed.title or "", 500), parsed.volume or ""
    return title, ""

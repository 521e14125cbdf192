"""What the small MangaDex answers to whom: its addresses, parameters and limits."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from tests.upstream.catalogue import Catalogue, Json, Manga, picture, tag

SAFE = ("safe", "suggestive", "erotica")
DEEPEST = 10_000


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    kind: str = "application/json"


class Wrong(Exception):
    """A request the site refuses, with its status."""

    def __init__(self, status: int, title: str) -> None:
        super().__init__(title)
        self.status, self.title = status, title


@dataclass(frozen=True)
class Query:
    """The parameters of a request, those in brackets as lists."""

    pairs: Sequence[tuple[str, str]]

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.pairs if key == f"{name}[]"]

    def one(self, name: str, default: str = "") -> str:
        return next((value for key, value in self.pairs if key == name), default)

    def number(self, name: str, default: int, most: int) -> int:
        told = self.one(name, str(default))
        if not told.isdecimal() or int(told) > most:
            raise Wrong(400, f"{name} must be at most {most}")
        return int(told)

    def paging(self, default: int, most: int) -> tuple[int, int]:
        limit, offset = self.number("limit", default, most), self.number("offset", 0, DEEPEST)
        if limit + offset > DEEPEST:
            raise Wrong(400, "offset and limit together may not pass 10000")
        return limit, offset


def answer(catalogue: Catalogue, path: str, query: Query) -> Answer:
    """The answer to a GET, an error of the site's own among them."""
    try:
        for pattern, found in _ROUTES:
            if match := re.fullmatch(pattern, path):
                told = found(catalogue, query, *match.groups())
                return told if isinstance(told, Answer) else Answer(200, _json(told))
        raise Wrong(404, "Not found")
    except Wrong as wrong:
        said = {
            "id": "0",
            "status": wrong.status,
            "title": wrong.title,
            "detail": None,
            "context": None,
        }
        return Answer(wrong.status, _json({"result": "error", "errors": [said]}))


def _json(told: Any) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()


def _collection(rows: Sequence[Json], total: int, limit: int, offset: int) -> Json:
    paging = {"limit": limit, "offset": offset, "total": total}
    return {"result": "ok", "response": "collection", "data": list(rows), **paging}


def _entity(row: Json) -> Json:
    return {"result": "ok", "response": "entity", "data": row}


def _ids(query: Query, name: str) -> list[str]:
    ids = query.all(name)
    if len(ids) > 100:
        raise Wrong(400, f"{name} may hold 100")
    return [_id(each) for each in ids]


def _id(told: str) -> str:
    try:
        return str(UUID(told))
    except ValueError:
        raise Wrong(400, "No UUID") from None


def _one(catalogue: Catalogue, told: str) -> Manga:
    found = catalogue.manga.get(_id(told))
    if found is None:
        raise Wrong(404, "Manga not found")
    return found


def _list(catalogue: Catalogue, query: Query) -> Json:
    limit, offset = query.paging(10, 100)
    title, ids = query.one("title"), _ids(query, "ids")
    ratings = set(query.all("contentRating") or SAFE)
    found = catalogue.search(title) if title else list(catalogue.manga.values())
    fitting = [each for each in found if each.rating in ratings and (not ids or each.id in ids)]
    includes = set(query.all("includes"))
    rows = [each.told(includes, catalogue.manga) for each in fitting[offset : offset + limit]]
    return _collection(rows, len(fitting), limit, offset)


def _get(catalogue: Catalogue, query: Query, told: str) -> Json:
    return _entity(_one(catalogue, told).told(set(query.all("includes")), catalogue.manga))


def _feed(catalogue: Catalogue, query: Query, told: str) -> Json:
    manga = _one(catalogue, told)
    limit, offset = query.paging(100, 500)
    languages, since = query.all("translatedLanguage"), query.one("publishAtSince")
    found = [
        each
        for each in manga.chapters
        if (not languages or each.language in languages) and each.published[:19] >= since
    ]
    if query.one("order[publishAt]") == "desc":
        found.reverse()
    includes = set(query.all("includes"))
    rows = [each.told(manga, includes) for each in found[offset : offset + limit]]
    return _collection(rows, len(found), limit, offset)


def _aggregate(catalogue: Catalogue, query: Query, told: str) -> Json:
    manga, languages = _one(catalogue, told), query.all("translatedLanguage")
    found = [each for each in manga.chapters if not languages or each.language in languages]

    def volume(each: Any) -> str:
        return each.volume or "none"

    volumes: Json = {}
    for name, inside in groupby(sorted(found, key=volume), key=volume):
        chapters: Json = {}
        for each in inside:
            number = each.number or "none"
            if number in chapters:
                chapters[number]["others"].append(each.id)
                chapters[number]["count"] += 1
            else:
                chapters[number] = {"chapter": number, "id": each.id, "others": [], "count": 1}
        count = sum(each["count"] for each in chapters.values())
        volumes[name] = {"volume": name, "count": count, "chapters": chapters}
    # An empty map comes as a list, as the real one has told it.
    return {"result": "ok", "volumes": volumes or []}


def _covers(catalogue: Catalogue, query: Query) -> Json:
    limit, offset = query.paging(10, 100)
    known = [catalogue.manga[each] for each in _ids(query, "manga") if each in catalogue.manga]
    rows = [row for manga in known for row in manga.covers_told()]
    return _collection(rows[offset : offset + limit], len(rows), limit, offset)


def _statistics(catalogue: Catalogue, query: Query) -> Json:
    known = [catalogue.manga[each] for each in _ids(query, "manga") if each in catalogue.manga]
    told = {
        each.id: {
            "comments": None,
            "rating": {"average": 8.5, "bayesian": 8.4, "distribution": {}},
            "follows": each.follows,
            "unavailableChaptersCount": 0,
        }
        for each in known
    }
    return {"result": "ok", "statistics": told}


def _tags(catalogue: Catalogue, query: Query) -> Json:
    names = sorted({name for manga in catalogue.manga.values() for name in manga.tags})
    return _collection([tag(name) for name in names], len(names), len(names), 0)


def _picture(catalogue: Catalogue, query: Query, told: str, file: str) -> Answer:
    if re.sub(r"\.(256|512)\.jpg$", "", file) not in _one(catalogue, told).covers:
        raise Wrong(404, "No such cover")
    return Answer(200, picture(f"{told}/{file}"), "image/jpeg")


_ROUTES: tuple[tuple[str, Callable[..., Json | Answer]], ...] = (
    (r"/manga", _list),
    (r"/manga/tag", _tags),
    (r"/manga/([^/]+)", _get),
    (r"/manga/([^/]+)/feed", _feed),
    (r"/manga/([^/]+)/aggregate", _aggregate),
    (r"/cover", _covers),
    (r"/statistics/manga", _statistics),
    (r"/covers/([^/]+)/([^/]+)", _picture),
)

"""Examples for the API's description, put together from those of the fields.

One word means one thing all over the API, so that text and numbers have their example by the
field's name. A field whose example is another says its own: `Field(examples=["12-14"])`. Ids,
times, choices, yes and no, lists and objects follow from their form.
"""

from collections.abc import Mapping
from typing import Any

_BY_NAME: dict[str, str | int | float] = {
    "about_name": "bob",
    "access": "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiMDE5YSJ9.c2FsdCByb2Fk",
    "act": "user.changed",
    "address": "192.0.2.7",
    "after": "curator",
    "alone": 1,
    "attempts": 1,
    "before": "reader",
    "body": 1_048_576,
    "bytes": 326_114,
    "chapter_count": 48,
    "chapter_label": "Volume 3, chapter 12.5",
    "code": "not_found",
    "cover": "/c/5f0c9c1f4e3b2a190817263544536271/400/AZpMHo87fSCcVQ",
    "current_password": "a quiet harbour",
    "detail": "There is nothing here",
    "device": "Kitchen tablet",
    "done": 120,
    "duplicate_count": 1,
    "duplicated_count": 1,
    "edition": "Omnibus",
    "email": "alice@example.org",
    "error": "",
    "fact_sources": "comicinfo",
    "features": "libraries",
    "field": "role",
    "format": "zip",
    "fraction": 0.25,
    "gap_count": 4,
    "genres": "slice of life",
    "group": "Harbour Scans",
    "height": 1200,
    "key": "km_4f7wN2vQm8sLr1xTz6bYc3dKj9hGp5aEu0oWi-XqRtM",
    "kind": "scan",
    "label": "Volume 3, chapter 12.5",
    "language": "en",
    "last_chapter": "139",
    "last_volume": "34",
    "marks": 0,
    "media_type": "image/jpeg",
    "message": "Reading chapter files",
    "missing_count": 0,
    "name": "Manga",
    "next_cursor": "WyJ0aXRsZSIsIiIsIm9uIiwyLFsic2FsdCByb2FkIl1d",
    "number": "12.5",
    "operation": "mark_read",
    "owned_count": 41,
    "page": 12,
    "page_count": 212,
    "password": "a quiet harbour",
    "path": "Salt Road Diary/Salt Road Diary v03 c012.5.cbz",
    "per_page": 20,
    "prefix": "km_4f7w",
    "prev_cursor": "WyJ0aXRsZSIsIiIsImJhY2siLDEsWyJlbWJlciJdXQ",
    "priority": 20,
    "problem": "",
    "problem_count": 0,
    "problem_detail": "",
    "purpose": "Personal token of MangaDex, for what it shows to its members alone",
    "q": "salt road",
    "refresh": "eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiI3ZDIwIn0.ZGlhcnk",
    "request_id": "019a4c1e8f3b7d209c553e1f60a7b842",
    "root": "/srv/manga",
    "series_count": 312,
    "series_title": "Salt Road Diary",
    "size": 68_157_440,
    "skipped": 0,
    "sort_title": "salt road diary",
    "special": 2,
    "status": "ongoing",
    "strip_gap": 0,
    "strip_width": 800,
    "summary": "Two sisters carry salt over the pass, and write down whom they meet.",
    "tags": "foreshadowing",
    "text": "The lamp is lit again here.",
    "tint": "#7a5c3e",
    "title": "Salt Road Diary",
    "total": 48,
    "url": "/p/019a4c1e8f3b7d209c553e1f60a7b842/12/AZpMHo87fSCcVQ",
    "username": "alice",
    "value": "the-token-that-mangadex-gave-you",
    "version": "0.1.0",
    "volume": "3",
    "volume_count": 6,
    "who_name": "alice",
    "width": 840,
    "year": 2019,
}
_BY_FORMAT = {
    "uuid": "019a4c1e-8f3b-7d20-9c55-3e1f60a7b842",
    "date-time": "2026-03-14T19:40:01Z",
}
_TYPES: dict[str, type | tuple[type, ...]] = {"string": str, "integer": int, "number": (int, float)}

type Described = Mapping[str, Any]


class NoExample(LookupError):
    """A field that must say its own example; its place is the message."""


def example_of(schema: Described, known: Described, place: str = "") -> Any:
    """An example of what a JSON schema describes; `known` are those it may refer to, by name.

    Raises NoExample for text and numbers without one.
    """
    for word in ("examples", "enum"):
        if word in schema:
            return schema[word][0]
    if "const" in schema:
        return schema["const"]
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return example_of(known[name], known, place or name)
    for word in ("anyOf", "allOf", "oneOf"):
        if word in schema:
            return example_of(schema[word][0], known, place)
    return _by_type(schema, known, place)


def _by_type(schema: Described, known: Described, place: str) -> Any:
    kind = schema.get("type", "")
    match kind:
        case "object":
            fields = schema.get("properties", {}).items()
            return {name: example_of(field, known, f"{place}.{name}") for name, field in fields}
        case "array":
            inside = schema.get("prefixItems") or [schema["items"]]
            return [example_of(each, known, place) for each in inside]
        case "boolean":
            return schema.get("default", False)
    by_name = _BY_NAME.get(place.rpartition(".")[2])
    for found in (_BY_FORMAT.get(schema.get("format", "")), by_name, schema.get("default")):
        if isinstance(found, _TYPES.get(kind, ())):
            return found
    raise NoExample(f"{place} has no example: {schema}")

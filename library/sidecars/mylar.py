"""series.json, as Mylar writes it and Komga reads it.

Format: Mylar's wiki, "series.json schema", versions 1.0 to 1.0.2.
"""

from typing import Any

from kiremisu.lib.text import clean
from library.sidecars import values
from library.sidecars.documents import read_object, text
from library.sidecars.refusing import Misread
from library.sidecars.told import Source, Told

_STATES = {"continuing": "ongoing", "ended": "completed"}
_RATINGS = {
    "all": "safe",
    "9+": "safe",
    "12+": "safe",
    "15+": "suggestive",
    "17+": "suggestive",
    "adult": "pornographic",
}


def told(data: bytes) -> Told:
    """What this file says. Raises Misread."""
    said = read_object(data).get("metadata")
    if not isinstance(said, dict):
        raise Misread("not_known")
    name, comic = clean(text(said, "name"), 500), text(said, "comicid")
    status = _STATES.get(text(said, "status").lower())
    total = values.whole(text(said, "total_issues"))
    facts: dict[str, Any] = {
        "titles": [{"text": name, "kind": "main"}] if name else [],
        "summary": clean(text(said, "description_text", "description_formatted"), 5000),
        "year": values.year(text(said, "year")),
        "status": status,
        "content_rating": _RATINGS.get(text(said, "age_rating").lower()),
        "links": {"comicvine": comic} if comic.isascii() and comic.isalnum() else {},
        # Of one that goes on it is only how many there are by now.
        "last_chapter": str(total) if total and status == "completed" else "",
    }
    return Told(Source.SERIES_JSON, {key: value for key, value in facts.items() if value})

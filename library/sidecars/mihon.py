"""details.json, as Mihon's local source reads it."""

from typing import Any

from kiremisu.lib.text import clean
from library.sidecars import values
from library.sidecars.documents import read_object, text
from library.sidecars.told import Source, Told

# By its own numbers; 3, licensed, says nothing of how the work goes on.
_STATES = {"1": "ongoing", "2": "completed", "4": "completed", "5": "cancelled", "6": "hiatus"}


def told(data: bytes) -> Told:
    """What this file says. Raises Misread."""
    said = read_object(data)
    title = clean(text(said, "title"), 500)
    genres = said.get("genre")
    if isinstance(genres, list):
        genres = "\n".join(each for each in genres if isinstance(each, str))
    facts: dict[str, Any] = {
        "titles": [{"text": title, "kind": "main"}] if title else [],
        "summary": clean(text(said, "description"), 5000),
        "people": [
            {"name": name, "role": role}
            for field, role in (("author", "author"), ("artist", "artist"))
            for name in values.names(text(said, field))
        ],
        "genres": values.names(genres) if isinstance(genres, str) else [],
        "status": _STATES.get(text(said, "status")),
    }
    return Told(Source.DETAILS_JSON, {key: value for key, value in facts.items() if value})

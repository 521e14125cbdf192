"""The pages as tests walk them: every address that is neither the API's nor the desk's."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver

# What stands in a path that is no id.
_IN_PATHS = {"page": "1", "kind": "md", "proof": "x", "text": "x"}
_PART = re.compile(r"<(?:\w+:)?(\w+)>")


@cache
def paths() -> list[str]:
    """Their paths as the URL map writes them: "/series/<uuid:series_id>"."""
    return list(_below(get_resolver().url_patterns, "/"))


def ids_of(path: str) -> list[str]:
    """The names of the ids in a path."""
    return [name for name in _PART.findall(path) if name not in _IN_PATHS]


def filled(path: str, ids: Mapping[str, object]) -> str:
    return _PART.sub(lambda found: str(ids.get(found[1]) or _IN_PATHS[found[1]]), path)


def _below(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
    for one in patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield path
        elif path not in {"/api/v1/", "/admin/"}:
            yield from _below(one.url_patterns, path)

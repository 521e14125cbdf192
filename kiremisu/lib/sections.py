"""Parts of a page, each told by the app that knows it: settings name them by dotted path."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a page: its template, what that needs, and the series whose covers it shows."""

    template: str
    facts: Mapping[str, Any]
    series: Sequence[Any] = ()


def sections(paths: Sequence[str], viewer: Any, *about: Any) -> list[Section]:
    """What these functions have for this person, about something. One that answers None is not
    there."""
    found = (section(viewer, *about) for section in _named(tuple(paths)))
    return [section for section in found if section is not None]


@lru_cache(maxsize=8)
def _named(paths: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(import_string(path) for path in paths)

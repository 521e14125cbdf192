"""Where the world's knowledge comes from: what every provider can be asked, in our own words.

    provider = of("mangadex", urgent=True)          # for somebody who waits
    for entry in provider.search("Salt Road Diary").entries:
        entry.patch.titles

Providers answer from what they kept where it is young enough; `since` says from when on, so that
a run that is started again asks nothing it was told already. All of their methods raise
UpstreamFailed for a server that failed and Unavailable, with the seconds to wait, for one that is
to be left alone for now.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from library.facts import Cover, Patch


@dataclass(frozen=True, slots=True)
class Relation:
    """Another title that this one is related to: "sequel", "colored", "spin_off" …"""

    id: str
    kind: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A title in a provider's catalogue. `address` is its page there, for people; `languages`
    those into which chapters were translated; `told` when the provider said all this."""

    id: str
    address: str
    patch: Patch
    relations: tuple[Relation, ...]
    languages: tuple[str, ...]
    told: datetime


class Found(NamedTuple):
    """What a search brought up, the best first, and when the provider said so."""

    entries: list[Entry]
    told: datetime


class Group(NamedTuple):
    """Who translated a chapter."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Release:
    """A chapter as a provider's feed has it. `volume` and `number` are text as readers write
    them, "" where there is none; `external`: it is read elsewhere, at `address`."""

    id: str
    volume: str
    number: str
    title: str
    language: str
    groups: tuple[Group, ...]
    pages: int
    published: datetime | None
    address: str
    external: bool
    is_unavailable: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A chapter that exists, in however many translations: their ids."""

    volume: str
    number: str
    ids: tuple[str, ...]


class TagOf(NamedTuple):
    """A tag of a provider; `group` is genre, theme, format or content."""

    id: str
    name: str
    group: str


class Esteem(NamedTuple):
    """What readers there think of a title: a rating of 10, None where nobody rated it."""

    rating: float | None
    follows: int


class Provider(Protocol):
    """A source of facts. Ids are the provider's own; what is not there any more is left out of
    the answers about many, and NotThere about one."""

    name: str
    label: str

    def search(self, title: str, limit: int = 20) -> Found: ...
    def one(self, key: str) -> Entry: ...
    def many(self, keys: Collection[str]) -> dict[str, Entry]: ...
    def feed(self, key: str, languages: Sequence[str] = ()) -> list[Release]: ...
    def outline(self, key: str, languages: Sequence[str] = ()) -> list[Listed]: ...
    def covers(self, keys: Collection[str]) -> Mapping[str, list[Cover]]: ...
    def tags(self) -> list[TagOf]: ...
    def esteem(self, keys: Collection[str]) -> Mapping[str, Esteem]: ...
    def picture(self, cover: Cover) -> bytes: ...
    def address(self, key: str) -> str: ...


def of(name: str, *, urgent: bool = False, since: datetime | None = None) -> Provider:
    """The provider that settings' PROVIDERS names so. `urgent`: somebody waits for the answers;
    `since`: what was answered before is asked again. Raises LookupError."""
    return _made(name)(urgent=urgent, since=since)


def load() -> None:
    """Have all providers ready, so that nobody waits for that."""
    for name in settings.PROVIDERS:
        _made(name)


@cache
def _made(name: str) -> Callable[..., Provider]:
    if name not in settings.PROVIDERS:
        raise LookupError(f"There is no provider named {name!r} in settings' PROVIDERS.")
    made: Callable[..., Provider] = import_string(settings.PROVIDERS[name])
    return made

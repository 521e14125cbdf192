"""What the search page shows of a provider's catalogue, to those who may bring works in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kiremisu.accounts import rates
from kiremisu.accounts.models import User
from kiremisu.lib.errors import Throttled, Unavailable, UpstreamFailed
from kiremisu.lib.sections import Section
from kiremisu.lib.text import clean
from library.models import Library, Series
from metadata import providers, searching
from metadata.models import Match

SHOWN = 8
_A_MINUTE = 30
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Work:
    """One of a provider's catalogue; `here` is the series that it is, where there is one."""

    told: dict[str, Any]
    here: Series | None

    @property
    def line(self) -> str:
        """By whom, since when, and how it stands."""
        people = dict.fromkeys(one["name"] for one in self.told["people"])
        status = (self.told["status"] or "").capitalize()
        facts = (", ".join([*people][:2]), self.told["year"], status)
        return " · ".join(str(fact) for fact in facts if fact)


@dataclass(frozen=True, slots=True)
class World:
    """What a provider has for some words; `problem` says why it could not be asked."""

    q: str
    label: str = "MangaDex"
    works: list[Work] = field(default_factory=list)
    libraries: Sequence[Library] = ()
    problem: str = ""


def on_search(user: User, q: str) -> Section | None:
    """The way to what a provider has of that name, which asks for it once the page is there; None
    for those who may bring nothing in."""
    if not user.curates or not q:
        return None
    return Section("metadata/_world_later.html", {"q": q})


def world(user: User, asked: str, name: str = "mangadex") -> World:
    """What it has of that name, asked for now."""
    q = clean(asked[: 4 * _LONGEST], _LONGEST)
    if not q:
        return World("")
    try:
        rates.spend(rates.Bound(("world", str(user.pk)), _A_MINUTE, 60))
        found = searching.found(user, q, SHOWN, name)["entries"]
    except (Throttled, Unavailable, UpstreamFailed) as refused:
        return World(q, problem=refused.detail)
    ids = [each["provider_id"] for each in found]
    matches = Match.objects.filter(
        provider=name, provider_id__in=ids, series__in=Series.objects.visible_to(user)
    )
    here = {match.provider_id: match.series for match in matches.select_related("series")}
    works = [Work(each, here.get(each["provider_id"])) for each in found]
    libraries = Library.objects.visible_to(user).order_by("name", "id")
    return World(q, providers.of(name).label, works, list(libraries[:100]))

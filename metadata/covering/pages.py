"""The page of the covers that a series' work has."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings

from kiremisu.accounts import links
from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job
from kiremisu.lib.errors import Unavailable, UpstreamFailed
from kiremisu.lib.sections import Section
from library.facts import Cover
from library.models import MatchState, Series
from metadata import artwork, covering, providers
from metadata.models import Match

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Offered:
    """One of them; `picture` is its address here, empty while it was not fetched."""

    cover: Cover
    picture: str

    @property
    def name(self) -> str:
        """ "Volume 3", or "The whole work", and in which language."""
        name = f"Volume {self.cover.volume}" if self.cover.volume else "The whole work"
        return f"{name}, {self.cover.language}" if self.cover.language else name


@dataclass(frozen=True, slots=True)
class Covers:
    """The page. `problem` says why nothing could be asked; `is_fetching`: a job is at it."""

    series: Series
    label: str = ""
    offered: Sequence[Offered] = field(default_factory=list)
    is_fetching: bool = False
    problem: str = ""

    @property
    def lacking(self) -> int:
        """How many are not here yet."""
        return sum(not each.picture for each in self.offered)


def on_facts(user: User, series: Series) -> Section | None:
    """The way to the page; None where there is nothing to choose from, or not for them."""
    if not user.curates or series.match_state != MatchState.MATCHED:
        return None
    return Section("metadata/_covers_way.html", {"series": series})


def page_of(user: User, series: Series) -> Covers:
    """For this person, asked for now where it is not known yet."""
    match = Match.objects.filter(series=series).first()
    if match is None:
        return Covers(series, problem="It is not matched to a work.")
    label = providers.of(match.provider).label
    try:
        found = list(covering.offered(series))[:SHOWN]
    except (Unavailable, UpstreamFailed) as refused:
        return Covers(series, label, problem=refused.detail)
    keys = artwork.shown(match.provider, [each.url for each in found])
    url, width = links.covers_url(user), min(settings.COVER_WIDTHS)
    offered = [
        Offered(each, url(keys[each.url], width) if each.url in keys else "") for each in found
    ]
    live = Job.objects.live().filter(key=covering.fetching_key(series.pk))
    return Covers(series, label, offered, live.exists())

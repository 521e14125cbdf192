"""Looking for the works that series are, and bringing their facts up to date."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models.functions import Greatest
from django.utils import timezone

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job, Priority
from kiremisu.jobs.queue import enqueue
from kiremisu.lib.errors import NotThere
from library import knowing, sheets, showing
from library.models import Library, MatchState, Series, SeriesQuery
from library.models.series import OfSeriesQuery
from metadata import looks
from metadata.comparable import candidate_of, local_of
from metadata.matching import Judged, Local, queries, ranked, sure
from metadata.models import Match
from metadata.providers import Entry, Provider
from metadata.review.choosing import due_after

QUEUE = "metadata"
_NOT_TODAY = timedelta(hours=12)
# Candidates whose covers are compared.
_LOOKED_AT = 3


def provider_name() -> str:
    """The provider that is asked."""
    return next(iter(settings.PROVIDERS))


def after_scan(library: Library) -> None:
    """Have what is new in a library looked for, unless settings' ENRICH says no."""
    if settings.ENRICH and unmatched(library.pk).exists():
        request_library(library.pk, Priority.LATER)


def request_library(
    library_id: UUID, priority: int = Priority.NORMAL, by: User | None = None
) -> Job:
    """Have all that was not looked for in a library looked for."""
    return enqueue(
        "match",
        subject=library_id,
        key=f"match:{library_id}",
        queue=QUEUE,
        priority=priority,
        asked_by=by,
    )


def request_match(series: Sequence[UUID], by: User | None = None) -> Job:
    """Have these series looked for, also again, soon."""
    return _request("match-series", series, by)


def request_refresh(series: Sequence[UUID], by: User | None = None) -> Job:
    """Have the facts of these series asked for again, soon; those that are not matched are
    passed over."""
    return _request("refresh-series", series, by)


def request_due() -> Job:
    """Have the facts that are due asked for again."""
    return enqueue("refresh", key="refresh", queue=QUEUE, priority=Priority.IDLE)


def unmatched(library_id: UUID) -> SeriesQuery:
    """What was never looked for in a library, the oldest first."""
    found = Series.objects.filter(library=library_id, match_state=MatchState.UNMATCHED)
    return found.filter(hidden_at=None).order_by("id")


def look_for(series: Series, provider: Provider) -> list[tuple[Judged, Entry]]:
    """What a provider has that a series may be, likeliest first. It is asked for the work that
    the files link to, then by one title after another until one is sure; where none is, covers
    of the likeliest are compared.

    Raises UpstreamFailed and Unavailable as providers do.
    """
    local = local_of(series, provider.name)
    found: dict[str, Entry] = {}
    if key := local.known.get(provider.name):
        found |= _linked(provider, key)
    ranking = ranked(local, map(candidate_of, found.values()))
    for words in queries(local):
        if sure(ranking):
            break
        found |= {entry.id: entry for entry in provider.search(words).entries}
        ranking = ranked(local, map(candidate_of, found.values()))
    if ranking and not sure(ranking) and (cover := looks.cover_here(series)) is not None:
        ranking = _by_covers(replace(local, cover=cover), ranking, found, provider)
    return [(judged, found[judged.candidate.id]) for judged in ranking]


def due(now: datetime) -> OfSeriesQuery[Match]:
    """The matches whose facts are to be asked for again, the longest due first."""
    return Match.objects.filter(due__lte=now, series__hidden_at=None).order_by("due", "series_id")


@showing.together()
def renew(matches: Sequence[Match], told: Mapping[str, Entry], run: UUID) -> None:
    """Learn what a provider says now of these. What it has no more keeps its facts."""
    sheets.hold(match.series_id for match in matches)
    for match in matches:
        series = sheets.held(match.series_id)
        entry = told.get(match.provider_id)
        now = Match.objects.filter(series=series, provider_id=match.provider_id)
        at = entry.told if entry else timezone.now()
        # People may have decided otherwise meanwhile.
        if now.update(told=at, due=due_after(at), updated=timezone.now()) and entry:
            knowing.learn(series.pk, match.provider, entry.patch, run)


def put_off(matches: Sequence[Match]) -> None:
    """Have the facts of these not asked for again on this day."""
    now = timezone.now()
    rows = Match.objects.filter(pk__in=[match.pk for match in matches])
    rows.update(due=Greatest("due", now + _NOT_TODAY), updated=now)


def _request(kind: str, series: Sequence[UUID], by: User | None) -> Job:
    one = series[0] if len(series) == 1 else None
    return enqueue(
        kind,
        subject=one,
        key=f"{kind}:{one}" if one else "",
        arguments={"series": [str(each) for each in series]},
        queue=QUEUE,
        priority=Priority.SOON,
        asked_by=by,
    )


def _by_covers(
    local: Local, ranking: Sequence[Judged], found: Mapping[str, Entry], provider: Provider
) -> list[Judged]:
    """The ranking again, with how the covers of the likeliest look."""
    candidates = [judged.candidate for judged in ranking]
    alike = looks.covers_there(provider, [found[each.id] for each in candidates[:_LOOKED_AT]])
    return ranked(local, [replace(each, cover=alike.get(each.id)) for each in candidates])


def _linked(provider: Provider, key: str) -> dict[str, Entry]:
    try:
        return {key: provider.one(key)}
    except NotThere:
        return {}

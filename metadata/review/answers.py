"""What is known of a match, as the API and the pages tell it to one person."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F

from kiremisu.accounts.models import User
from kiremisu.jobs import listing
from kiremisu.jobs.models import Job
from library.models import Series
from metadata import enrichment, providers, searching
from metadata.models import Candidate, Match
from metadata.review import choosing
from metadata.review.choosing import KEPT


def review(user: User, series: Series) -> dict[str, Any]:
    """The state, the match, the candidates they may see, and what an undo takes back."""
    series = Series.objects.only("match_state").get(pk=series.pk)
    match = Match.objects.filter(series=series).first()
    last = choosing.last_decision(series)
    return {
        "state": series.match_state,
        "match": match and _match(match),
        "candidates": [_candidate(each) for each in candidates(user, series)],
        "undoes": last and last.kind,
    }


def candidates(user: User, series: Series) -> list[Candidate]:
    """Those of a series that they may see, the likeliest first, what was rejected last."""
    found = Candidate.objects.visible_to(user).filter(series=series)
    return list(found.order_by(F("rejected_at").asc(nulls_first=True), "-score", "id")[: 2 * KEPT])


def accept(user: User, candidate: Candidate, keep: Sequence[str]) -> dict[str, Any]:
    choosing.accept(candidate, user, keep)
    return review(user, candidate.series)


def reject(user: User, candidate: Candidate) -> dict[str, Any]:
    choosing.reject(candidate, user)
    return review(user, candidate.series)


def none_exists(user: User, series: Series) -> dict[str, Any]:
    choosing.none_exists(series, user)
    return review(user, series)


def undo(user: User, series: Series) -> dict[str, Any]:
    choosing.undo(series)
    return review(user, series)


def look(user: User, series: UUID) -> Job:
    return listing.shown(user, enrichment.request_match([series], user))


def look_in(user: User, library: UUID) -> Job:
    return listing.shown(user, enrichment.request_library(library, by=user))


def refresh(user: User, series: UUID) -> Job:
    return listing.shown(user, enrichment.request_refresh([series], user))


def _match(match: Match) -> Mapping[str, Any]:
    address = providers.of(match.provider).address(match.provider_id)
    told = ("provider", "provider_id", "score", "by_id", "told", "due")
    return {"url": address, **{name: getattr(match, name) for name in told}}


def _candidate(row: Candidate) -> dict[str, Any]:
    weighed = row.weighed
    return {
        "id": row.pk,
        "created": row.created,
        "updated": row.updated,
        "score": row.score,
        "evidence": [line.model_dump() for line in weighed.lines],
        "conflicts": weighed.conflicts,
        "is_rejected": row.rejected_at is not None,
        "entry": searching.told(row.provider, row.provider_id, weighed.address, weighed.patch),
    }

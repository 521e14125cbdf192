"""Asking providers which chapters exist of the series that are matched."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from kiremisu.jobs.models import Job, Priority
from kiremisu.jobs.queue import enqueue
from library import outlines
from library.models.series import OfSeriesQuery
from metadata.models import Match
from metadata.providers import Listed

QUEUE = "metadata"


def request_due() -> Job:
    """Have what exists of matched series asked for where it was not, or long ago."""
    return enqueue("outlines", key="outlines", queue=QUEUE, priority=Priority.IDLE)


def due(now: datetime) -> OfSeriesQuery[Match]:
    """The matches of whose chapters nothing is known, or nothing new."""
    old = now - timedelta(days=settings.FACTS_AGE)
    unknown = Q(series__outline=None) | Q(series__outline__told__lt=old)
    other = ~Q(series__outline__source=F("provider"))
    found = Match.objects.filter(unknown | other, series__hidden_at=None)
    return found.order_by("series_id")


@transaction.atomic
def learn(match: Match, listed: Sequence[Listed], told: datetime) -> None:
    """A provider lists these of a series, if it is still matched so."""
    now = Match.objects.filter(series=match.series_id, provider_id=match.provider_id)
    if now.filter(provider=match.provider).exists():
        chapters = [(each.volume, each.number) for each in listed]
        outlines.tell(match.series_id, match.provider, chapters, told)


def forget(series_id: UUID) -> None:
    """The series is another work, or none."""
    outlines.forget(series_id)

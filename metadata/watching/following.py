"""Who waits for news of a series that is merged into another waits for that one's, and is told of
nothing twice."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from pydantic import JsonValue

from library.reshaping.following import Follow, bring_back, move, told
from metadata.models import Feed, Match, Notice, Release, Watch
from metadata.watching.watches import follow


def _merged(series: UUID, target: UUID) -> JsonValue:
    watches = move(Watch.objects.filter(series=series), target, "user")
    releases = move(Release.objects.filter(series=series), target, "provider", "provider_id")
    notices = move(Notice.objects.filter(series=series), target, "user", "key")
    led = _lead_over(notices, series, target)
    own = _work(target)
    work = own or _work(series)
    if work is not None:
        follow(target, work.provider, work.provider_id)
    lent = own is None and Feed.objects.filter(series=target).exists()
    return {
        "watches": told(watches),
        "releases": told(releases),
        "notices": told(notices),
        "led": led,
        # Since when a series that is no work itself hears of the work of the other.
        "lent": timezone.now().isoformat() if lent else None,
    }


def _parted(series: UUID, target: UUID, memo: Any) -> None:
    bring_back(Watch, memo["watches"], series, target)
    bring_back(Release, memo["releases"], series, target)
    bring_back(Notice, memo["notices"], series, target)
    for key, release in memo["led"]:
        Notice.objects.filter(pk=key, series=series).update(release=release)
    lent = memo.get("lent")
    if lent and not Match.objects.filter(series=target).exists():
        _take_along(series, target, datetime.fromisoformat(lent))


def _work(series: UUID) -> Match | Feed | None:
    """What it is matched with, or else what it hears of since another was merged into it."""
    match = Match.objects.filter(series=series).first()
    return match or Feed.objects.filter(series=series).first()


def _take_along(series: UUID, target: UUID, since: datetime) -> None:
    """What the target heard in the series' stead goes with it, and it hears no more."""
    Feed.objects.filter(series=target).delete()
    mine = Watch.objects.filter(series=series).values("user")
    came = Notice.objects.filter(series=target, created__gte=since)
    move(came.filter(user__in=mine), series, "user", "key")
    heard = Release.objects.filter(series=target, created__gte=since)
    move(heard, series, "provider", "provider_id")
    Notice.objects.filter(series=target, release__series=series).delete()


def _lead_over(notices: Iterable[UUID], series: UUID, target: UUID) -> list[JsonValue]:
    """Have these notices lead to what the target's own feed has of them. Answers which led where
    before."""
    led: list[JsonValue] = []
    rows = Notice.objects.filter(pk__in=list(notices), release__series=series).order_by("pk")
    for notice in rows.select_related("release"):
        old = notice.release
        led.append([str(notice.pk), str(old.pk)])
        # It has one: else this would have been moved.
        notice.release = Release.objects.get(
            series=target, provider=old.provider, provider_id=old.provider_id
        )
        notice.save(update_fields=["release"])
    return led


FOLLOW = Follow("watching", _merged, _parted)

"""Who waits for news of a series that is merged into another waits for that one's, and is told of
nothing twice."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from pydantic import JsonValue

from library.reshaping.following import Follow, bring_back, move, told
from metadata.models import Match, Notice, Release, Watch
from metadata.watching.watches import follow


def _merged(series: UUID, target: UUID) -> JsonValue:
    watches = move(Watch.objects.filter(series=series), target, "user")
    releases = move(Release.objects.filter(series=series), target, "provider", "provider_id")
    notices = move(Notice.objects.filter(series=series), target, "user", "key")
    led = _lead_over(notices, series, target)
    match = Match.objects.filter(series=target).first()
    if match is not None:
        follow(target, match.provider, match.provider_id)
    return {
        "watches": told(watches),
        "releases": told(releases),
        "notices": told(notices),
        "led": led,
    }


def _parted(series: UUID, target: UUID, memo: Any) -> None:
    bring_back(Watch, memo["watches"], series, target)
    bring_back(Release, memo["releases"], series, target)
    bring_back(Notice, memo["notices"], series, target)
    for key, release in memo["led"]:
        Notice.objects.filter(pk=key, series=series).update(release=release)


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

"""Who watches what."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from kiremisu.accounts import people
from kiremisu.accounts.models import User
from kiremisu.lib.errors import Conflict
from library.models import Chapter, Series
from metadata.models import Feed, Match, Release, Watch
from metadata.watching import news

# So many series one person may watch.
MOST = 2000


@transaction.atomic
def watch(
    user: User,
    series: Series,
    *,
    languages: Sequence[str] | None = None,
    groups: Sequence[str] | None = None,
    paused: bool | None = None,
) -> Watch:
    """Have somebody told of new chapters from now on, or change of which. Without `languages` at
    first those of its files. Raises Conflict past the limit."""
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    found = Watch.objects.filter(user=user, series=series).first()
    now = timezone.now()
    if found is None:
        if Watch.objects.filter(user=user).count() >= MOST:
            raise Conflict(f"You may watch {MOST} series.", code="too_many_watches")
        found = Watch(user=user, series=series, since=now, languages=_spoken(series))
        people.say_watching(user, True)
    if languages is not None:
        found.languages = list(dict.fromkeys(languages))
    if groups is not None:
        found.groups = list(dict.fromkeys(groups))
    if paused is not None:
        # What came meanwhile is nothing new to who wanted to hear nothing.
        found.since = now if found.paused and not paused else found.since
        found.paused = paused
    found.save()
    match = Match.objects.filter(series=series).first()
    if match is not None:
        follow(series.pk, match.provider, match.provider_id)
    return found


@transaction.atomic
def unwatch(user: User, series: Series) -> None:
    """Tell them of it no more; what they were told is forgotten. No matter if they did not."""
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    Watch.objects.filter(user=user, series=series).delete()
    series.notices.filter(user=user).delete()
    people.say_watching(user, Watch.objects.filter(user=user).exists())
    news.announce_unread([user.pk])
    if not Watch.objects.filter(series=series).exists():
        Feed.objects.filter(series=series).delete()


@transaction.atomic
def follow(series_id: UUID, provider: str, provider_id: str, now: datetime | None = None) -> None:
    """The series is this work: where somebody watches it, its feed is asked for soon. What another
    work's feed told goes."""
    if not Watch.objects.filter(series=series_id).exists():
        return
    feed = Feed.objects.filter(series=series_id).first()
    if feed is not None and (feed.provider, feed.provider_id) == (provider, provider_id):
        return
    if feed is not None:
        lose(series_id)
    facts = {"provider": provider, "provider_id": provider_id, "due": now or timezone.now()}
    Feed.objects.get_or_create(series_id=series_id, defaults=facts)


@transaction.atomic
def lose(series_id: UUID) -> None:
    """The series is no work of a provider any more; those who watch it wait until it is."""
    Feed.objects.filter(series=series_id).delete()
    Release.objects.filter(series=series_id).delete()


def _spoken(series: Series) -> list[str]:
    here = Chapter.objects.filter(series=series, missing_since=None).exclude(language="")
    return sorted(here.order_by().values_list("language", flat=True).distinct())[:20]

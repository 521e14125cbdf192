"""What somebody watches and was told of."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kiremisu.accounts.models import User
from kiremisu.jobs.events import announce
from kiremisu.lib.schemas import Paging, part
from library.models import Chapter, Series
from metadata.models import Feed, Notice, Watch
from metadata.watching.placing import Places
from metadata.watching.schemas import NewsWanted


def watched(user: User, paging: Paging) -> dict[str, Any]:
    """A part of what they watch, by title."""
    found = Watch.objects.visible_to(user).order_by("series__sort_title", "series_id")
    rows = list(found.select_related("series")[paging.bounds])
    return part([*watch_rows(rows)], found.count(), paging)


def watch_rows(watches: Sequence[Watch]) -> list[dict[str, Any]]:
    """Watches as the API shows them, with what is known of their feeds."""
    feeds = Feed.objects.in_bulk([each.series_id for each in watches])
    return [_watch(each, feeds.get(each.series_id)) for each in watches]


def one_watch(user: User, series: Series) -> dict[str, Any]:
    """Raises DoesNotExist where they do not watch it."""
    found = Watch.objects.select_related("series").get(user=user, series=series)
    return watch_rows([found])[0]


def told(user: User, wanted: NewsWanted) -> dict[str, Any]:
    """A part of what they were told of, the newest first."""
    found = Notice.objects.visible_to(user).order_by("-id")
    if wanted.state != "all":
        found = found.filter(state=wanted.state)
    if wanted.series:
        found = found.filter(series=wanted.series)
    rows = list(found.select_related("series", "release")[wanted.bounds])
    return part(news_rows(user, rows), found.count(), wanted)


def one(user: User, notice: Notice) -> dict[str, Any]:
    """One of them as the API shows it."""
    found = Notice.objects.select_related("series", "release").get(pk=notice.pk)
    return news_rows(user, [found])[0]


def news_rows(user: User, notices: Sequence[Notice]) -> list[dict[str, Any]]:
    """Notices (with series and release) as the API shows them."""
    here = chapters_of(user, notices)
    return [_news(each, here.get(each.pk)) for each in notices]


@transaction.atomic
def put(user: User, notice: Notice, state: str) -> dict[str, Any]:
    """Say that it is read, ignored, or new again."""
    Notice.objects.filter(pk=notice.pk).update(state=state, updated=timezone.now())
    announce_unread([user.pk])
    return one(user, notice)


def awaited(user: User) -> int | None:
    """How many chapters wait for them, asked for each page; None for who watches nothing."""
    return unread(user) if user.watches_any else None


def unread(user: User) -> int:
    """How many chapters they were told of and have not dealt with."""
    return Notice.objects.visible_to(user).filter(state=Notice.State.NEW).count()


def announce_unread(people: Iterable[UUID]) -> None:
    """Tell these people's pages how many there are now, within the caller's transaction."""
    for user in User.objects.filter(pk__in=[*people]).order_by("pk"):
        announce("notices", user.pk, only=user.pk, unread=unread(user))


def chapters_of(user: User, notices: Iterable[Notice]) -> dict[UUID, Chapter]:
    """For those that are in the library by now, by the notice's id, the file: of the chapter, of
    several, else of its volume."""
    several, wanted = list(notices), Q()
    for each in several:
        volume, number = each.release.volume, each.release.number
        if number:
            wanted |= Q(series=each.series_id, number=number)
        if volume:
            wanted |= Q(series=each.series_id, number="", volume=volume)
    if not wanted:
        return {}
    wide = Q(number__contains="-") | Q(number="", volume__contains="-")
    wanted |= Q(series__in={each.series_id for each in several}) & wide
    files: dict[UUID, list[tuple[str, str, str, Chapter]]] = defaultdict(list)
    found = Chapter.objects.visible_to(user).readable().filter(wanted).order_by("-path", "id")
    for one in found.only("id", "series_id", "volume", "number", "path", "title", "content"):
        files[one.series_id].append((one.volume, one.number, one.title, one))
    places = {series: Places(some) for series, some in files.items()}
    here = ((each.pk, _place(places.get(each.series_id), each)) for each in several)
    return {key: chapter for key, chapter in here if chapter is not None}


def finished(user: UUID, contents: Iterable[UUID]) -> None:
    """They have read these: what they were told of them is read."""
    read = Chapter.objects.filter(content__in=list(contents)).order_by("id")
    files: dict[UUID, list[tuple[str, str, str, bool]]] = defaultdict(list)
    for series, volume, number, title in read.values_list("series", "volume", "number", "title"):
        files[series].append((volume, number, title, True))
    new = Notice.objects.filter(user=user, series__in=[*files], state=Notice.State.NEW)
    places = {series: Places(some) for series, some in files.items()}
    done = [
        each.pk for each in new.select_related("release") if _place(places[each.series_id], each)
    ]
    if done:
        Notice.objects.filter(pk__in=done).update(state=Notice.State.READ, updated=timezone.now())
        announce_unread([user])


def _place[T](places: Places[T] | None, notice: Notice) -> T | None:
    told = notice.release
    return places.find(told.key, told.volume, told.number, told.title) if places else None


def _watch(watch: Watch, feed: Feed | None) -> dict[str, Any]:
    return {
        "id": watch.pk,
        "created": watch.created,
        "updated": max(watch.updated, feed.updated) if feed else watch.updated,
        "series": watch.series_id,
        "series_title": watch.series.title,
        "languages": watch.languages,
        "groups": watch.groups,
        "paused": watch.paused,
        "provider": feed and feed.provider,
        "checked": feed and feed.checked,
        "due": feed and feed.due,
        "pace_seconds": feed and feed.pace,
        "expected": feed and feed.expected,
        "within_seconds": feed and feed.within,
        "problem": feed.problem if feed else "",
    }


def _news(notice: Notice, chapter: Chapter | None) -> dict[str, Any]:
    release = notice.release
    return {
        "id": notice.pk,
        "created": notice.created,
        "updated": notice.updated,
        "series": notice.series_id,
        "series_title": notice.series.title,
        "state": notice.state,
        "volume": release.volume,
        "number": release.number,
        "title": release.title,
        "language": release.language,
        "groups": [each["name"] for each in release.groups.groups],
        "address": release.address,
        "is_external": release.is_external,
        "published": release.published,
        "chapter": chapter and chapter.pk,
    }

"""Asking for the feeds of what is watched, and telling of what is new in them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job, Priority
from kiremisu.jobs.queue import enqueue
from kiremisu.lib import logs
from kiremisu.lib.errors import in_words
from library import outlines
from library.holding import Known
from library.models import Series
from library.models.series import OfSeriesQuery
from metadata import providers
from metadata.models import Feed, Notice, Release, Watch
from metadata.notifying import sending
from metadata.shapes import GroupLine, Groups
from metadata.watching import news, reconciling, scheduling
from metadata.watching.reconciling import Listed, Told, Wish

QUEUE = "metadata"
log = logs.get(__name__)
_OVER = {"completed", "cancelled"}
_FIELDS = (
    *("key", "volume", "number", "title", "language", "raw_groups", "address"),
    *("is_external", "published", "gone"),
)


def ask() -> Job | None:
    """Have the feeds asked for that are due, if any are. Called every few seconds, by each
    process that works: while one such job lives no second is made."""
    if not due(timezone.now()).exists():
        return None
    return enqueue("watch", key="watch", queue=QUEUE, priority=Priority.LATER)


def check_now(series: Series, by: User) -> Job:
    """Have a feed asked for at once."""
    Feed.objects.filter(series=series).update(due=timezone.now())
    return enqueue("watch", key="watch", queue=QUEUE, priority=Priority.SOON, asked_by=by)


def due(now: datetime) -> OfSeriesQuery[Feed]:
    """The feeds to be asked for, the longest due first."""
    wanted = Watch.objects.filter(series=OuterRef("series"), paused=False)
    found = Feed.objects.filter(Exists(wanted), due__lte=now, series__hidden_at=None)
    return found.order_by("due", "series_id")


def languages_of(series_id: UUID) -> list[str]:
    """Those that its watchers want, by which a feed may be narrowed; none for any."""
    wanted = Watch.objects.filter(series=series_id, paused=False).order_by("pk")
    each = list(wanted.values_list("languages", flat=True))
    return sorted({language for some in each for language in some}) if all(each) else []


@transaction.atomic
def learn(
    feed: Feed, told: Sequence[providers.Release], languages: Sequence[str], now: datetime
) -> list[Notice]:
    """A feed says this, in these languages or in all. Whoever watches is told of what is new,
    once; what the feed has no more is kept as gone. Answers what was told."""
    held = Feed.objects.select_for_update(of=("self",)).filter(pk=feed.pk).first()
    if held is None or (held.provider, held.provider_id) != (feed.provider, feed.provider_id):
        return []
    rows = _kept(held, told, languages, now)
    entries = [_listed(row) for row in rows]
    also = [Known(row.volume, row.number) for row in rows]
    has = outlines.holder(held.series_id, also)
    by_id = {row.provider_id: row for row in rows}
    ids = {row.pk: row.provider_id for row in rows}
    new: list[Notice] = []
    changed: list[UUID] = []
    for watch in Watch.objects.filter(series=held.series_id, paused=False).order_by("pk"):
        before = list(Notice.objects.filter(user=watch.user_id, series=held.series_id))
        led = {each.key: ids[each.release_id] for each in before if each.release_id in ids}
        known = Told({each.key for each in before}, {*led.values()})
        wish = Wish(watch.since, {*watch.languages}, {*watch.groups})
        found = reconciling.news(entries, wish, known, has, now)
        new += [_notice(watch, each.key, by_id[each.id]) for each in found]
        if _lead_on(before, reconciling.led(entries, led, wish, now), by_id) or found:
            changed.append(watch.user_id)
    Notice.objects.bulk_create(new, ignore_conflicts=True)
    sending.await_delivery(new)
    news.announce_unread(changed)
    _plan(held, rows, now)
    return new


def take(
    feed: Feed, told: Sequence[providers.Release], languages: Sequence[str], now: datetime
) -> None:
    """Learn what a feed says, within the caller's transaction. Where that fails, in a way nobody
    thought of, it is this feed that failed: no other waits for it."""
    try:
        with transaction.atomic():
            learn(feed, told, languages, now)
    except (OperationalError, InterfaceError):
        # Of the database itself: the job is tried again.
        raise
    except Exception as error:
        log.exception("a feed could not be learnt", series=str(feed.pk))
        failed(feed, f"What it said could not be kept. ({in_words(error)})", now)


@transaction.atomic
def failed(feed: Feed, problem: str, now: datetime) -> None:
    """A feed could not be had: it is tried again later."""
    held = Feed.objects.select_for_update(of=("self",)).filter(pk=feed.pk).first()
    if held is not None:
        held.failures, held.problem = min(held.failures + 1, 100), problem[:500]
        held.due = scheduling.after_failure(held.failures, now, str(held.pk))
        held.save()


def _kept(
    feed: Feed, told: Sequence[providers.Release], languages: Sequence[str], now: datetime
) -> list[Release]:
    """All chapters that the feed has or had, as they are kept now."""
    # Between two pages a list may move, so that an entry stands in both.
    told = list({each.id: each for each in told}.values())
    known = {row.provider_id: row for row in _rows(feed)}
    numbers = {(row.volume, row.number) for row in known.values()}
    anew = reconciling.is_anew(numbers | {(each.volume, each.number) for each in told})
    fresh = [_row(feed, each, known.get(each.id), now, anew=anew) for each in told]
    here = {each.id for each in told}
    for row in known.values():
        asked = not languages or row.language in languages
        if row.provider_id not in here and asked and row.gone is None:
            row.gone = now
            fresh.append(row)
    changed = [row for row in fresh if _is_other(row, known.get(row.provider_id), here)]
    Release.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["series", "provider", "provider_id"],
        update_fields=_FIELDS,
    )
    return _rows(feed)


def _rows(feed: Feed) -> list[Release]:
    return list(Release.objects.filter(series=feed.series_id, provider=feed.provider))


def _is_other(row: Release, before: Release | None, here: Iterable[str]) -> bool:
    """Whether a row is to be written. One that has just gone is the same object."""
    if before is None or row.provider_id not in here:
        return True
    return any(getattr(row, name) != getattr(before, name) for name in _FIELDS)


def _row(
    feed: Feed, told: providers.Release, before: Release | None, now: datetime, *, anew: bool
) -> Release:
    row = Release(
        series_id=feed.series_id,
        provider=feed.provider,
        provider_id=told.id,
        key=reconciling.key_of(told.volume, told.number, told.title, anew=anew),
        volume=told.volume,
        number=told.number,
        title=told.title[:500],
        language=told.language[:20],
        address=told.address[:2000],
        is_external=told.external,
        published=told.published or (before.published if before else now),
        gone=((before and before.gone) or now) if told.is_unavailable else None,
    )
    row.groups = Groups(groups=[GroupLine(id=one.id, name=one.name) for one in told.groups])
    return row


def _listed(row: Release) -> Listed:
    return Listed(
        id=row.provider_id,
        key=row.key,
        language=row.language,
        groups={one["id"] for one in row.groups.groups},
        volume=row.volume,
        number=row.number,
        published=row.published,
        is_external=row.is_external,
        is_gone=row.gone is not None,
    )


def _notice(watch: Watch, key: str, row: Release) -> Notice:
    return Notice(user_id=watch.user_id, series_id=watch.series_id, key=key, release=row)


def _lead_on(
    before: Sequence[Notice], led: Mapping[str, str], by_id: Mapping[str, Release]
) -> bool:
    """What nobody has dealt with leads to what is there; what is not there any more is not to be
    read, until it comes back. Answers whether there is more or less to read."""
    new, away = Notice.State.NEW, Notice.State.WITHDRAWN
    moved = []
    for each in before:
        there = by_id.get(led.get(each.key, ""))
        if there is not None and there.pk != each.release_id and each.state in {new, away}:
            each.release = there
            moved.append(each)
    Notice.objects.bulk_update(moved, ["release"])
    lost = [each.pk for each in before if each.state == new and each.key not in led]
    back = [each.pk for each in before if each.state == away and each.key in led]
    for keys, old, state in ((lost, new, away), (back, away, new)):
        if keys:
            # Its reader may have dealt with it meanwhile.
            found = Notice.objects.filter(pk__in=keys, state=old)
            found.update(state=state, updated=timezone.now())
    return bool(lost or back)


def _plan(feed: Feed, rows: Sequence[Release], now: datetime) -> None:
    first: dict[str, datetime] = {}
    for row in rows:
        first[row.key] = min(row.published, first.get(row.key, row.published))
    status = Series.objects.values_list("status", flat=True).get(pk=feed.series_id)
    plan = scheduling.plan(first.values(), now, str(feed.pk), is_over=status in _OVER)
    feed.due, feed.expected, feed.checked = plan.due, plan.expected, now
    feed.pace, feed.within = _seconds(plan.pace), _seconds(plan.within)
    feed.failures, feed.problem = 0, ""
    feed.save()


def _seconds(span: timedelta | None) -> int | None:
    """As the database holds it: a server that says nonsense may span thousands of years."""
    return min(int(span.total_seconds()), 2**31 - 1) if span else None

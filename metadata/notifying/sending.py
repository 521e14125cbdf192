"""What is still to be sent to whom, and what came of it.

A message is sent at most once: what it tells is taken off the list before it goes. Where the
server dies in between, it is lost, as it is where a connection breaks; it is put back only where it
surely did not arrive.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from kiremisu.accounts import vault
from kiremisu.jobs.models import Job, Priority
from kiremisu.jobs.queue import enqueue
from kiremisu.lib.errors import Refused
from metadata.models import Channel, Notice, Pending
from metadata.models.notifying import ChannelQuery
from metadata.notifying import outlets
from metadata.notifying.outlets import Came, Outcome

# Seconds before a channel that refused is tried again: this, and each time four times as long.
_PAUSE, _LONGEST = 30, 6 * 60 * 60
_LINES, _NAMED = 20, 12


def ask() -> Job | None:
    """Have sent what waits, if anything does. Called every few seconds, by each process that
    works."""
    if not due(timezone.now()).exists():
        return None
    return enqueue("notify", key="notify", priority=Priority.LATER)


def await_delivery(notices: Sequence[Notice]) -> None:
    """Have these told over their people's channels, within the caller's transaction."""
    channels: dict[UUID, list[UUID]] = defaultdict(list)
    people = {each.user_id for each in notices}
    mine = Channel.objects.filter(user__in=people, user__is_active=True, paused=False)
    for channel, user in mine.values_list("pk", "user"):
        channels[user].append(channel)
    if channels:
        there = Notice.objects.filter(pk__in=[each.pk for each in notices]).order_by("id")
        _add((channel, each) for each in there for channel in channels[each.user_id])


def due(now: datetime) -> ChannelQuery:
    """The channels to which something is to be sent, once all of a check has gathered. Who is shut
    out is sent nothing."""
    gathered = now - timedelta(seconds=settings.CHANNEL_GATHERS)
    waits = Pending.objects.filter(channel=OuterRef("pk"), created__lte=gathered)
    can = Q(not_before=None) | Q(not_before__lte=now)
    mine = Channel.objects.filter(can, Exists(waits), user__is_active=True, paused=False)
    return mine.order_by("id")


@transaction.atomic
def take(channel: Channel, now: datetime) -> list[Notice]:
    """What is to be told there now, by series; nobody else tells it, and it is told once. What is
    too old, dealt with, or not to be seen any more is told to nobody."""
    rows = Pending.objects.filter(channel=channel).select_for_update(skip_locked=True)
    old = now - timedelta(seconds=settings.CHANNEL_AGES)
    ids = [row.notice_id for row in rows if row.created > old]
    Pending.objects.filter(pk__in=[row.pk for row in rows]).delete()
    found = Notice.objects.visible_to(channel.user).filter(pk__in=ids, state=Notice.State.NEW)
    return list(found.select_related("series", "release").order_by("series__sort_title", "id"))


def send(channel: Channel, title: str, body: str) -> Outcome:
    """Send it there, once. What is wrong with the channel itself is an outcome, too."""
    try:
        return outlets.send(vault.unsealed(channel.sealed, "The address"), title, body)
    except Refused as refused:
        return Outcome(Came.LOST, refused.detail)


@transaction.atomic
def note(
    channel: Channel, outcome: Outcome, notices: Iterable[Notice] = (), now: datetime | None = None
) -> None:
    """Remember what came of it; what surely did not arrive is to be sent again."""
    known = Channel.objects.select_for_update().filter(pk=channel.pk).first()
    now = now or timezone.now()
    if known is None:
        return
    known.problem, known.not_before = outcome.detail[:500], None
    if outcome.came == Came.SENT:
        known.sent, known.failures = now, 0
    else:
        known.failures = min(known.failures + 1, 100)
    if outcome.came == Came.REFUSED:
        wait = min(_PAUSE * 4 ** min(known.failures - 1, 10), _LONGEST)
        known.not_before = now + timedelta(seconds=wait)
        _add((known.pk, each) for each in notices)
    known.save()


def words(notices: Sequence[Notice]) -> tuple[str, str]:
    """A title and a text for these, a line for each series."""
    chapters: dict[str, list[str]] = defaultdict(list)
    for each in notices:
        chapters[each.series.title].append(each.release.name)
    lines = [f"{title}: {_listed(names)}" for title, names in chapters.items()]
    if len(lines) > _LINES:
        lines[_LINES:] = [f"and {len(lines) - _LINES} more series"]
    if len(notices) == 1:
        return f"{notices[0].series.title}: {notices[0].release.name}", lines[0]
    return f"{len(notices)} new chapters", "\n".join(lines)


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join([*names[:_NAMED], *([f"and {more} more"] if more > 0 else [])])


def _add(rows: Iterable[tuple[UUID, Notice]]) -> None:
    made = [Pending(channel_id=to, notice=each, created=each.created) for to, each in rows]
    Pending.objects.bulk_create(made, ignore_conflicts=True)

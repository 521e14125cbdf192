"""The channels of people: made, changed, taken away."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction

from kiremisu.accounts import audit, vault
from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job, Priority
from kiremisu.jobs.queue import enqueue
from kiremisu.lib.errors import Throttled
from metadata.models import Channel
from metadata.notifying import outlets


@transaction.atomic
def make(user: User, name: str, url: str) -> Channel:
    """Have somebody told over this Apprise URL, too. Raises Invalid for one that may not be used,
    Conflict where Apprise is not installed, Throttled past the limit."""
    shown = outlets.shown(url)
    # One after the other, so that two at once cannot pass the limit.
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if Channel.objects.visible_to(user).count() >= settings.CHANNELS_EACH:
        most = settings.CHANNELS_EACH
        raise Throttled(f"You have {most} channels; remove one first.", code="too_many_channels")
    sealed = vault.sealed(url)
    channel = Channel.objects.create(user=user, name=name, sealed=sealed, shown=shown)
    audit.note("channel.made", channel, who=user)
    return channel


@transaction.atomic
def change(channel: Channel, **changes: Any) -> Channel:
    """Set its `name`, its `url` or whether it is `paused`; what waits while it is, is forgotten.
    Raises Invalid and Conflict as `make` does."""
    url = changes.pop("url", None)
    if url is not None:
        changes |= {"shown": outlets.shown(url), "sealed": vault.sealed(url)}
        changes |= {"problem": "", "failures": 0, "not_before": None}
    for name, value in changes.items():
        setattr(channel, name, value)
    channel.save(update_fields=[*changes, "updated"])
    if channel.paused:
        channel.pending.all().delete()
    return channel


@transaction.atomic
def remove(channel: Channel) -> None:
    """Nothing is sent there any more."""
    audit.note("channel.removed", channel)
    channel.delete()


def try_out(channel: Channel, by: User) -> Job:
    """Have a message sent there that says that it works."""
    key = f"notify-test:{channel.pk}"
    soon = Priority.SOON
    return enqueue("notify-test", subject=channel.pk, key=key, priority=soon, asked_by=by)


def of(user: User) -> Sequence[Channel]:
    """Theirs, the newest first."""
    return list(Channel.objects.visible_to(user)[: settings.CHANNELS_EACH])

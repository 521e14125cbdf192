"""The jobs of telling people."""

from collections.abc import Iterator

from django.utils import timezone

from kiremisu.jobs.running import Step, Work
from metadata.models import Channel
from metadata.notifying import sending
from metadata.notifying.outlets import Came


def deliver(work: Work) -> Iterator[Step]:  # noqa: ARG001 - every kind takes its job
    """Send what waits, to each channel as one message."""
    done = 0
    while (channel := sending.due(timezone.now()).select_related("user").first()) is not None:
        notices = sending.take(channel, timezone.now())
        if notices:
            outcome = sending.send(channel, *sending.words(notices))
            sending.note(channel, outcome, notices)
        done += 1
        yield Step(done, None, "Telling of new chapters", pausable=True)


def try_out(work: Work) -> Iterator[Step]:
    """Send one message that says that a channel works."""
    channel = Channel.objects.filter(pk__in=[work.job.subject], user__is_active=True).first()
    if channel is None:
        return
    outcome = sending.send(channel, "KireMisu", f"New chapters are told here, at {channel.name}.")
    sending.note(channel, outcome)
    if outcome.came != Came.SENT:
        yield Step(1, 1, outcome.detail, last=True)
        return
    yield Step(1, 1, "It was taken", last=True)

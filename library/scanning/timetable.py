"""Scans that a library's schedule asks for, or somebody's word on files that are gone."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kiremisu.jobs.models import Job
from library import scanning
from library.models import Library, Loss
from library.schedules import next_after


def ask(now: datetime | None = None) -> list[Job]:
    """Ask for the scans that are due, each once, whoever looks; what was due while the server
    slept is made up for once. Called every few seconds, by each process that works."""
    local = timezone.localtime(now)
    due = Library.objects.filter(next_scan__lte=local).order_by("next_scan", "id")
    asked = [job for library in due if (job := _ask_once(library, local))]
    return [*asked, *map(scanning.request, _approved())]


def _approved() -> list[Library]:
    """Those with files that somebody said are gone while a scan had passed them by, and none has
    begun since."""
    losses = Loss.objects.filter(state=Loss.State.APPROVED).only("library", "updated")
    scans = Job.objects.filter(kind="scan")
    return [
        loss.library
        for loss in losses.select_related("library").order_by("id")
        if not scans.filter(subject=loss.library_id)
        .filter(Q(started__gte=loss.updated) | Q(finished=None))
        .exists()
    ]


@transaction.atomic
def _ask_once(library: Library, now: datetime) -> Job | None:
    # Whoever moves the time on has asked for it.
    mine = Library.objects.filter(pk=library.pk, next_scan=library.next_scan)
    if not mine.update(next_scan=next_after(library.schedule, now)):
        return None
    return scanning.request(library)

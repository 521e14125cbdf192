"""Scans that a library's schedule asks for."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from kiremisu.jobs.models import Job
from library import scanning
from library.models import Library
from library.schedules import next_after


def ask(now: datetime | None = None) -> list[Job]:
    """Ask for the scans that are due, each once, whoever looks; what was due while the server
    slept is made up for once. Called every few seconds, by each process that works."""
    local = timezone.localtime(now)
    due = Library.objects.filter(next_scan__lte=local).order_by("next_scan", "id")
    return [job for library in due if (job := _ask_once(library, local))]


@transaction.atomic
def _ask_once(library: Library, now: datetime) -> Job | None:
    # Whoever moves the time on has asked for it.
    mine = Library.objects.filter(pk=library.pk, next_scan=library.next_scan)
    if not mine.update(next_scan=next_after(library.schedule, now)):
        return None
    return scanning.request(library)

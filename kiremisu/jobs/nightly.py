"""Work that is asked for by itself, once a night."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from kiremisu.jobs.models import Job, Priority
from kiremisu.jobs.queue import enqueue


def ask(now: datetime | None = None) -> list[Job]:
    """Ask for each of settings' JOBS_NIGHTLY that was not since the hour of the night, also when
    the server slept through it. A server that is new waits for its first night."""
    began = _night(timezone.localtime(now))
    if not Job.objects.filter(created__lt=began).exists():
        return []
    asked = Job.objects.filter(kind__in=settings.JOBS_NIGHTLY, created__gte=began)
    kinds = set(settings.JOBS_NIGHTLY) - set(asked.values_list("kind", flat=True))
    queues: dict[str, str] = settings.JOBS_NIGHTLY_QUEUES
    return [
        enqueue(kind, key=kind, priority=Priority.IDLE, queue=queues.get(kind, "default"))
        for kind in sorted(kinds)
    ]


def _night(now: datetime) -> datetime:
    """When the last night began."""
    began = now.replace(hour=settings.JOBS_NIGHT, minute=0, second=0, microsecond=0)
    return began if began <= now else began - timedelta(days=1)

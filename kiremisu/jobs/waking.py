"""Waking workers: one small row in django-q2's queue, never the work itself."""

from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ
from django_q.tasks import async_task

from kiremisu.jobs.models import Job, State

WORK = "kiremisu.jobs.working.work"
# Ends the owner of a job that no worker runs, but somebody at a terminal.
IN_PERSON = ":in-person"


def wake(queue: str) -> None:
    """Have a worker look at this queue once the transaction commits."""
    transaction.on_commit(partial(push, queue))


def push(queue: str) -> None:
    """Push a wake-up, unless every worker is at work already or about to be.

    A worker at work goes on with the next job by itself; more rows would only pile up.
    """
    if settings.JOBS_WAKE and _working(queue) + _waiting(queue) < workers_of(queue):
        async_task(WORK, queue, cluster=queue, task_name=f"wake {queue}")


def workers_of(queue: str) -> int:
    """How many workers look after this queue."""
    cluster: dict[str, Any] = settings.Q_CLUSTER
    return int(cluster["ALT_CLUSTERS"].get(queue, cluster)["workers"])


def _working(queue: str) -> int:
    running = Job.objects.filter(queue=queue, state=State.RUNNING)
    return running.exclude(owner__endswith=IN_PERSON).count()


def _waiting(queue: str) -> int:
    # A row whose lock lies ahead is with a worker already, or with one that died.
    return int(OrmQ.objects.filter(key=queue, lock__lte=timezone.now()).count())

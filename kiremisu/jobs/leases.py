"""A worker's hold on a job: taking it, keeping it, giving it up, losing it.

A lease is `owner` + `heartbeat`. Everything a worker saves goes through `held(job)`, an update
that asks for its own `owner`: whoever lost the lease changes nothing.
"""

import os
import random
import secrets
import socket
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest, Now

from kiremisu.jobs import chains
from kiremisu.jobs.events import announce
from kiremisu.jobs.models import Job, JobQuery, State
from kiremisu.jobs.waking import IN_PERSON, wake
from kiremisu.lib import logs

log = logs.get(__name__)


class Lost(Exception):
    """Somebody else has this job now; nothing of ours was saved."""


def claim(queue: str) -> Job | None:
    """Take the next job of a queue, by priority and then age; None when none is left."""
    return _take(Job.objects.claimable().filter(queue=queue))


def claim_this(job: Job) -> Job | None:
    """Take this very job, its pause over or not; None when somebody has it or it has ended."""
    pausing = Q(state=State.WAITING, not_before__isnull=False)
    return _take(Job.objects.filter(Q(state=State.QUEUED) | pausing, pk=job.pk), IN_PERSON)


@transaction.atomic
def _take(jobs: JobQuery, mark: str = "") -> Job | None:
    waiting = jobs.order_by("priority", "created", "id")
    job = waiting.select_for_update(skip_locked=True, of=("self",)).first()
    if job is None:
        return None
    Job.objects.filter(pk=job.pk).update(
        state=State.RUNNING,
        owner=f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(8)}{mark}",
        heartbeat=Now(),
        not_before=None,
        attempts=F("attempts") + 1,
        started=Coalesce("started", Now()),
        updated=Now(),
    )
    job.refresh_from_db()
    announce("job", job.pk)
    return job


def held(job: Job) -> QuerySet[Job]:
    """This job as long as the lease that `job` was taken with holds; otherwise nothing."""
    return Job.objects.filter(pk=job.pk, owner=job.owner, state=State.RUNNING)


def beat(job: Job) -> bool:
    """Say that the worker lives. False when the lease is gone."""
    return bool(held(job).update(heartbeat=Now()))


@transaction.atomic
def end(job: Job, state: State, error: str = "") -> None:
    """The job has ended like this. Raises Lost."""
    job.error = error
    _give_up(job, state=state, error=error, finished=Now())
    chains.go_on(job, state)


@transaction.atomic
def hand_back(job: Job) -> None:
    """Give the job back for another worker to go on with; no attempt is used up. Raises Lost."""
    _give_up(job, state=State.QUEUED, attempts=Greatest(F("attempts"), 1) - 1)
    wake(job.queue)


@transaction.atomic
def put_off(job: Job, seconds: float, message: str) -> None:
    """Have the job go on in so many seconds; no attempt is used up. Raises Lost."""
    if Job.objects.filter(pk=job.pk, cancel_asked=True).exists():
        end(job, State.CANCELLED)
        return
    _give_up(
        job,
        state=State.WAITING,
        message=message,
        not_before=Now() + timedelta(seconds=seconds),
        attempts=Greatest(F("attempts"), 1) - 1,
    )


@transaction.atomic
def fail(job: Job, error: str, final: bool = False) -> None:
    """This attempt failed: pause and try again, or leave it at that. Raises Lost."""
    if final or job.attempts >= settings.JOB_TRIES:
        end(job, State.FAILED, error)
        return
    # So that those that failed together are not tried together: nothing of secrets.
    pause = settings.JOB_PAUSE * 4 ** (job.attempts - 1) * random.uniform(0.5, 1.5)  # noqa: S311
    due = Now() + timedelta(seconds=pause)
    _give_up(job, state=State.WAITING, error=error, not_before=due)


def _give_up(job: Job, **facts: Any) -> None:
    given_up = held(job).update(owner="", heartbeat=None, updated=Now(), **facts)
    if not given_up:
        raise Lost
    announce("job", job.pk)


@transaction.atomic
def sweep() -> int:
    """Free the jobs whose workers died, and wake whoever can go on. Returns how many died.

    A job that is being saved at this moment is locked, so its worker lives: skipped.
    """
    too_old = Now() - timedelta(seconds=settings.JOB_LEASE)
    dead = Job.objects.filter(state=State.RUNNING, heartbeat__lt=too_old).order_by("id")
    found = list(dead.select_for_update(skip_locked=True, of=("self",)))
    for job in found:
        _bury(job)
    for queue in set(Job.objects.claimable().order_by().values_list("queue", flat=True)):
        wake(queue)
    return len(found)


def _bury(job: Job) -> None:
    with logs.bound(request_id=job.request_id, job=str(job.pk)):
        log.warning("a worker died", kind=job.kind, owner=job.owner)
    deaths, ever = job.deaths + 1, job.all_deaths + 1
    Job.objects.filter(pk=job.pk).update(deaths=deaths, all_deaths=ever)
    if job.cancel_asked:
        end(job, State.CANCELLED)
    elif deaths >= settings.JOB_DEATHS or ever >= settings.JOB_ALL_DEATHS:
        log.error("a job is quarantined", kind=job.kind, job=str(job.pk), deaths=ever)
        end(job, State.FAILED, "quarantined: the worker died at this job each time it ran.")
    else:
        hand_back(job)


def more_urgent_waits(job: Job) -> bool:
    """Whether a job of a higher priority waits in the same queue."""
    waiting = Job.objects.claimable().filter(queue=job.queue, priority__lt=job.priority)
    return waiting.exists()

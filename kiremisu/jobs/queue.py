"""Asking for work, calling it off, asking again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from kiremisu.accounts.models import User
from kiremisu.jobs import chains
from kiremisu.jobs.events import announce
from kiremisu.jobs.models import Arguments, Job, Priority, State
from kiremisu.jobs.waking import wake
from kiremisu.lib.errors import Conflict, Forbidden
from kiremisu.lib.ids import uuid7

CHAIN = "chain"


@transaction.atomic
def enqueue(
    kind: str,
    *,
    subject: UUID | None = None,
    key: str = "",
    arguments: dict[str, Any] | None = None,
    priority: int = Priority.NORMAL,
    queue: str = "default",
    parent: Job | None = None,
    step: int = 0,
    asked_by: User | None = None,
    not_before: datetime | None = None,
) -> Job:
    """Have a worker do this once the transaction commits, or from `not_before` on.

    `kind` is one of settings' JOBS. While a job with the same `key` lives no second one is
    made: the caller joins that one, which takes the higher of both priorities.
    """
    job = Job(
        kind=kind,
        queue=queue,
        subject=subject,
        key=key,
        priority=priority,
        parent=parent,
        step=step,
        asked_by=asked_by,
        request_id=_request_id(),
        state=State.WAITING if not_before or step else State.QUEUED,
        not_before=not_before,
    )
    job.arguments = Arguments.model_validate(arguments or {})
    if kind not in settings.JOBS and kind != CHAIN:
        raise LookupError(f"There is no kind of job named {kind!r} in settings' JOBS.")
    return _joined(job) or _begun(job)


def _begun(job: Job) -> Job:
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        # Somebody else asked for the same in this moment, and has committed by now.
        if (same := _joined(job)) is not None:
            return same
        raise
    announce("job", job.pk)
    if job.state == State.QUEUED:
        wake(job.queue)
    return job


def _joined(job: Job) -> Job | None:
    if not job.key:
        return None
    same = Job.objects.live().filter(key=job.key).first()
    if same is not None and job.priority < same.priority:
        Job.objects.filter(pk=same.pk).update(priority=job.priority, updated=Now())
        same.refresh_from_db()
    return same


@transaction.atomic
def chain(
    steps: Sequence[tuple[str, dict[str, Any]]],
    *,
    subject: UUID | None = None,
    key: str = "",
    priority: int = Priority.NORMAL,
    queue: str = "default",
    asked_by: User | None = None,
) -> Job:
    """Have these (kind, arguments) done in this order, stopping at the first that fails.

    Answers the parent, whose `done` and `total` count steps and which ends as they end.
    """
    parent = Job(
        kind=CHAIN,
        queue=queue,
        subject=subject,
        key=key,
        priority=priority,
        asked_by=asked_by,
        request_id=_request_id(),
        state=State.WAITING,
        total=len(steps),
    )
    begun = _joined(parent) or _begun(parent)
    if begun is parent:
        for place, (kind, arguments) in enumerate(steps):
            enqueue(
                kind,
                subject=subject,
                arguments=arguments,
                priority=priority,
                queue=queue,
                parent=parent,
                step=place,
                asked_by=asked_by,
            )
    return begun


@transaction.atomic
def cancel(job: Job, by: User | None = None) -> Job:
    """Call a job off: at once while it waits, at its next step while it runs.

    Raises Forbidden when `by` neither asked for it nor curates, Conflict when it has ended.
    """
    _check(job, by)
    if (step := _step_of(job, ended=False)) is not None:
        cancel(step)
        job.refresh_from_db()
        return job
    now = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if not now.is_live:
        raise Conflict("This job has ended already.")
    if now.state == State.RUNNING:
        Job.objects.filter(pk=now.pk).update(cancel_asked=True, updated=Now())
    else:
        Job.objects.filter(pk=now.pk).update(
            state=State.CANCELLED, finished=Now(), not_before=None, updated=Now()
        )
        chains.go_on(now, State.CANCELLED)
    announce("job", now.pk)
    now.refresh_from_db()
    return now


@transaction.atomic
def retry(job: Job, by: User | None = None) -> Job:
    """Have a failed or cancelled job done after all, from where it stood.

    Raises Forbidden as `cancel` does; Conflict when it lives, is done, or the same work
    was asked for again.
    """
    _check(job, by)
    if (step := _step_of(job, ended=True)) is not None:
        retry(step)
        job.refresh_from_db()
        return job
    now = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if now.state not in {State.FAILED, State.CANCELLED}:
        raise Conflict("Only a job that failed or was cancelled can be tried again.")
    try:
        with transaction.atomic():
            _revive(now)
    except IntegrityError:
        raise Conflict("The same work waits or runs already.") from None
    announce("job", now.pk)
    wake(now.queue)
    now.refresh_from_db()
    return now


def _revive(job: Job) -> None:
    fresh = {
        "error": "",
        "message": "",
        "cancel_asked": False,
        "attempts": 0,
        "deaths": 0,
        "all_deaths": 0,
        "started": None,
        "finished": None,
        "not_before": None,
        "updated": Now(),
    }
    Job.objects.filter(pk=job.pk).update(state=State.QUEUED, **fresh)
    if job.parent_id is not None:
        Job.objects.filter(parent_id=job.parent_id, step__gt=job.step).update(
            state=State.WAITING, **fresh
        )
        Job.objects.filter(pk=job.parent_id).update(state=State.WAITING, **fresh)


def _step_of(parent: Job, ended: bool) -> Job | None:
    """The step of a chain that `cancel` or `retry` of the chain is about."""
    if parent.kind != CHAIN:
        return None
    steps = parent.steps.order_by("step")
    if ended:
        return steps.filter(state__in=(State.FAILED, State.CANCELLED)).first()
    return steps.live().first()


def _check(job: Job, by: User | None) -> None:
    if by is not None and not by.curates and job.asked_by_id != by.pk:
        raise Forbidden("This job was not asked for by you.")


def _request_id() -> str:
    known = structlog.contextvars.get_contextvars().get("request_id")
    return str(known or uuid7().hex)[:64]

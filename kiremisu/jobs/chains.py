"""Steps that run one after another below one parent, until the first that fails."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from kiremisu.jobs.events import announce
from kiremisu.jobs.models import LIVE, Job, State
from kiremisu.jobs.waking import wake


@transaction.atomic
def go_on(step: Job, state: str) -> None:
    """A step has ended so: start the next, or end what is left and the parent with it."""
    if step.parent_id is None:
        return
    if state == State.DONE:
        _start_next(step)
        return
    rest = Job.objects.filter(parent_id=step.parent_id, step__gt=step.step, state__in=LIVE)
    told = list(rest.values_list("pk", flat=True))
    rest.update(
        state=State.CANCELLED,
        message="An earlier step did not succeed.",
        finished=Now(),
        updated=Now(),
    )
    for job_id in told:
        announce("job", job_id)
    _end_parent(step, state, error=step.error)


def _start_next(step: Job) -> None:
    Job.objects.filter(steps=step).update(done=F("done") + 1, updated=Now())
    following = Job.objects.filter(parent_id=step.parent_id, step__gt=step.step)
    coming = following.filter(state=State.WAITING).order_by("step").first()
    if coming is None:
        _end_parent(step, State.DONE)
        return
    Job.objects.filter(pk=coming.pk).update(state=State.QUEUED, updated=Now())
    announce("job", coming.pk)
    wake(coming.queue)


def _end_parent(step: Job, state: str, error: str = "") -> None:
    assert step.parent_id is not None
    Job.objects.filter(pk=step.parent_id).update(
        state=state, error=error, finished=Now(), updated=Now()
    )
    announce("job", step.parent_id)

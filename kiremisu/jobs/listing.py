"""Jobs to look at, the newest first."""

from typing import Any

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job
from kiremisu.jobs.schemas import JobsWanted
from kiremisu.lib.cursors import walk
from kiremisu.lib.orders import ID, Order, moment

_NEWEST = Order("jobs", (moment("created"), ID), is_down=True)
_COLUMNS = tuple(field.attname for field in Job._meta.concrete_fields)


def shown(user: User, job: Job) -> Job:
    """A job as this person is told of it: what it says, and why it failed, names files that
    only those may know of who may see the job."""
    if not Job.objects.visible_to(user).filter(pk=job.pk).exists():
        job.message = job.error = ""
    return job


def jobs(user: User, wanted: JobsWanted) -> dict[str, Any]:
    """One part of the jobs this person may see. Raises Invalid."""
    asked = wanted.model_dump(include={"state", "kind", "parent"}, exclude_none=True)
    found = Job.objects.visible_to(user).filter(**asked)
    walked = walk(found, _NEWEST, wanted, *_COLUMNS)
    return walked.answer([Job(**row) for row in walked.rows], found.count(), wanted)

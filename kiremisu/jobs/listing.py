"""Jobs to look at, the newest first."""

from typing import Any

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job
from kiremisu.jobs.schemas import JobsWanted
from kiremisu.lib.schemas import part


def jobs(user: User, wanted: JobsWanted) -> dict[str, Any]:
    """One page of the jobs this person may see."""
    asked = wanted.model_dump(include={"state", "kind", "parent"}, exclude_none=True)
    found = Job.objects.visible_to(user).filter(**asked).order_by("-created", "-id")
    return part(list(found[wanted.bounds]), found.count(), wanted)

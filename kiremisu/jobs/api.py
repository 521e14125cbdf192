"""Jobs over the API."""

from typing import Any
from uuid import UUID

from ninja import Query, Router

from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Role, Scope
from kiremisu.jobs import listing, queue
from kiremisu.jobs.models import Job
from kiremisu.jobs.schemas import JobOut, JobsWanted
from kiremisu.lib.cursors import DeepPage
from kiremisu.lib.threads import in_thread

router = Router(tags=["jobs"])


@router.get("/jobs", auth=needs(Scope.READ), response=DeepPage[JobOut], summary="Jobs")
async def list_jobs(request: Asked, wanted: Query[JobsWanted]) -> dict[str, Any]:
    """The jobs you may see, the newest first: all for curators; otherwise those you asked for,
    and those about what you may open."""
    return await in_thread(listing.jobs, request.auth, wanted)


@router.get(
    "/jobs/{uuid:job_id}", auth=needs(Scope.READ, job_id=Job), response=JobOut, summary="One job"
)
async def get_job(request: Asked, job_id: UUID) -> Job:
    """How far it has come."""
    return await Job.objects.visible_to(request.auth).aget(pk=job_id)


@router.post(
    "/jobs/{uuid:job_id}/cancel",
    auth=needs(Scope.CURATE, least=Role.CURATOR, or_by="asked_by", job_id=Job),
    response=JobOut,
    summary="Call a job off",
)
async def cancel_job(request: Asked, job_id: UUID) -> Job:
    """At once while it waits; a running job ends after its batch. 409 when it has ended."""
    job = await Job.objects.visible_to(request.auth).aget(pk=job_id)
    return await in_thread(queue.cancel, job, by=request.auth)


@router.post(
    "/jobs/{uuid:job_id}/retry",
    auth=needs(Scope.CURATE, least=Role.CURATOR, or_by="asked_by", job_id=Job),
    response=JobOut,
    summary="Try a job again",
)
async def retry_job(request: Asked, job_id: UUID) -> Job:
    """A failed or cancelled job goes on from where it stood. 409 otherwise."""
    job = await Job.objects.visible_to(request.auth).aget(pk=job_id)
    return await in_thread(queue.retry, job, by=request.auth)

"""Matches of series over the API."""

from typing import Any
from uuid import UUID

from ninja import Body, Router, Status

from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Role, Scope
from kiremisu.jobs.models import Job
from kiremisu.jobs.schemas import JobOut
from kiremisu.lib.schemas import Problem
from kiremisu.lib.threads import in_thread
from library.models import Library, Series
from metadata.models import Candidate
from metadata.review import answers
from metadata.review.schemas import AcceptWanted, ReviewOut

router = Router(tags=["metadata"])


@router.get(
    "/series/{uuid:series_id}/candidates",
    auth=needs(Scope.READ, least=Role.CURATOR, series_id=Series),
    response=ReviewOut,
    summary="A series' match and candidates",
)
async def get_candidates(request: Asked, series_id: UUID) -> dict[str, Any]:
    """Whether it is known which work it is, and the works it may be, as far as you may see them,
    each with its score line by line. For curators."""
    series = await Series.objects.visible_to(request.auth).only("id").aget(pk=series_id)
    return await in_thread(answers.review, request.auth, series)


@router.post(
    "/series/{uuid:series_id}/candidates/{uuid:candidate_id}/accept",
    auth=needs(Scope.CURATE, least=Role.CURATOR, series_id=Series, candidate_id=Candidate),
    response=ReviewOut,
    summary="Accept a candidate",
)
async def accept_candidate(
    request: Asked, series_id: UUID, candidate_id: UUID, body: Body[AcceptWanted | None] = None
) -> dict[str, Any]:
    """The series is this work, and shows its facts, save those that are locked or that you keep.
    No job decides otherwise. For curators."""
    found = Candidate.objects.visible_to(request.auth).select_related("series")
    candidate = await found.aget(pk=candidate_id, series=series_id)
    keep = list(body.keep) if body else []
    return await in_thread(answers.accept, request.auth, candidate, keep)


@router.post(
    "/series/{uuid:series_id}/candidates/{uuid:candidate_id}/reject",
    auth=needs(Scope.CURATE, least=Role.CURATOR, series_id=Series, candidate_id=Candidate),
    response=ReviewOut,
    summary="Not this one",
)
async def reject_candidate(request: Asked, series_id: UUID, candidate_id: UUID) -> dict[str, Any]:
    """The series is not this work: it never comes again for it. Where it was matched so, its facts
    are let go. For curators."""
    found = Candidate.objects.visible_to(request.auth).select_related("series")
    candidate = await found.aget(pk=candidate_id, series=series_id)
    return await in_thread(answers.reject, request.auth, candidate)


@router.post(
    "/series/{uuid:series_id}/match",
    auth=needs(Scope.CURATE, least=Role.CURATOR, a_minute=60, series_id=Series),
    response={202: JobOut},
    summary="Look for a series",
)
async def match_series(request: Asked, series_id: UUID) -> Status[Job]:
    """A job looks for the work it is, also where none was found before. A match that is sure is
    made by itself; a match there is stays. For curators."""
    await Series.objects.visible_to(request.auth).only("id").aget(pk=series_id)
    return Status(202, await in_thread(answers.look, request.auth, series_id))


@router.post(
    "/libraries/{uuid:library_id}/match",
    auth=needs(Scope.CURATE, least=Role.CURATOR, a_minute=30, library_id=Library),
    response={202: JobOut},
    summary="Look for what is new in a library",
)
async def match_library(request: Asked, library_id: UUID) -> Status[Job]:
    """A job looks for all series of it that were never looked for, as it is done after a scan.
    Who asks while that is under way gets that job. For curators."""
    await Library.objects.visible_to(request.auth).only("id").aget(pk=library_id)
    return Status(202, await in_thread(answers.look_in, request.auth, library_id))


@router.post(
    "/series/{uuid:series_id}/match/none",
    auth=needs(Scope.CURATE, least=Role.CURATOR, series_id=Series),
    response=ReviewOut,
    summary="No match exists",
)
async def say_no_match(request: Asked, series_id: UUID) -> dict[str, Any]:
    """It is not looked for any more unless somebody asks. A match is let go. For curators."""
    series = await Series.objects.visible_to(request.auth).only("id").aget(pk=series_id)
    return await in_thread(answers.none_exists, request.auth, series)


@router.post(
    "/series/{uuid:series_id}/match/undo",
    auth=needs(Scope.CURATE, least=Role.CURATOR, series_id=Series),
    response={200: ReviewOut, 409: Problem, 410: Problem},
    summary="Undo what was decided last",
)
async def undo_match(request: Asked, series_id: UUID) -> dict[str, Any]:
    """With the facts that were learnt and the locks that were set by it, for 30 days; 409 when
    nothing is left to undo. What was matched by itself is in review then. For curators."""
    series = await Series.objects.visible_to(request.auth).only("id").aget(pk=series_id)
    return await in_thread(answers.undo, request.auth, series)


@router.post(
    "/series/{uuid:series_id}/refresh",
    auth=needs(Scope.CURATE, least=Role.CURATOR, a_minute=60, series_id=Series),
    response={202: JobOut},
    summary="Ask for a series' facts again",
)
async def refresh_series(request: Asked, series_id: UUID) -> Status[Job]:
    """A job asks the provider again; of a series that is not matched it does nothing. For
    curators."""
    await Series.objects.visible_to(request.auth).only("id").aget(pk=series_id)
    return Status(202, await in_thread(answers.refresh, request.auth, series_id))

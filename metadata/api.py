"""What the world knows, over the API."""

from typing import Any
from uuid import UUID

from ninja import Query, Router, Status

from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Role, Scope
from kiremisu.jobs.models import Job
from kiremisu.jobs.schemas import JobOut
from kiremisu.lib.schemas import Problem
from kiremisu.lib.threads import in_thread
from library.models import Series
from metadata import covering, searching
from metadata.schemas import CoverThere, CoverWanted, WorldFound, WorldWanted

router = Router(tags=["metadata"])


@router.get(
    "/metadata/search",
    auth=needs(Scope.READ, least=Role.CURATOR, a_minute=30),
    response={200: WorldFound, 502: Problem, 503: Problem},
    summary="Search the world",
)
async def search_world(request: Asked, wanted: Query[WorldWanted]) -> dict[str, Any]:
    """Titles that MangaDex has, by any of their names and up to the rating you may see. What it
    answered within a day is not asked again. For curators, because all of this server's questions
    share what MangaDex lets one address ask."""
    return await in_thread(searching.found, request.auth, wanted.q, wanted.limit)


@router.get(
    "/series/{uuid:series_id}/covers",
    auth=needs(Scope.READ, least=Role.CURATOR, a_minute=30, series_id=Series),
    response={200: list[CoverThere], 502: Problem, 503: Problem},
    summary="Covers of a series' work",
)
async def list_covers(request: Asked, series_id: UUID) -> list[dict[str, Any]]:
    """Those that MangaDex has of the work that it is matched to, if it is. For curators."""
    series = await Series.objects.visible_to(request.auth).only("id").aget(pk=series_id)
    found = await in_thread(covering.offered, series)
    return [each.model_dump() for each in found]


@router.post(
    "/series/{uuid:series_id}/covers",
    auth=needs(Scope.CURATE, least=Role.CURATOR, a_minute=30, series_id=Series),
    response={202: JobOut},
    summary="Show a cover of its work",
)
async def choose_cover(request: Asked, series_id: UUID, body: CoverWanted) -> Status[Job]:
    """A job fetches it, makes it anew and keeps it; it is shown until somebody picks another.
    `acts/{run}/undo` takes it back, with the job's id as the run. For curators."""
    series = await Series.objects.visible_to(request.auth).only("id").aget(pk=series_id)
    return Status(202, await in_thread(covering.request_choice, request.auth, series, body.url))

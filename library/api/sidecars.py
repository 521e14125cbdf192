"""Files that tell of a series, over the API."""

from typing import Any
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Role, Scope
from kiremisu.lib.schemas import Kept, Page, Paging
from kiremisu.lib.threads import in_thread
from library import shelving
from library.models import Series


class SidecarOut(Kept):
    """A file in a folder that tells of a series. `path` lies below the library's folder;
    `problem` is the code of what keeps it from being read."""

    path: str
    source: str = Field(examples=["details.json"])
    problem: str
    problem_detail: str


router = Router(tags=["series"])


@router.get(
    "/series/{uuid:series_id}/sidecars",
    auth=needs(Scope.READ, least=Role.CURATOR, series_id=Series),
    response=Page[SidecarOut],
    summary="A series' sidecars",
)
async def list_sidecars(request: Asked, series_id: UUID, wanted: Query[Paging]) -> dict[str, Any]:
    """The files in its folder that tell of it, by path, each with what keeps it from being read.
    What lies within a chapter's file stands at the chapter. For curators."""
    series = await Series.objects.visible_to(request.auth).only("id").aget(pk=series_id)
    return await in_thread(shelving.sidecars, request.auth, series, wanted)

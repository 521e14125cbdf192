"""What the world knows, over the API."""

from typing import Any

from ninja import Query, Router

from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Role, Scope
from kiremisu.lib.schemas import Problem
from kiremisu.lib.threads import in_thread
from metadata import searching
from metadata.schemas import WorldFound, WorldWanted

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

"""One operation on many series, over the API."""

from typing import Any

from ninja import Router

from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Scope
from kiremisu.lib.schemas import Problem
from kiremisu.lib.threads import in_thread
from library import batches
from library.batches.schemas import BatchOut, BatchWanted

router = Router(tags=["series"])


# Which scope an operation wants differs: a key needs all of them.
@router.post(
    "/series/batch",
    auth=needs(Scope.ADMIN),
    response={200: BatchOut, 404: Problem},
    summary="Change many series",
)
async def batch(request: Asked, body: BatchWanted) -> dict[str, Any]:
    """`set_fields` (`options` as for one series), `tag` and `untag` (`options`: `genres` and
    `tags` to give or to take away), `lock` and `unlock` (`options`: `fields`), these for
    curators; `mark_read`, `mark_unread`. With `preview` nothing is changed, and what would be is
    told."""
    return await in_thread(batches.answered, request.auth, body)

"""One operation on many series, and what was done so, over the API."""

from typing import Any
from uuid import UUID

from ninja import Query, Router, Status

from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Scope
from kiremisu.jobs import listing
from kiremisu.jobs.models import Job
from kiremisu.jobs.schemas import JobOut
from kiremisu.lib.schemas import Page, Paging, Problem
from kiremisu.lib.threads import in_thread
from library import batches
from library.batches import undoing
from library.batches.schemas import ActOut, BatchOut, BatchWanted, SeriesActedOn
from library.models import Deed

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
    `tags` to give or to take away), `lock` and `unlock` (`options`: `fields`), `merge_into`
    (`target`), `move_chapters` (`target`; `chapters` or `which`), `split_off` (`title`; `chapters`
    or `which`), `purge_missing`, these for curators; `mark_read`, `mark_unread`. With `preview`
    nothing is changed, and what would be is told."""
    return await in_thread(batches.answered, request.auth, body)


@router.get(
    "/acts",
    auth=needs(Scope.READ),
    response=Page[ActOut],
    summary="What was done to series",
    tags=["acts"],
)
async def list_acts(request: Asked, wanted: Query[Paging]) -> dict[str, Any]:
    """What you did with `series/batch` or at the desk, the newest first; administrators see what
    others did as well, but not what is a person's own (read, unread, their lists)."""
    return await in_thread(undoing.listed, request.auth, wanted)


@router.get(
    "/acts/{uuid:run}",
    auth=needs(Scope.READ, run=Deed),
    response=ActOut,
    summary="One act",
    tags=["acts"],
)
async def get_act(request: Asked, run: UUID) -> dict[str, Any]:
    """What was done, to how many series, and of how many it was taken back."""
    return await in_thread(undoing.one, request.auth, run)


@router.get(
    "/acts/{uuid:run}/series",
    auth=needs(Scope.READ, run=Deed),
    response=Page[SeriesActedOn],
    summary="The series of an act",
    tags=["acts"],
)
async def list_act_series(request: Asked, run: UUID, wanted: Query[Paging]) -> dict[str, Any]:
    """What became of each, and whether it was taken back, or why not."""
    deed = await Deed.objects.visible_to(request.auth).aget(pk=run)
    return await in_thread(undoing.series_of, request.auth, deed, wanted)


# As for the batch: which scope it wants differs.
@router.post(
    "/acts/{uuid:run}/undo",
    auth=needs(Scope.ADMIN, a_minute=30, run=Deed),
    response={202: JobOut, 409: Problem},
    summary="Take an act back",
    tags=["acts"],
)
async def undo_act(request: Asked, run: UUID) -> Status[Job]:
    """A job takes back what was done, series by series, but for those to which something else was
    done since; `GET acts/{run}/series` then says why. 409 when all of it was taken back."""
    deed = await Deed.objects.visible_to(request.auth).aget(pk=run)
    job = await in_thread(undoing.request, request.auth, deed)
    return Status(202, await in_thread(listing.shown, request.auth, job))

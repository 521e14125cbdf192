"""What a scan waits with until somebody decides, over the API."""

from typing import Any
from uuid import UUID

from ninja import Query, Router, Status
from pydantic import Field

from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Role, Scope
from kiremisu.lib.schemas import Kept, Page, Paging, Problem
from kiremisu.lib.threads import in_thread
from library import losses
from library.models import Library, Loss


class LossOut(Kept):
    """Files that a scan found gone and did not mark as missing. `count` of `known` files;
    `examples` are the first of them, below the library's folder. `over`: marked, or back."""

    reason: Loss.Reason
    state: Loss.State
    says: str = Field(examples=["60 of 120 files are gone."])
    count: int = Field(examples=[60])
    known: int = Field(examples=[120])
    examples: list[str] = Field(examples=[["Salt Road/Salt Road v01.cbz"]])


router = Router(tags=["libraries"])


@router.get(
    "/libraries/{uuid:library_id}/changes",
    auth=needs(Scope.READ, least=Role.CURATOR, library_id=Library),
    response=Page[LossOut],
    summary="Changes that wait",
)
async def list_changes(request: Asked, library_id: UUID, paging: Query[Paging]) -> dict[str, Any]:
    """What scans found that looks like a loss, the newest first: many files gone at once, an empty
    folder, or one on another disk. Nothing of it is marked before somebody approves. For curators
    who may see every rating."""
    library = await Library.objects.visible_to(request.auth).only("id").aget(pk=library_id)
    return await in_thread(losses.listed, request.auth, library, paging)


@router.post(
    "/libraries/{uuid:library_id}/changes/{uuid:change_id}/approve",
    auth=needs(Scope.CURATE, least=Role.CURATOR, library_id=Library, change_id=Loss),
    response={204: None, 409: Problem},
    summary="Approve a change",
)
async def approve_change(request: Asked, library_id: UUID, change_id: UUID) -> Status[None]:
    """The files are really gone: a scan marks them as missing. Their chapters stay with all that
    hangs on them, and come back with their files. For curators."""
    found = Loss.objects.visible_to(request.auth).select_related("library")
    loss = await found.aget(pk=change_id, library=library_id)
    await in_thread(losses.approve, loss, request.auth)
    return Status(204, None)


@router.post(
    "/libraries/{uuid:library_id}/changes/{uuid:change_id}/reject",
    auth=needs(Scope.CURATE, least=Role.CURATOR, library_id=Library, change_id=Loss),
    response={204: None, 409: Problem},
    summary="Reject a change",
)
async def reject_change(request: Asked, library_id: UUID, change_id: UUID) -> Status[None]:
    """The files will be back: they stay as they are, and scans ask about them no more. For
    curators."""
    found = Loss.objects.visible_to(request.auth).select_related("library")
    loss = await found.aget(pk=change_id, library=library_id)
    await in_thread(losses.reject, loss, request.auth)
    return Status(204, None)

"""Libraries over the API."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Body, Query, Router, Status

from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Role, Scope
from kiremisu.jobs import listing
from kiremisu.jobs.models import Job
from kiremisu.jobs.schemas import JobOut
from kiremisu.lib.schemas import IfMatch, Page, Paging, Problem, rendered
from kiremisu.lib.threads import in_thread
from library import basing, curation, libraries, scanning, shelving
from library.models import Library
from library.schemas import LibraryChange, LibraryNew, LibraryOut, ScanWanted

router = Router(tags=["libraries"])


@router.get(
    "/libraries",
    auth=needs(Scope.READ),
    response=Page[LibraryOut],
    summary="Libraries",
)
async def list_libraries(request: Asked, paging: Query[Paging]) -> HttpResponse:
    """The libraries you may open, by name."""
    return rendered(await in_thread(shelving.libraries, request.auth, paging))


@router.post(
    "/libraries",
    auth=needs(Scope.ADMIN, least=Role.ADMIN),
    response={201: LibraryOut},
    summary="Add a library",
)
async def add_library(request: Asked, body: LibraryNew) -> Status[dict[str, Any]]:
    """Make a folder of the server a library; one that is there already is answered again.
    Nothing is scanned yet. For administrators."""
    library = await in_thread(libraries.add, body.root, body.name, asked_by=request.auth)
    return Status(201, await in_thread(shelving.library, request.auth, library))


@router.get(
    "/libraries/{uuid:library_id}",
    auth=needs(Scope.READ, library_id=Library),
    response=LibraryOut,
    summary="One library",
)
async def get_library(request: Asked, library_id: UUID) -> dict[str, Any]:
    """Its name, its kind, and how much is in it."""
    library = await Library.objects.visible_to(request.auth).aget(pk=library_id)
    return await in_thread(shelving.library, request.auth, library)


@router.patch(
    "/libraries/{uuid:library_id}",
    auth=needs(Scope.ADMIN, least=Role.ADMIN, library_id=Library),
    response=LibraryOut,
    summary="Change a library",
)
async def change_library(
    request: Asked, library_id: UUID, body: LibraryChange, if_match: IfMatch = None
) -> dict[str, Any]:
    """Its name, its kind, and whether all may open it. For administrators."""
    library = await Library.objects.visible_to(request.auth).aget(pk=library_id)
    await in_thread(basing.changed, curation.change_library, library, if_match, **body.named())
    return await in_thread(shelving.library, request.auth, library)


@router.delete(
    "/libraries/{uuid:library_id}",
    auth=needs(Scope.ADMIN, least=Role.ADMIN, library_id=Library),
    response={204: None, 409: Problem},
    summary="Forget a library",
)
async def remove_library(request: Asked, library_id: UUID) -> Status[None]:
    """Forget the library. Its files stay as they are, and people's places too: added again, its
    chapters are where they left them. For administrators."""
    library = await Library.objects.visible_to(request.auth).aget(pk=library_id)
    await in_thread(curation.remove_library, library)
    return Status(204, None)


@router.post(
    "/libraries/{uuid:library_id}/scan",
    auth=needs(Scope.CURATE, least=Role.CURATOR, a_minute=30, library_id=Library),
    response={202: JobOut},
    summary="Scan a library",
)
async def scan_library(
    request: Asked, library_id: UUID, body: Body[ScanWanted | None] = None
) -> Status[Job]:
    """Bring what is known up to date with the folder. Answers the job; who asks while a scan is
    under way gets that one. For curators."""
    library = await Library.objects.visible_to(request.auth).aget(pk=library_id)
    full = body is not None and body.full
    job = await in_thread(scanning.request, library, asked_by=request.auth, full=full)
    return Status(202, await in_thread(listing.shown, request.auth, job))

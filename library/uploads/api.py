"""Uploads over the API: what tus does not need raw bytes for, and what is under way."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Query, Router, Status

from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Role, Scope
from kiremisu.lib.schemas import Page, Problem
from kiremisu.lib.threads import in_thread
from library import uploads
from library.models import Upload
from library.uploads import protocol, receiving
from library.uploads.arriving import take_over
from library.uploads.schemas import UploadOut, UploadsWanted

router = Router(tags=["uploads"])

_BYTES = {
    "responses": {
        200: {
            "description": "The file as it came",
            "content": {
                "application/octet-stream": {
                    "schema": {"type": "string", "format": "binary"},
                    "example": "PK…",
                }
            },
        }
    }
}


def spoken[**P](
    view: Callable[P, Awaitable[HttpResponseBase]],
) -> Callable[P, Awaitable[HttpResponseBase]]:
    """Says in every answer, refusals too, which tus this is."""

    @wraps(view)
    async def ask(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = await view(*args, **kwargs)
        response["Tus-Resumable"] = protocol.VERSION
        return response

    return ask


router.add_decorator(spoken, mode="view")


@router.get(
    "/uploads",
    auth=needs(Scope.READ, Scope.CURATE, own=True),
    response=Page[UploadOut],
    summary="My uploads",
)
async def list_uploads(request: Asked, wanted: Query[UploadsWanted]) -> dict[str, Any]:
    """Your uploads, the newest first. How to make one stands in docs/api.md: `POST` here and
    `PATCH` there speak tus 1.0.0."""
    return await in_thread(uploads.part_of, request.auth, wanted)


@router.get(
    "/uploads/{uuid:upload_id}",
    auth=needs(Scope.READ, Scope.CURATE, own=True, upload_id=Upload),
    response={200: UploadOut, 412: Problem},
    summary="One upload",
)
async def get_upload(request: Asked, upload_id: UUID, response: HttpResponse) -> Upload:
    """How far it is, or what became of it. The headers say it too, for tus (`HEAD`): a client
    that sends `Tus-Resumable` is back, so whoever still sends this upload is told to stop."""
    upload = await Upload.objects.visible_to(request.auth).aget(pk=upload_id)
    if _speaks_tus(request):
        await take_over(upload.pk)
        upload = await Upload.objects.visible_to(request.auth).aget(pk=upload_id)
    offset = await in_thread(receiving.offset_of, upload)
    said = protocol.said_of(offset, upload.length, upload.expires, upload.metadata)
    for name, value in said.items():
        response[name] = value
    return upload


@router.delete(
    "/uploads/{uuid:upload_id}",
    auth=needs(Scope.CURATE, least=Role.CURATOR, own=True, upload_id=Upload),
    response={204: None, 412: Problem},
    summary="Take an upload back",
)
async def remove_upload(request: Asked, upload_id: UUID) -> Status[None]:
    """Forget it and its bytes. A file that is in its library already stays there."""
    _speaks_tus(request)
    upload = await Upload.objects.visible_to(request.auth).aget(pk=upload_id)
    await in_thread(uploads.take_back, upload)
    return Status(204, None)


@router.get(
    "/uploads/{uuid:upload_id}/file",
    auth=needs(Scope.READ, Scope.CURATE, own=True, upload_id=Upload),
    response={200: None},
    openapi_extra=_BYTES,
    summary="The file of an upload that was refused",
)
async def get_upload_file(request: Asked, upload_id: UUID) -> FileResponse:
    """What you sent, to look at why it could not be read."""
    upload = await Upload.objects.visible_to(request.auth).aget(pk=upload_id)
    return await in_thread(_download, upload)


def _speaks_tus(request: HttpRequest) -> bool:
    """Whether it is a client of tus that asks. Raises UnknownVersion for one of another."""
    told = request.headers.get("Tus-Resumable")
    if told is not None:
        protocol.check_version(told)
    return told is not None


class _Whole(FileResponse):
    block_size = 256 << 10


def _download(upload: Upload) -> FileResponse:
    # Packed as it is; the browser is to take none of it for something else.
    return _Whole(
        open(uploads.file_of(upload), "rb"),
        as_attachment=True,
        filename=upload.name,
        content_type="application/octet-stream",
        headers={"Content-Encoding": "identity", "Cache-Control": "no-store"},
    )

"""Taking one's own reading away, over the API."""

from django.http import StreamingHttpResponse
from ninja import Router

from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Scope
from library.exports import DESCRIBED, Form, streamed
from reader import exports

router = Router(tags=["export"])


@router.get(
    "/export/progress.{form}",
    auth=needs(Scope.READ, own=True),
    response={200: None},
    openapi_extra=DESCRIBED,
    summary="My progress",
)
async def export_progress(request: Asked, form: Form) -> StreamingHttpResponse:
    """Every place of your own, a line each."""
    return streamed("progress", form, exports.PROGRESS, exports.progress(request.auth))


@router.get(
    "/export/notes.{form}",
    auth=needs(Scope.READ, own=True),
    response={200: None},
    openapi_extra=DESCRIBED,
    summary="My notes",
)
async def export_notes(request: Asked, form: Form) -> StreamingHttpResponse:
    """Every note of your own, a line each; beside which page, and of which chapter."""
    return streamed("notes", form, exports.NOTES, exports.notes(request.auth))


@router.get(
    "/export/lists.{form}",
    auth=needs(Scope.READ, own=True),
    response={200: None},
    openapi_extra=DESCRIBED,
    summary="My lists",
)
async def export_lists(request: Asked, form: Form) -> StreamingHttpResponse:
    """Every entry of your own lists, in order, a line each; a line for a smart list."""
    return streamed("lists", form, exports.LISTS, exports.lists(request.auth))

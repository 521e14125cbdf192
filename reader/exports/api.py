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
    return streamed("progress", form, exports.COLUMNS, exports.progress(request.auth))

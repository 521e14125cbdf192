"""Taking the shelves away, over the API."""

from django.http import StreamingHttpResponse
from ninja import Router

from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Scope
from library.exports import DESCRIBED, Form, shelves, streamed

router = Router(tags=["export"])


@router.get(
    "/export/series.{form}",
    auth=needs(Scope.READ),
    response={200: None},
    openapi_extra=DESCRIBED,
    summary="All series",
)
async def export_series(request: Asked, form: Form) -> StreamingHttpResponse:
    """Every series you may see, a line each: `jsonl`, or `csv` whose cells are no formulas."""
    return streamed("series", form, shelves.SERIES, shelves.series(request.auth))


@router.get(
    "/export/chapters.{form}",
    auth=needs(Scope.READ),
    response={200: None},
    openapi_extra=DESCRIBED,
    summary="All chapters",
)
async def export_chapters(request: Asked, form: Form) -> StreamingHttpResponse:
    """Every chapter you may see, a line each."""
    return streamed("chapters", form, shelves.CHAPTERS, shelves.chapters(request.auth))

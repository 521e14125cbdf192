"""What of a series is here and what is missing, over the API."""

from uuid import UUID

from ninja import Router, Schema
from pydantic import Field

from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Scope
from kiremisu.lib.threads import in_thread
from library import outlines
from library.completeness import Completeness
from library.models import Series


class SetsOut(Schema):
    """Numbers in order, runs of whole ones as "20-22"; "3:1-4" are those of volume 3 in works that
    count anew in each volume. A work of one chapter without a number is "Oneshot"."""

    owned: list[str] = Field(examples=[["1-11", "14-19"]])
    missing: list[str] = Field(examples=[["12", "12.5", "13"]])
    duplicated: list[str] = Field(examples=[["7"]])
    owned_count: int
    missing_count: int
    duplicated_count: int


class CompletenessOut(Schema):
    """`special`: how many files stand beside the count, as extras do. `is_told`: a source says
    what exists; otherwise only what lies between one's own numbers can be missing."""

    chapters: SetsOut
    volumes: SetsOut
    special: int
    is_told: bool


router = Router(tags=["series"])


@router.get(
    "/series/{uuid:series_id}/completeness",
    auth=needs(Scope.READ, series_id=Series),
    response=CompletenessOut,
    summary="What of a series is here",
)
async def get_completeness(request: Asked, series_id: UUID) -> Completeness:
    """Which of its chapters and volumes are here, which exist and are missing, and which are here
    twice, by the numbers in names and by what the matched source lists."""
    found = Series.objects.visible_to(request.auth).only("id", "last_chapter", "last_volume")
    return await in_thread(outlines.of, await found.aget(pk=series_id))

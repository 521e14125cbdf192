"""Where a person is, how they read, and what they find, over the API."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Status

from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Scope
from kiremisu.lib.schemas import Problem, rendered
from kiremisu.lib.threads import in_thread
from library.finding.schemas import SearchWanted
from library.models import Chapter, Series
from reader import answers
from reader.noting import router as noting
from reader.schemas import (
    ChoicesIn,
    PairingIn,
    PairingOut,
    ProgressIn,
    ProgressOut,
    Reading,
    SearchOut,
)
from reader.shapes import Pairing

router = Router()
router.add_router("", noting)


@router.get(
    "/search", auth=needs(Scope.READ), response=SearchOut, tags=["search"], summary="Search"
)
async def find(request: Asked, wanted: Query[SearchWanted]) -> HttpResponse:
    """Series by any of their titles, in any script and with a letter or two wrong; chapters by
    theirs; people, genres and tags by their names; your own notes by their words and tags; pages
    of PDFs by their text. Only what you may see, each with what was found of it."""
    return rendered(await in_thread(answers.found, request.auth, wanted))


@router.get(
    "/chapters/{uuid:chapter_id}/progress",
    auth=needs(Scope.READ, Scope.PROGRESS, own=True, chapter_id=Chapter),
    response={200: ProgressOut, 422: Problem},
    tags=["progress"],
    summary="Where I am in a chapter",
)
async def get_progress(request: Asked, chapter_id: UUID) -> dict[str, Any]:
    """404 when you never opened it."""
    chapter = await (
        Chapter.objects.visible_to(request.auth).select_related("content").aget(pk=chapter_id)
    )
    return await in_thread(answers.place, request.auth, chapter)


@router.put(
    "/chapters/{uuid:chapter_id}/progress",
    auth=needs(Scope.PROGRESS, own=True, chapter_id=Chapter),
    response=ProgressOut,
    tags=["progress"],
    summary="Remember where I am",
)
async def save_progress(request: Asked, chapter_id: UUID, body: ProgressIn) -> dict[str, Any]:
    """The last page finishes the chapter. Answers what is now stored, which may be further on
    another device."""
    chapter = await (
        Chapter.objects.visible_to(request.auth).select_related("content").aget(pk=chapter_id)
    )
    return await in_thread(answers.save_place, request.auth, chapter, body)


@router.delete(
    "/chapters/{uuid:chapter_id}/progress",
    auth=needs(Scope.PROGRESS, own=True, chapter_id=Chapter),
    response={204: None},
    tags=["progress"],
    summary="Forget where I was",
)
async def clear_progress(request: Asked, chapter_id: UUID) -> Status[None]:
    """As if you had never opened it."""
    chapter = await (
        Chapter.objects.visible_to(request.auth).select_related("content").aget(pk=chapter_id)
    )
    await in_thread(answers.forget_place, request.auth, chapter)
    return Status(204, None)


@router.put(
    "/chapters/{uuid:chapter_id}/pairing",
    auth=needs(Scope.PROGRESS, own=True, chapter_id=Chapter),
    response=PairingOut,
    tags=["reading"],
    summary="Correct the pairing of pages",
)
async def save_pairing(request: Asked, chapter_id: UUID, body: PairingIn) -> Pairing:
    """Whether page 1 stands alone, and which pages do; for you, in every file of these pages."""
    chapter = await (
        Chapter.objects.visible_to(request.auth).select_related("content").aget(pk=chapter_id)
    )
    return await in_thread(answers.pair, request.auth, chapter, body)


@router.get(
    "/me/reading",
    auth=needs(Scope.READ, Scope.PROGRESS, own=True),
    response=Reading,
    tags=["reading"],
    summary="How I read",
)
async def get_reading(request: Asked) -> dict[str, Any]:
    """What you chose for yourself, and what it comes to where no series says otherwise."""
    return await in_thread(answers.reading, request.auth)


@router.put(
    "/me/reading",
    auth=needs(Scope.PROGRESS, own=True),
    response=Reading,
    tags=["reading"],
    summary="Change how I read",
)
async def change_reading(request: Asked, body: ChoicesIn) -> dict[str, Any]:
    """What is not named stays; null goes back to the wider scope."""
    choices = body.model_dump(exclude_unset=True)
    return await in_thread(answers.choose, request.auth, None, choices)


@router.get(
    "/series/{uuid:series_id}/reading",
    auth=needs(Scope.READ, Scope.PROGRESS, own=True, series_id=Series),
    response=Reading,
    tags=["reading"],
    summary="How I read a series",
)
async def get_series_reading(request: Asked, series_id: UUID) -> dict[str, Any]:
    """What you chose for this series, what it comes to, and which scope decided each."""
    series = await (
        Series.objects.visible_to(request.auth).select_related("library").aget(pk=series_id)
    )
    return await in_thread(answers.reading, request.auth, series)


@router.put(
    "/series/{uuid:series_id}/reading",
    auth=needs(Scope.PROGRESS, own=True, series_id=Series),
    response=Reading,
    tags=["reading"],
    summary="Change how I read a series",
)
async def change_series_reading(request: Asked, series_id: UUID, body: ChoicesIn) -> dict[str, Any]:
    """What is not named stays; null goes back to the wider scope."""
    series = await (
        Series.objects.visible_to(request.auth).select_related("library").aget(pk=series_id)
    )
    choices = body.model_dump(exclude_unset=True)
    return await in_thread(answers.choose, request.auth, series, choices)

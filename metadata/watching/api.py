"""Watching for new chapters, over the API."""

from typing import Any
from uuid import UUID

from ninja import Body, Query, Router, Status

from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Scope
from kiremisu.jobs.models import Job
from kiremisu.jobs.schemas import JobOut
from kiremisu.lib.schemas import Page, Paging, Problem
from kiremisu.lib.threads import in_thread
from library.models import Library, Series
from metadata.models import Notice
from metadata.watching import checking, news, portable, watches
from metadata.watching.schemas import (
    CarriedList,
    CarriedOut,
    NewsChange,
    NewsOut,
    NewsWanted,
    WatchOut,
    WatchWanted,
)

router = Router(tags=["watching"])


@router.get(
    "/watching",
    auth=needs(Scope.READ, Scope.PROGRESS),
    response=Page[WatchOut],
    summary="What you watch",
)
async def list_watches(request: Asked, wanted: Query[Paging]) -> dict[str, Any]:
    """The series of which you want to hear new chapters, by title, with when each was looked at
    and is next."""
    return await in_thread(news.watched, request.auth, wanted)


@router.get(
    "/watching/export",
    auth=needs(Scope.READ, Scope.PROGRESS),
    response=CarriedOut,
    summary="Take your watch list along",
)
async def export_watches(request: Asked) -> dict[str, Any]:
    """What you watch, each series by the work that it is at MangaDex, to be brought in
    elsewhere."""
    return await in_thread(portable.exported, request.auth)


@router.post(
    "/watching/import",
    auth=needs(Scope.PROGRESS, a_minute=6),
    response={202: JobOut, 404: Problem},
    summary="Bring a watch list in",
)
async def import_watches(request: Asked, body: CarriedList) -> Status[Job]:
    """A job watches what of it is here. Of the rest curators have what MangaDex knows brought into
    a `library`, as series without files."""
    if body.library is not None:
        await Library.objects.visible_to(request.auth).only("id").aget(pk=body.library)
    return Status(202, await in_thread(portable.request, request.auth, body))


@router.put(
    "/series/{uuid:series_id}/watching",
    auth=needs(Scope.PROGRESS, series_id=Series),
    response={200: WatchOut, 409: Problem},
    summary="Watch a series",
)
async def put_watch(
    request: Asked, series_id: UUID, body: Body[WatchWanted | None] = None
) -> dict[str, Any]:
    """Be told of chapters that come from now on, or change of which. Pausing forgets what comes
    meanwhile."""
    series = await Series.objects.visible_to(request.auth).only("id").aget(pk=series_id)
    wanted = body.named() if body else {}
    await in_thread(watches.watch, request.auth, series, **wanted)
    return await in_thread(news.one_watch, request.auth, series)


@router.delete(
    "/series/{uuid:series_id}/watching",
    auth=needs(Scope.PROGRESS, series_id=Series),
    response={204: None},
    summary="Stop watching",
)
async def delete_watch(request: Asked, series_id: UUID) -> Status[None]:
    """You are told of it no more, and what you were told is forgotten."""
    series = await Series.objects.visible_to(request.auth).only("id").aget(pk=series_id)
    await in_thread(watches.unwatch, request.auth, series)
    return Status(204, None)


@router.post(
    "/series/{uuid:series_id}/watching/check",
    auth=needs(Scope.PROGRESS, a_minute=6, series_id=Series),
    response={202: JobOut},
    summary="Check a series now",
)
async def check_now(request: Asked, series_id: UUID) -> Status[Job]:
    """Have its feed looked at soon; where nobody watches it, nothing is looked at."""
    series = await Series.objects.visible_to(request.auth).only("id").aget(pk=series_id)
    return Status(202, await in_thread(checking.check_now, series, request.auth))


@router.get(
    "/watching/chapters",
    auth=needs(Scope.READ, Scope.PROGRESS),
    response=Page[NewsOut],
    summary="New chapters",
)
async def list_news(request: Asked, wanted: Query[NewsWanted]) -> dict[str, Any]:
    """Chapters that are new to you, the newest first: those to be read unless another `state` is
    asked for."""
    return await in_thread(news.told, request.auth, wanted)


@router.patch(
    "/watching/chapters/{uuid:notice_id}",
    auth=needs(Scope.PROGRESS, notice_id=Notice),
    response=NewsOut,
    summary="Read, ignored, or new again",
)
async def change_news(request: Asked, notice_id: UUID, body: NewsChange) -> dict[str, Any]:
    """Say what became of it. What you finish in the library is read by itself."""
    notice = await Notice.objects.visible_to(request.auth).aget(pk=notice_id)
    return await in_thread(news.put, request.auth, notice, body.state)

"""Facts with where they are from, their locks and their history, over the API."""

from typing import Any
from uuid import UUID

from ninja import Query, Router, Status

from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Role, Scope
from kiremisu.jobs import listing
from kiremisu.jobs.models import Job
from kiremisu.jobs.schemas import JobOut
from kiremisu.lib.schemas import Page, Paging, Problem
from kiremisu.lib.threads import in_thread
from library import history, knowing, sheets
from library.history.schemas import FactChangeOut, FactField, FactsOut, UndoWanted
from library.merging import Stood
from library.models import FactChange, Series

router = Router(tags=["series"])


@router.get(
    "/series/{uuid:series_id}/facts",
    auth=needs(Scope.READ, series_id=Series),
    response=FactsOut,
    summary="A series' facts",
)
async def get_facts(request: Asked, series_id: UUID) -> dict[str, Stood]:
    """What is shown of it, by whose word, since when, and whether it is locked."""
    series = await Series.objects.visible_to(request.auth).aget(pk=series_id)
    return sheets.standing(series)


@router.put(
    "/series/{uuid:series_id}/locks/{field}",
    auth=needs(Scope.CURATE, least=Role.CURATOR, series_id=Series),
    response=FactsOut,
    summary="Lock a fact",
)
async def lock_fact(request: Asked, series_id: UUID, field: FactField) -> dict[str, Stood]:
    """No source changes it any more, only people do. What people set is locked by itself. For
    curators."""
    series = await Series.objects.visible_to(request.auth).aget(pk=series_id)
    await in_thread(knowing.lock, series, field)
    return await in_thread(sheets.latest, series_id)


@router.delete(
    "/series/{uuid:series_id}/locks/{field}",
    auth=needs(Scope.CURATE, least=Role.CURATOR, series_id=Series),
    response=FactsOut,
    summary="Unlock a fact",
)
async def unlock_fact(request: Asked, series_id: UUID, field: FactField) -> dict[str, Stood]:
    """What files and providers say is shown again; what people set there is let go, and can be
    brought back by an undo. For curators."""
    series = await Series.objects.visible_to(request.auth).aget(pk=series_id)
    await in_thread(knowing.unlock, series, field)
    return await in_thread(sheets.latest, series_id)


@router.get(
    "/series/{uuid:series_id}/history",
    auth=needs(Scope.READ, least=Role.CURATOR, series_id=Series),
    response=Page[FactChangeOut],
    summary="A series' history",
)
async def list_history(request: Asked, series_id: UUID, wanted: Query[Paging]) -> dict[str, Any]:
    """What became of its facts, the newest first, for good. For curators."""
    series = await Series.objects.visible_to(request.auth).only("id").aget(pk=series_id)
    return await in_thread(history.of_series, request.auth, series, wanted)


@router.post(
    "/series/{uuid:series_id}/history/{uuid:entry_id}/undo",
    auth=needs(Scope.CURATE, least=Role.CURATOR, series_id=Series, entry_id=FactChange),
    response={200: FactChangeOut, 409: Problem},
    summary="Undo a change",
)
async def undo_change(request: Asked, series_id: UUID, entry_id: UUID) -> dict[str, Any]:
    """Its field stands as it did before: value, source and lock. Sources are not asked for it
    again until they say something new. Answers the line of the history that this makes; 409
    when it stands so already. For curators."""
    lines = FactChange.objects.visible_to(request.auth).filter(series=series_id)
    line = await lines.aget(pk=entry_id)
    return history.shown(await in_thread(history.undo, line))


@router.post(
    "/series/{uuid:series_id}/history/undo",
    auth=needs(Scope.CURATE, least=Role.CURATOR, series_id=Series),
    response=FactsOut,
    summary="Undo all changes of a series",
)
async def undo_series(request: Asked, series_id: UUID) -> dict[str, Stood]:
    """All its facts stand as they first did. For curators."""
    series = await Series.objects.visible_to(request.auth).aget(pk=series_id)
    await in_thread(history.undo_all, series)
    return await in_thread(sheets.latest, series_id)


@router.post(
    "/history/undo",
    auth=needs(Scope.CURATE, least=Role.CURATOR, a_minute=30),
    response={202: JobOut},
    summary="Undo a run or a day",
)
async def undo_many(request: Asked, body: UndoWanted) -> Status[Job]:
    """A job takes back what one run changed, or what was changed on one day, of all series you
    may see. What was changed again since then stays as it is. For curators."""
    job = await in_thread(history.request_undo, request.auth, body.run, body.day)
    return Status(202, await in_thread(listing.shown, request.auth, job))

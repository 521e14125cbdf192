"""Lists over the API."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Status

from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Scope
from kiremisu.lib.cursors import DeepPage
from kiremisu.lib.schemas import IfMatch, Page, Paging, Problem, rendered
from kiremisu.lib.threads import in_thread
from library import basing
from library.schemas import SeriesOut
from reader import lists
from reader.lists import answers, entries, holding
from reader.lists.schemas import (
    EntryChange,
    EntryNew,
    EntryOut,
    ListChange,
    ListNew,
    ListOut,
    ListSeriesWanted,
    ListsWanted,
)
from reader.models import List, ListEntry

# By alias, because "and", "or" and "not" of filters are no names in Python.
router = Router(tags=["lists"], by_alias=True)


@router.get(
    "/lists", auth=needs(Scope.READ, Scope.PROGRESS), response=Page[ListOut], summary="Lists"
)
async def list_lists(request: Asked, wanted: Query[ListsWanted]) -> dict[str, Any]:
    """Yours and those that others share with the household, by name."""
    return await in_thread(answers.part_of, request.auth, wanted)


@router.post(
    "/lists",
    auth=needs(Scope.PROGRESS),
    response={201: ListOut, 429: Problem},
    summary="Make a list",
)
async def add_list(request: Asked, body: ListNew) -> Status[dict[str, Any]]:
    """A reading list, which you fill by hand, or with a `filter` a smart list, which fills
    itself: for whoever looks, of what they may see and by what they have read. Its filter may
    ask for reading lists, not for smart ones. You may have 500 lists."""
    return Status(201, await in_thread(answers.make, request.auth, body))


@router.get(
    "/lists/{uuid:list_id}",
    auth=needs(Scope.READ, Scope.PROGRESS, list_id=List),
    response=ListOut,
    summary="One list",
)
async def get_list(request: Asked, list_id: UUID) -> dict[str, Any]:
    """What it is called, whose it is, and how much of a reading list you see."""
    found = await List.objects.visible_to(request.auth).select_related("user").aget(pk=list_id)
    return await in_thread(answers.one, request.auth, found)


@router.patch(
    "/lists/{uuid:list_id}",
    auth=needs(Scope.PROGRESS, by_owner=True, list_id=List),
    response=ListOut,
    summary="Change a list",
)
async def change_list(
    request: Asked, list_id: UUID, body: ListChange, if_match: IfMatch = None
) -> dict[str, Any]:
    """Only for whose it is."""
    found = await List.objects.visible_to(request.auth).aget(pk=list_id)
    known = await in_thread(basing.changed, lists.change, found, if_match, **body.named())
    return await in_thread(answers.one, request.auth, known)


@router.delete(
    "/lists/{uuid:list_id}",
    auth=needs(Scope.PROGRESS, by_owner=True, list_id=List),
    response={204: None},
    summary="Throw a list away",
)
async def remove_list(request: Asked, list_id: UUID) -> Status[None]:
    """For good; what it holds stays. Only for whose it is."""
    found = await List.objects.visible_to(request.auth).aget(pk=list_id)
    await in_thread(lists.remove, found)
    return Status(204, None)


@router.get(
    "/lists/{uuid:list_id}/series",
    auth=needs(Scope.READ, list_id=List),
    response=DeepPage[SeriesOut],
    summary="A list's series",
)
async def list_list_series(
    request: Asked, list_id: UUID, wanted: Query[ListSeriesWanted]
) -> HttpResponse:
    """Of a reading list also the series of its chapters. All that `GET series` takes may narrow
    them further; they come in the list's own order unless `sort` says another."""
    found = await List.objects.visible_to(request.auth).aget(pk=list_id)
    return rendered(await in_thread(holding.series, request.auth, found, wanted))


@router.get(
    "/lists/{uuid:list_id}/entries",
    auth=needs(Scope.READ, Scope.PROGRESS, list_id=List),
    response=Page[EntryOut],
    summary="A reading list's entries",
)
async def list_list_entries(request: Asked, list_id: UUID, paging: Query[Paging]) -> HttpResponse:
    """In order; a smart list has none of its own."""
    found = await List.objects.visible_to(request.auth).aget(pk=list_id)
    return rendered(await in_thread(answers.entries_of, request.auth, found, paging))


@router.post(
    "/lists/{uuid:list_id}/entries",
    auth=needs(Scope.PROGRESS, by_owner=True, list_id=List),
    response={201: EntryOut, 429: Problem},
    summary="Put something into a reading list",
)
async def add_entry(request: Asked, list_id: UUID, body: EntryNew) -> Status[dict[str, Any]]:
    """A series or a chapter, each once (409 otherwise), at the end unless you say where. A list
    holds 10,000 at most. Only for whose it is."""
    found = await List.objects.visible_to(request.auth).select_related("user").aget(pk=list_id)
    return Status(201, await in_thread(answers.add_entry, request.auth, found, body))


@router.get(
    "/lists/{uuid:list_id}/entries/{uuid:entry_id}",
    auth=needs(Scope.READ, Scope.PROGRESS, list_id=List, entry_id=ListEntry),
    response=EntryOut,
    summary="One entry",
)
async def get_entry(request: Asked, list_id: UUID, entry_id: UUID) -> dict[str, Any]:
    """What it is, and where it stands."""
    found = await _entry(request, list_id, entry_id)
    return await in_thread(answers.one_entry, request.auth, found)


@router.patch(
    "/lists/{uuid:list_id}/entries/{uuid:entry_id}",
    auth=needs(Scope.PROGRESS, by_owner=True, list_id=List, entry_id=ListEntry),
    response=EntryOut,
    summary="Move an entry, or note something about it",
)
async def change_entry(
    request: Asked, list_id: UUID, entry_id: UUID, body: EntryChange, if_match: IfMatch = None
) -> dict[str, Any]:
    """To a spot before or after another, or to a position. Only for whose it is."""
    found = await _entry(request, list_id, entry_id)
    known = await in_thread(basing.changed, entries.change, found, if_match, **body.named())
    return await in_thread(answers.one_entry, request.auth, known)


@router.delete(
    "/lists/{uuid:list_id}/entries/{uuid:entry_id}",
    auth=needs(Scope.PROGRESS, by_owner=True, list_id=List, entry_id=ListEntry),
    response={204: None},
    summary="Take an entry off",
)
async def drop_entry(request: Asked, list_id: UUID, entry_id: UUID) -> Status[None]:
    """What it is about stays. Only for whose it is."""
    await in_thread(entries.take_off, await _entry(request, list_id, entry_id))
    return Status(204, None)


async def _entry(request: Asked, list_id: UUID, entry_id: UUID) -> ListEntry:
    found = ListEntry.objects.visible_to(request.auth).filter(list=list_id)
    return await found.select_related("list__user", "series", "chapter__series").aget(pk=entry_id)

"""Notes and bookmarks over the API."""

from typing import Any
from uuid import UUID

from ninja import Query, Router, Status

from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Scope
from kiremisu.lib.cursors import DeepPage
from kiremisu.lib.schemas import Page, Paging, Problem
from kiremisu.lib.threads import in_thread
from library.models import Chapter
from reader import notebook, notes
from reader.models import Note
from reader.schemas import MarkOut, NoteChange, NoteIn, NoteOut, NotesWanted

router = Router()


@router.get(
    "/chapters/{uuid:chapter_id}/bookmarks",
    auth=needs(Scope.READ, Scope.PROGRESS, own=True, chapter_id=Chapter),
    response=list[MarkOut],
    tags=["notes"],
    summary="My bookmarks in a chapter",
)
async def list_bookmarks(request: Asked, chapter_id: UUID) -> list[dict[str, Any]]:
    """By page."""
    chapter = await _chapter(request, chapter_id)
    return await in_thread(notebook.bookmarks, request.auth, chapter)


@router.put(
    "/chapters/{uuid:chapter_id}/bookmarks/{int:page}",
    auth=needs(Scope.PROGRESS, own=True, chapter_id=Chapter),
    response={200: MarkOut, 409: Problem},
    tags=["notes"],
    summary="Bookmark a page",
)
async def add_bookmark(request: Asked, chapter_id: UUID, page: int) -> dict[str, Any]:
    """One that is bookmarked stays as it is."""
    chapter = await _chapter(request, chapter_id)
    return await in_thread(notebook.add_bookmark, request.auth, chapter, page)


@router.delete(
    "/chapters/{uuid:chapter_id}/bookmarks/{int:page}",
    auth=needs(Scope.PROGRESS, own=True, chapter_id=Chapter),
    response={204: None},
    tags=["notes"],
    summary="Take a bookmark off",
)
async def drop_bookmark(request: Asked, chapter_id: UUID, page: int) -> Status[None]:
    """A page without one is no matter."""
    chapter = await _chapter(request, chapter_id)
    await in_thread(notebook.drop_bookmark, request.auth, chapter, page)
    return Status(204, None)


@router.get(
    "/chapters/{uuid:chapter_id}/notes",
    auth=needs(Scope.READ, Scope.PROGRESS, own=True, chapter_id=Chapter),
    response=Page[NoteOut],
    tags=["notes"],
    summary="My notes in a chapter",
)
async def list_chapter_notes(
    request: Asked, chapter_id: UUID, paging: Query[Paging]
) -> dict[str, Any]:
    """By page."""
    chapter = await _chapter(request, chapter_id)
    return await in_thread(notebook.chapter_notes, request.auth, chapter, paging)


@router.post(
    "/chapters/{uuid:chapter_id}/notes",
    auth=needs(Scope.PROGRESS, own=True, chapter_id=Chapter),
    response={201: NoteOut},
    tags=["notes"],
    summary="Write a note beside a page",
)
async def add_note(request: Asked, chapter_id: UUID, body: NoteIn) -> Status[dict[str, Any]]:
    """A page may have several."""
    chapter = await _chapter(request, chapter_id)
    return Status(201, await in_thread(notebook.add_note, request.auth, chapter, body))


@router.get(
    "/notes",
    auth=needs(Scope.READ, Scope.PROGRESS, own=True),
    response=DeepPage[NoteOut],
    tags=["notes"],
    summary="My notes",
)
async def list_notes(request: Asked, wanted: Query[NotesWanted]) -> dict[str, Any]:
    """The newest first."""
    return await in_thread(notebook.list_notes, request.auth, wanted)


@router.get(
    "/notes/{uuid:note_id}",
    auth=needs(Scope.READ, Scope.PROGRESS, own=True, note_id=Note),
    response=NoteOut,
    tags=["notes"],
    summary="One note",
)
async def get_note(request: Asked, note_id: UUID) -> dict[str, Any]:
    """What you wrote, and beside which page."""
    note = await Note.objects.visible_to(request.auth).aget(pk=note_id)
    return await in_thread(notebook.one_note, request.auth, note)


@router.patch(
    "/notes/{uuid:note_id}",
    auth=needs(Scope.PROGRESS, own=True, note_id=Note),
    response=NoteOut,
    tags=["notes"],
    summary="Change a note",
)
async def change_note(request: Asked, note_id: UUID, body: NoteChange) -> dict[str, Any]:
    """What is not named stays."""
    found = Note.objects.visible_to(request.auth).select_related("content")
    note = await found.aget(pk=note_id)
    changes = body.model_dump(exclude_unset=True)
    return await in_thread(notebook.change_note, request.auth, note, changes)


@router.delete(
    "/notes/{uuid:note_id}",
    auth=needs(Scope.PROGRESS, own=True, note_id=Note),
    response={204: None},
    tags=["notes"],
    summary="Erase a note",
)
async def erase_note(request: Asked, note_id: UUID) -> Status[None]:
    """For good."""
    note = await Note.objects.visible_to(request.auth).aget(pk=note_id)
    await in_thread(notes.erase, note)
    return Status(204, None)


async def _chapter(request: Asked, chapter_id: UUID) -> Chapter:
    chapters = Chapter.objects.visible_to(request.auth).select_related("content", "series")
    return await chapters.aget(pk=chapter_id)

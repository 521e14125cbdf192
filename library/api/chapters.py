"""Chapters and their pages over the API."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from kiremisu.accounts import links
from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Role, Scope
from kiremisu.lib.errors import NotThere
from kiremisu.lib.schemas import IfMatch, Problem, rendered
from kiremisu.lib.threads import in_thread
from library import basing, curation, shelving
from library.api.elsewhere import PageWidth, sent_on
from library.models import Chapter
from library.pageout import PageOut
from library.schemas import ChapterChange, ChapterOut

router = Router(tags=["chapters"])


@router.get(
    "/chapters/{uuid:chapter_id}",
    auth=needs(Scope.READ, chapter_id=Chapter),
    response=ChapterOut,
    summary="One chapter",
)
async def get_chapter(request: Asked, chapter_id: UUID) -> dict[str, Any]:
    """What is shown of it, where its file lies, and what keeps it from being read."""
    found = Chapter.objects.visible_to(request.auth).filter(pk=chapter_id)
    return await in_thread(shelving.one_chapter, found)


@router.patch(
    "/chapters/{uuid:chapter_id}",
    auth=needs(Scope.CURATE, least=Role.CURATOR, chapter_id=Chapter),
    response=ChapterOut,
    summary="Change a chapter",
)
async def change_chapter(
    request: Asked, chapter_id: UUID, body: ChapterChange, if_match: IfMatch = None
) -> dict[str, Any]:
    """Set facts by hand; its place in the series follows. For curators."""
    chapter = await Chapter.objects.visible_to(request.auth).aget(pk=chapter_id)
    await in_thread(basing.changed, curation.change_chapter, chapter, if_match, **body.named())
    return await in_thread(shelving.one_chapter, chapter)


@router.get(
    "/chapters/{uuid:chapter_id}/pages",
    auth=needs(Scope.READ, chapter_id=Chapter),
    response={200: list[PageOut], 422: Problem},
    summary="A chapter's pages",
)
async def list_pages(request: Asked, chapter_id: UUID) -> HttpResponse:
    """All of them in order, each with its signed address, and how it looks once that was measured;
    422 when it cannot be read."""
    chapter = await (
        Chapter.objects.visible_to(request.auth)
        .select_related("content__geometries", "library")
        .aget(pk=chapter_id)
    )
    return rendered(await in_thread(shelving.pages, request.auth, chapter))


@router.get(
    "/chapters/{uuid:chapter_id}/pages/{int:number}",
    auth=needs(Scope.READ, chapter_id=Chapter),
    response={302: None},
    summary="One page",
)
async def get_page(
    request: Asked, chapter_id: UUID, number: int, width: PageWidth | None = None
) -> HttpResponse:
    """Sends on to the page's signed address; a `width` scales it down to so many pixels."""
    chapter = await (
        Chapter.objects.visible_to(request.auth).select_related("content").aget(pk=chapter_id)
    )
    if not 1 <= number <= shelving.readable(chapter).page_count:
        raise NotThere("The chapter has no such page.")
    return sent_on(links.page_url(request.auth, chapter.pk, number, width))


@router.get(
    "/chapters/{uuid:chapter_id}/file",
    auth=needs(Scope.READ, chapter_id=Chapter),
    response={302: None},
    summary="The chapter's file",
)
async def get_file(request: Asked, chapter_id: UUID) -> HttpResponse:
    """Sends on to the signed address of the file itself; a folder of images has none."""
    chapter = await Chapter.objects.visible_to(request.auth).aget(pk=chapter_id)
    if chapter.format == "folder":
        raise NotThere("This chapter is a folder of images; there is no one file.")
    return sent_on(links.file_url(request.auth, chapter.pk))

"""Libraries, series and chapters over the API."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from ninja import Body, Query, Router, Status

from kiremisu.accounts import links, rates
from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Scope
from kiremisu.jobs.models import Job
from kiremisu.jobs.schemas import JobOut
from kiremisu.lib.errors import FieldError, Invalid, NotThere
from kiremisu.lib.schemas import Page, Paging, rendered
from kiremisu.lib.threads import in_thread
from library import basing, curation, libraries, scanning, shelving
from library.models import Chapter, Library, Series
from library.schemas import (
    ChapterChange,
    ChapterOut,
    LibraryChange,
    LibraryNew,
    LibraryOut,
    PageOut,
    ScanWanted,
    SearchOut,
    SearchWanted,
    SeriesChange,
    SeriesOut,
    SeriesWanted,
)

router = Router()


@router.get(
    "/libraries",
    auth=needs(Scope.READ),
    response=Page[LibraryOut],
    tags=["libraries"],
    summary="Libraries",
)
async def list_libraries(request: Asked, paging: Query[Paging]) -> HttpResponse:
    """The libraries you may open, by name."""
    return rendered(await in_thread(shelving.libraries, request.auth, paging))


@router.post(
    "/libraries",
    auth=needs(Scope.ADMIN),
    response={201: LibraryOut},
    tags=["libraries"],
    summary="Add a library",
)
async def add_library(request: Asked, body: LibraryNew) -> Status[dict[str, Any]]:
    """Make a folder of the server a library; one that is there already is answered again.
    Nothing is scanned yet. For administrators."""
    curation.check_administers(request.auth)
    library = await in_thread(libraries.add, body.root, body.name, asked_by=request.auth)
    return Status(201, await in_thread(shelving.library, request.auth, library))


@router.get(
    "/libraries/{uuid:library_id}",
    auth=needs(Scope.READ),
    response=LibraryOut,
    tags=["libraries"],
    summary="One library",
)
async def get_library(request: Asked, library_id: UUID) -> dict[str, Any]:
    library = await Library.objects.visible_to(request.auth).aget(pk=library_id)
    return await in_thread(shelving.library, request.auth, library)


@router.patch(
    "/libraries/{uuid:library_id}",
    auth=needs(Scope.ADMIN),
    response=LibraryOut,
    tags=["libraries"],
    summary="Change a library",
)
async def change_library(request: Asked, library_id: UUID, body: LibraryChange) -> dict[str, Any]:
    """Its name, its kind, and whether all may open it. For administrators."""
    library = await Library.objects.visible_to(request.auth).aget(pk=library_id)
    curation.check_administers(request.auth)
    change, base = curation.change_library, request.headers.get("If-Match")
    await in_thread(basing.changed, change, library, base, **body.named())
    return await in_thread(shelving.library, request.auth, library)


@router.delete(
    "/libraries/{uuid:library_id}",
    auth=needs(Scope.ADMIN),
    response={204: None},
    tags=["libraries"],
    summary="Forget a library",
)
async def remove_library(request: Asked, library_id: UUID) -> Status[None]:
    """Forget the library. Its files stay as they are, and people's places too: added again, its
    chapters are where they left them. For administrators."""
    library = await Library.objects.visible_to(request.auth).aget(pk=library_id)
    curation.check_administers(request.auth)
    await in_thread(curation.remove_library, library)
    return Status(204, None)


@router.post(
    "/libraries/{uuid:library_id}/scan",
    auth=needs(Scope.CURATE),
    response={202: JobOut},
    tags=["libraries"],
    summary="Scan a library",
)
async def scan_library(
    request: Asked, library_id: UUID, body: Body[ScanWanted | None] = None
) -> Status[Job]:
    """Bring what is known up to date with the folder. Answers the job; who asks while a scan is
    under way gets that one. For curators."""
    library = await Library.objects.visible_to(request.auth).aget(pk=library_id)
    curation.check_curates(request.auth)
    await in_thread(rates.spend, rates.Bound(("scan", str(request.auth.pk)), 30, 60))
    full = body is not None and body.full
    job = await in_thread(scanning.request, library, asked_by=request.auth, full=full)
    return Status(202, job)


@router.get(
    "/series", auth=needs(Scope.READ), response=Page[SeriesOut], tags=["series"], summary="Series"
)
async def list_series(request: Asked, wanted: Query[SeriesWanted]) -> HttpResponse:
    """The series you may see; `search` wants every one of its words in the title."""
    return rendered(await in_thread(shelving.series, request.auth, wanted))


@router.get(
    "/search", auth=needs(Scope.READ), response=SearchOut, tags=["search"], summary="Search"
)
async def find(request: Asked, wanted: Query[SearchWanted]) -> HttpResponse:
    """Series by any of their titles, in any script and with a letter or two wrong, and chapters
    by their title; only what you may see. Each series says which title was found."""
    return rendered(await in_thread(shelving.found, request.auth, wanted))


@router.get(
    "/series/{uuid:series_id}",
    auth=needs(Scope.READ),
    response=SeriesOut,
    tags=["series"],
    summary="One series",
)
async def get_series(request: Asked, series_id: UUID) -> dict[str, Any]:
    series = await Series.objects.visible_to(request.auth).aget(pk=series_id)
    return await in_thread(shelving.one_series, request.auth, series)


@router.patch(
    "/series/{uuid:series_id}",
    auth=needs(Scope.CURATE),
    response=SeriesOut,
    tags=["series"],
    summary="Change a series",
)
async def change_series(request: Asked, series_id: UUID, body: SeriesChange) -> dict[str, Any]:
    """Set facts by hand. For curators."""
    series = await Series.objects.visible_to(request.auth).aget(pk=series_id)
    curation.check_curates(request.auth)
    change, base = curation.change_series, request.headers.get("If-Match")
    await in_thread(basing.changed, change, series, base, **body.named())
    return await in_thread(shelving.one_series, request.auth, series)


@router.get(
    "/series/{uuid:series_id}/chapters",
    auth=needs(Scope.READ),
    response=Page[ChapterOut],
    tags=["series"],
    summary="A series' chapters",
)
async def list_chapters(request: Asked, series_id: UUID, paging: Query[Paging]) -> HttpResponse:
    """As one reads them, specials last."""
    series = await Series.objects.visible_to(request.auth).aget(pk=series_id)
    return rendered(await in_thread(shelving.chapters, request.auth, series, paging))


@router.get(
    "/series/{uuid:series_id}/cover",
    auth=needs(Scope.READ),
    response={302: None},
    tags=["series"],
    summary="The cover",
)
async def get_cover(request: Asked, series_id: UUID, width: int = 400) -> HttpResponse:
    """Sends on to the signed address of the cover, `width` 200, 400 or 600."""
    _check_width(width, settings.COVER_WIDTHS)
    series = await (
        Series.objects.visible_to(request.auth).select_related("cover").aget(pk=series_id)
    )
    if series.cover is None:
        raise NotThere("This series has no cover yet.")
    return _sent_on(links.cover_url(request.auth, series.cover.key, width))


@router.get(
    "/chapters/{uuid:chapter_id}",
    auth=needs(Scope.READ),
    response=ChapterOut,
    tags=["chapters"],
    summary="One chapter",
)
async def get_chapter(request: Asked, chapter_id: UUID) -> dict[str, Any]:
    chapter = await Chapter.objects.visible_to(request.auth).aget(pk=chapter_id)
    return await in_thread(shelving.one_chapter, chapter)


@router.patch(
    "/chapters/{uuid:chapter_id}",
    auth=needs(Scope.CURATE),
    response=ChapterOut,
    tags=["chapters"],
    summary="Change a chapter",
)
async def change_chapter(request: Asked, chapter_id: UUID, body: ChapterChange) -> dict[str, Any]:
    """Set facts by hand; its place in the series follows. For curators."""
    chapter = await Chapter.objects.visible_to(request.auth).aget(pk=chapter_id)
    curation.check_curates(request.auth)
    change, base = curation.change_chapter, request.headers.get("If-Match")
    await in_thread(basing.changed, change, chapter, base, **body.named())
    return await in_thread(shelving.one_chapter, chapter)


@router.get(
    "/chapters/{uuid:chapter_id}/pages",
    auth=needs(Scope.READ),
    response=list[PageOut],
    tags=["chapters"],
    summary="A chapter's pages",
)
async def list_pages(request: Asked, chapter_id: UUID) -> HttpResponse:
    """All of them in order, each with its signed address; 422 when it cannot be read."""
    chapter = await (
        Chapter.objects.visible_to(request.auth)
        .select_related("content", "library")
        .aget(pk=chapter_id)
    )
    return rendered(await in_thread(shelving.pages, request.auth, chapter))


@router.get(
    "/chapters/{uuid:chapter_id}/pages/{int:number}",
    auth=needs(Scope.READ),
    response={302: None},
    tags=["chapters"],
    summary="One page",
)
async def get_page(
    request: Asked, chapter_id: UUID, number: int, width: int | None = None
) -> HttpResponse:
    """Sends on to the page's signed address; `width` 240, 800, 1200 or 1600 scales it down."""
    if width is not None:
        _check_width(width, settings.PAGE_WIDTHS)
    chapter = await (
        Chapter.objects.visible_to(request.auth).select_related("content").aget(pk=chapter_id)
    )
    if not 1 <= number <= shelving.readable(chapter).page_count:
        raise NotThere("The chapter has no such page.")
    return _sent_on(links.page_url(request.auth, chapter.pk, number, width))


@router.get(
    "/chapters/{uuid:chapter_id}/file",
    auth=needs(Scope.READ),
    response={302: None},
    tags=["chapters"],
    summary="The chapter's file",
)
async def get_file(request: Asked, chapter_id: UUID) -> HttpResponse:
    """Sends on to the signed address of the file itself; a folder of images has none."""
    chapter = await Chapter.objects.visible_to(request.auth).aget(pk=chapter_id)
    if chapter.format == "folder":
        raise NotThere("This chapter is a folder of images; there is no one file.")
    return _sent_on(links.file_url(request.auth, chapter.pk))


def _check_width(width: int, widths: tuple[int, ...]) -> None:
    if width not in widths:
        wrong = FieldError("width", f"One of {', '.join(map(str, widths))}.")
        raise Invalid("There is no such width.", errors=(wrong,))


def _sent_on(address: str) -> HttpResponse:
    # The link is one reader's own and changes by the week: nobody may keep the way to it.
    return HttpResponseRedirect(address, headers={"Cache-Control": "no-store"})

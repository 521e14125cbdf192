"""Series over the API."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Status

from kiremisu.accounts import links
from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Role, Scope
from kiremisu.lib.cursors import Deep, DeepPage
from kiremisu.lib.errors import NotThere
from kiremisu.lib.schemas import IfMatch, Problem, rendered
from kiremisu.lib.threads import in_thread
from library import adding, basing, browsing, curation, facets, picking, shelving
from library.api.elsewhere import CoverWidth, sent_on
from library.counts import FacetsOut
from library.models import Chapter, Library, Series
from library.schemas import (
    ChapterOut,
    CoverPicked,
    SeriesChange,
    SeriesDetailOut,
    SeriesNarrowed,
    SeriesNew,
    SeriesOut,
    SeriesWanted,
)

router = Router(tags=["series"])


@router.get("/series", auth=needs(Scope.READ), response=DeepPage[SeriesOut], summary="Series")
async def list_series(request: Asked, wanted: Query[SeriesWanted]) -> HttpResponse:
    """The series you may see; `search` wants every one of its words in the title."""
    return rendered(await in_thread(browsing.series, request.auth, wanted))


@router.get("/series/facets", auth=needs(Scope.READ), response=FacetsOut, summary="Series, counted")
async def count_facets(request: Asked, wanted: Query[SeriesNarrowed]) -> HttpResponse:
    """How many of the series that a list with the same parameters shows there are of each kind."""
    return rendered(await in_thread(facets.facets, request.auth, wanted))


@router.get(
    "/series/{uuid:series_id}",
    auth=needs(Scope.READ, series_id=Series),
    response=SeriesDetailOut,
    summary="One series",
)
async def get_series(request: Asked, series_id: UUID) -> dict[str, Any]:
    """What is shown of it, and how much of it is here."""
    found = Series.objects.visible_to(request.auth).filter(pk=series_id)
    return await in_thread(shelving.one_series, request.auth, found)


@router.patch(
    "/series/{uuid:series_id}",
    auth=needs(Scope.CURATE, least=Role.CURATOR, series_id=Series),
    response=SeriesDetailOut,
    summary="Change a series",
)
async def change_series(
    request: Asked, series_id: UUID, body: SeriesChange, if_match: IfMatch = None
) -> dict[str, Any]:
    """Set facts by hand. For curators."""
    series = await Series.objects.visible_to(request.auth).aget(pk=series_id)
    await in_thread(basing.changed, curation.change_series, series, if_match, **body.named())
    return await in_thread(shelving.one_series, request.auth, series)


@router.get(
    "/series/{uuid:series_id}/chapters",
    auth=needs(Scope.READ, series_id=Series),
    response=DeepPage[ChapterOut],
    summary="A series' chapters",
)
async def list_chapters(request: Asked, series_id: UUID, wanted: Query[Deep]) -> HttpResponse:
    """As one reads them, specials last."""
    series = await Series.objects.visible_to(request.auth).only("id").aget(pk=series_id)
    return rendered(await in_thread(shelving.chapters, request.auth, series, wanted))


@router.get(
    "/series/{uuid:series_id}/cover",
    auth=needs(Scope.READ, series_id=Series),
    response={302: None},
    summary="The cover",
)
async def get_cover(request: Asked, series_id: UUID, width: CoverWidth = 400) -> HttpResponse:
    """Sends on to the signed address of the cover, so many pixels wide."""
    series = await (
        Series.objects.visible_to(request.auth).select_related("cover").aget(pk=series_id)
    )
    if series.picture is None:
        raise NotThere("This series has no cover yet.")
    return sent_on(links.cover_url(request.auth, series.picture.key, width))


@router.put(
    "/series/{uuid:series_id}/cover",
    auth=needs(Scope.CURATE, least=Role.CURATOR, series_id=Series),
    response=SeriesDetailOut,
    summary="Pick a cover",
)
async def pick_cover(request: Asked, series_id: UUID, body: CoverPicked) -> dict[str, Any]:
    """A page of one of its chapters, which no scan changes; without a chapter a picture beside its
    files or the first page that can be shown, as before. Its address and `tint` follow. For
    curators."""
    series = await Series.objects.visible_to(request.auth).aget(pk=series_id)
    if body.chapter is None:
        await in_thread(picking.unpick, series)
    else:
        inside = Chapter.objects.visible_to(request.auth).filter(series=series_id)
        chapter = await inside.select_related("content").aget(pk=body.chapter)
        await in_thread(picking.pick, series, chapter, body.page)
    return await in_thread(shelving.one_series, request.auth, series)


@router.post(
    "/series",
    auth=needs(Scope.CURATE, least=Role.CURATOR),
    response={201: SeriesDetailOut, 404: Problem, 502: Problem, 503: Problem},
    summary="Add a series",
)
async def add_series(request: Asked, body: SeriesNew) -> Status[dict[str, Any]]:
    """A series of which there are no files yet. When some of that name, or of another of its
    titles, come into its library, a scan puts them into it. 409 when the library has it. With a
    `provider` it is matched from the start. For curators."""
    library = await Library.objects.visible_to(request.auth).aget(pk=body.library)
    facts = body.model_dump(exclude_unset=True, exclude={"library"})
    series = await in_thread(adding.add, request.auth, library, **facts)
    return Status(201, await in_thread(shelving.one_series, request.auth, series))


@router.delete(
    "/series/{uuid:series_id}",
    auth=needs(Scope.CURATE, least=Role.CURATOR, series_id=Series),
    response={204: None},
    summary="Hide a series",
)
async def hide_series(request: Asked, series_id: UUID) -> Status[None]:
    """It is gone with its chapters for everybody, and no scan brings it back. Its files stay as
    they are, and people's places too; for 30 days it can be restored. For curators."""
    series = await Series.objects.visible_to(request.auth).aget(pk=series_id)
    await in_thread(curation.hide_series, series)
    return Status(204, None)


@router.post(
    "/series/{uuid:series_id}/restore",
    auth=needs(Scope.CURATE, least=Role.CURATOR, series_id=Series),
    response={200: SeriesDetailOut, 409: Problem, 410: Problem},
    summary="Restore a series",
)
async def restore_series(request: Asked, series_id: UUID) -> dict[str, Any]:
    """Show a hidden series again, within 30 days; 410 after that, 409 when it was merged into
    another. For curators."""
    series = await in_thread(curation.restore_series, request.auth, series_id)
    return await in_thread(shelving.one_series, request.auth, series)

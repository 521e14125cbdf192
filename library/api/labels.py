"""Genres, tags and people over the API."""

from django.http import HttpResponse
from ninja import Query, Router

from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Scope
from kiremisu.lib.schemas import Page, rendered
from kiremisu.lib.threads import in_thread
from library import labels
from library.schemas import LabelsWanted, PersonOut, TagOut, TagsWanted

router = Router(tags=["series"])


@router.get("/tags", auth=needs(Scope.READ), response=Page[TagOut], summary="Genres and tags")
async def list_tags(request: Asked, wanted: Query[TagsWanted]) -> HttpResponse:
    """Those that series have which you may see, by name."""
    return rendered(await in_thread(labels.tags, request.auth, wanted))


@router.get("/people", auth=needs(Scope.READ), response=Page[PersonOut], summary="People")
async def list_people(request: Asked, wanted: Query[LabelsWanted]) -> HttpResponse:
    """Those who had a part in series that you may see, by name."""
    return rendered(await in_thread(labels.people, request.auth, wanted))

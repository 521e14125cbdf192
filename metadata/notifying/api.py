"""How one is told of new chapters, over the API."""

from typing import Any

from django.urls import reverse
from ninja import Router, Status

from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Scope
from kiremisu.lib.threads import in_thread
from metadata.notifying import standing
from metadata.notifying.schemas import FeedMade, NotificationsOut
from metadata.watching import subscribing

router = Router(tags=["notifications"])


@router.get(
    "/notifications",
    auth=needs(Scope.READ, Scope.PROGRESS, own=True),
    response=NotificationsOut,
    summary="How you are told",
)
async def show_notifications(request: Asked) -> dict[str, Any]:
    """How many new chapters wait for you (`watching/chapters` lists them), and where you hear of
    them besides the pages."""
    return await in_thread(standing.of, request.auth)


@router.post(
    "/notifications/feed",
    auth=needs(Scope.ADMIN, own=True),
    response={201: FeedMade},
    summary="Make an address for feed readers",
)
async def make_feed(request: Asked) -> Status[dict[str, Any]]:
    """What is new to you, to be read at this address by whoever knows it. It is answered this
    once; the one before is dead."""
    text = await in_thread(subscribing.subscribe, request.auth)
    told: dict[str, Any] = {
        kind: request.build_absolute_uri(reverse("feed", args=[text, kind]))
        for kind in subscribing.KINDS
    }
    made = await in_thread(subscribing.subscription, request.auth)
    return Status(201, told | {"created": made.created if made else None})


@router.delete(
    "/notifications/feed",
    auth=needs(Scope.ADMIN, own=True),
    response={204: None},
    summary="End the address for feed readers",
)
async def end_feed(request: Asked) -> Status[None]:
    """It tells nothing from now on. No matter if there is none."""
    await in_thread(subscribing.unsubscribe, request.auth)
    return Status(204, None)

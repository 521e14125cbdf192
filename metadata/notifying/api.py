"""How one is told of new chapters, over the API."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from ninja import Router, Status

from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Scope
from kiremisu.jobs.models import Job
from kiremisu.jobs.schemas import JobOut
from kiremisu.lib.schemas import Problem
from kiremisu.lib.threads import in_thread
from metadata.models import Channel
from metadata.notifying import channels, standing
from metadata.notifying.schemas import (
    ChannelChange,
    ChannelNew,
    ChannelOut,
    FeedMade,
    NotificationsOut,
)
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


@router.post(
    "/notifications/channels",
    auth=needs(Scope.ADMIN, own=True),
    response={201: ChannelOut, 409: Problem, 429: Problem},
    summary="Add a channel",
)
async def add_channel(request: Asked, body: ChannelNew) -> Status[Channel]:
    """Have new chapters told over an Apprise URL, too: of a service whose host is fixed, or of
    a host that this server allows. What is found together is one message. 10 channels a person."""
    return Status(201, await in_thread(channels.make, request.auth, body.name, body.url))


@router.patch(
    "/notifications/channels/{uuid:channel_id}",
    auth=needs(Scope.ADMIN, own=True, channel_id=Channel),
    response={200: ChannelOut, 409: Problem},
    summary="Change a channel",
)
async def change_channel(request: Asked, channel_id: UUID, body: ChannelChange) -> Channel:
    """Name it anew, pause it, or have it lead elsewhere."""
    channel = await Channel.objects.visible_to(request.auth).aget(pk=channel_id)
    return await in_thread(channels.change, channel, **body.named())


@router.delete(
    "/notifications/channels/{uuid:channel_id}",
    auth=needs(Scope.ADMIN, own=True, channel_id=Channel),
    response={204: None},
    summary="Remove a channel",
)
async def remove_channel(request: Asked, channel_id: UUID) -> Status[None]:
    """Nothing is sent there any more, and its URL is forgotten."""
    channel = await Channel.objects.visible_to(request.auth).aget(pk=channel_id)
    await in_thread(channels.remove, channel)
    return Status(204, None)


@router.post(
    "/notifications/channels/{uuid:channel_id}/test",
    auth=needs(Scope.ADMIN, own=True, a_minute=6, channel_id=Channel),
    response={202: JobOut},
    summary="Try a channel out",
)
async def try_channel(request: Asked, channel_id: UUID) -> Status[Job]:
    """A job sends one message there; its own says what came of it."""
    channel = await Channel.objects.visible_to(request.auth).aget(pk=channel_id)
    return Status(202, await in_thread(channels.try_out, channel, request.auth))

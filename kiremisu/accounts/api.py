"""Signing in and out, who I am, and what this server is."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from ninja import Query, Router, Status

from kiremisu.accounts import keys, people, tickets, tokens
from kiremisu.accounts.addresses import address_of
from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import ApiKey, Scope, User
from kiremisu.accounts.schemas import (
    Credentials,
    KeyMade,
    KeyNew,
    KeyOut,
    Me,
    MeChange,
    Refresh,
    Server,
    SigningOut,
    TicketOut,
    Tokens,
)
from kiremisu.accounts.tokens import Pair
from kiremisu.lib.schemas import Page, Paging, Problem
from kiremisu.lib.threads import in_thread

router = Router()


@router.post(
    "/auth/token",
    auth=None,
    response={200: Tokens, 401: Problem, 429: Problem},
    tags=["auth"],
    summary="Sign in",
)
async def sign_in(request: HttpRequest, body: Credentials) -> Pair:
    """A pair of tokens for a name and its password; 429 after too many wrong ones."""
    address = address_of(request)
    return await in_thread(tokens.issue, body.username, body.password, address)


@router.post(
    "/auth/token/refresh",
    auth=None,
    response={200: Tokens, 401: Problem},
    tags=["auth"],
    summary="Renew a token",
)
async def renew(request: HttpRequest, body: Refresh) -> Pair:
    """The next pair for a refresh token, which works once."""
    return await in_thread(tokens.renew, body.refresh)


@router.post(
    "/auth/logout",
    auth=needs(Scope.ADMIN, own=True),
    response={204: None},
    tags=["auth"],
    summary="Sign out",
)
async def sign_out(request: Asked, body: SigningOut) -> Status[None]:
    """End the session, where there is one, and kill the refresh token that is given; or end
    everything but your API keys."""
    if body.everywhere:
        await in_thread(people.sign_out_everywhere, request.auth)
    if body.refresh is not None:
        await in_thread(tokens.revoke, body.refresh)
    await in_thread(logout, request)
    return Status(204, None)


@router.post(
    "/auth/ticket",
    auth=needs(Scope.READ, own=True, a_minute=60),
    response={201: TicketOut},
    tags=["auth"],
    summary="A ticket for a WebSocket",
)
async def make_ticket(request: Asked) -> Status[dict[str, Any]]:
    """Opens `/ws/events?ticket=…` once, within 30 seconds, for programs that can give a
    WebSocket neither a header nor the session cookie. 60 a minute."""
    ticket = await in_thread(tickets.issue, request.auth)
    return Status(201, {"ticket": ticket, "seconds": tickets.SECONDS})


@router.get(
    "/auth/keys",
    auth=needs(Scope.ADMIN, own=True),
    response=Page[KeyOut],
    tags=["auth"],
    summary="My API keys",
)
async def list_keys(request: Asked, paging: Query[Paging]) -> dict[str, Any]:
    """The newest first; of each, how it begins."""
    return await in_thread(keys.part_of, request.auth, paging)


@router.post(
    "/auth/keys",
    auth=needs(Scope.ADMIN, own=True),
    response={201: KeyMade, 429: Problem},
    tags=["auth"],
    summary="Make an API key",
)
async def make_key(request: Asked, body: KeyNew) -> Status[dict[str, Any]]:
    """A key for a program, to be sent as `X-API-Key`. Its text is answered this once. 50 keys
    a person."""
    key, text = await in_thread(keys.make, request.auth, body.name, body.scopes, body.expires)
    return Status(201, KeyOut.from_orm(key).model_dump() | {"key": text})


@router.delete(
    "/auth/keys/{uuid:key_id}",
    auth=needs(Scope.ADMIN, own=True, key_id=ApiKey),
    response={204: None},
    tags=["auth"],
    summary="Revoke an API key",
)
async def revoke_key(request: Asked, key_id: UUID) -> Status[None]:
    """It opens nothing from now on; your signed links end and have to be asked for again."""
    key = await ApiKey.objects.visible_to(request.auth).select_related("user").aget(pk=key_id)
    await in_thread(keys.revoke, key)
    return Status(204, None)


@router.get(
    "/me",
    auth=needs(Scope.READ, Scope.PROGRESS, own=True),
    response=Me,
    tags=["me"],
    summary="Who I am",
)
async def me(request: Asked) -> User:
    """The account behind these credentials."""
    return request.auth


@router.patch(
    "/me", auth=needs(Scope.ADMIN, own=True), response=Me, tags=["me"], summary="Change my account"
)
async def change_me(request: Asked, body: MeChange) -> User:
    """Change the e-mail address or the password; a new password ends all other sign-ins."""
    return await in_thread(people.change, request.auth, **body.model_dump())


@router.get(
    "/server",
    auth=needs(Scope.READ, Scope.PROGRESS),
    response=Server,
    tags=["server"],
    summary="What this server is",
)
async def server(request: Asked) -> dict[str, object]:
    """Version, features and limits."""
    return {
        "name": "KireMisu",
        "version": settings.VERSION,
        "features": settings.FEATURES,
        "limits": {
            "body": settings.BODY_LIMIT,
            "per_page": settings.PER_PAGE_MOST,
            "batch": settings.BATCH_MOST,
            "keys": keys.MOST,
            "upload": settings.UPLOAD_LIMIT,
            "upload_quota": settings.UPLOAD_QUOTA,
            "uploads": settings.UPLOADS_EACH,
            "event_streams": settings.EVENT_STREAMS_EACH,
            "cover_widths": settings.COVER_WIDTHS,
            "page_widths": settings.PAGE_WIDTHS,
        },
    }

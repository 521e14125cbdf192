"""Signing in and out, who I am, and what this server is."""

from django.conf import settings
from django.contrib.auth import alogout
from django.http import HttpRequest
from ninja import Router, Status

from kiremisu.accounts import people, tokens
from kiremisu.accounts.askers import Asked
from kiremisu.accounts.models import User
from kiremisu.accounts.schemas import Credentials, Me, MeChange, Refresh, Server, SigningOut, Tokens
from kiremisu.accounts.tokens import Pair
from kiremisu.lib.threads import in_thread

router = Router()


@router.post("/auth/token", auth=None, response=Tokens, tags=["auth"], summary="Sign in")
async def sign_in(request: HttpRequest, body: Credentials) -> Pair:
    """A pair of tokens for a name and its password; 429 after too many wrong ones."""
    address = request.META.get("REMOTE_ADDR", "")
    return await in_thread(tokens.issue, body.username, body.password, address)


@router.post(
    "/auth/token/refresh", auth=None, response=Tokens, tags=["auth"], summary="Renew a token"
)
async def renew(request: HttpRequest, body: Refresh) -> Pair:
    """The next pair for a refresh token, which works once."""
    return await in_thread(tokens.renew, body.refresh)


@router.post("/auth/logout", response={204: None}, tags=["auth"], summary="Sign out")
async def sign_out(request: Asked, body: SigningOut) -> Status[None]:
    """End the session, where there is one, and kill the refresh token that is given."""
    if body.refresh is not None:
        await in_thread(tokens.revoke, body.refresh)
    await alogout(request)
    return Status(204, None)


@router.get("/me", response=Me, tags=["me"], summary="Who I am")
async def me(request: Asked) -> User:
    """The account behind these credentials."""
    return request.auth


@router.patch("/me", response=Me, tags=["me"], summary="Change my account")
async def change_me(request: Asked, body: MeChange) -> User:
    """Change the e-mail address or the password; a new password ends all other sign-ins."""
    return await in_thread(people.change, request.auth, **body.model_dump())


@router.get("/server", response=Server, tags=["server"], summary="What this server is")
async def server(request: Asked) -> dict[str, object]:
    """Version, features and limits."""
    return {
        "name": "KireMisu",
        "version": settings.VERSION,
        "features": settings.FEATURES,
        "limits": {"body": settings.BODY_LIMIT, "per_page": settings.PER_PAGE_MOST},
    }

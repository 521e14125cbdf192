"""Who is asking the API: a bearer token, an API key, or the session cookie of the web pages.

Each operation says `auth=needs(Scope.…)`: which scope opens it for a key, and what else it
declares of who may call it (`kiremisu.accounts.needs`).
"""

from collections.abc import Callable
from typing import Any, override

from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.db.models import Model
from django.http import HttpRequest
from ninja.security import APIKeyCookie, APIKeyHeader, HttpBearer
from ninja.utils import check_csrf

from kiremisu.accounts import keys, tokens
from kiremisu.accounts.models import Role, Scope, User
from kiremisu.accounts.needs import Need
from kiremisu.lib.errors import Forbidden
from kiremisu.lib.threads import in_thread

SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}


class Asked(HttpRequest):
    """A request whose asker is known."""

    auth: User


class Bearer(HttpBearer):
    """`Authorization: Bearer <access token>`. A token that is no good ends the matter: no
    other credential is tried."""

    def __init__(self, need: Need) -> None:
        super().__init__()
        self.need = need

    @override
    async def authenticate(self, request: HttpRequest, token: str) -> User | None:
        return await self.need.admit(request, await in_thread(tokens.bearer, token))


class Key(APIKeyHeader):
    """`X-API-Key: <key>`, one that has a scope the operation wants. A key that is no good ends
    the matter, too."""

    param_name = "X-API-Key"

    def __init__(self, need: Need) -> None:
        super().__init__()
        self.need = need

    @override
    async def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        if key is None:
            return None
        return await self.need.admit(request, await in_thread(self._owner, key))

    def _owner(self, text: str) -> User:
        key = keys.bearer(text)
        keys.check_scope(key, self.need.scopes)
        return key.user


class Session(APIKeyCookie):
    """The session cookie; what changes something must carry the CSRF token as well."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self, need: Need) -> None:
        super().__init__()
        self.need = need

    @override
    async def __call__(self, request: HttpRequest) -> User | None:
        if self.param_name not in request.COOKIES:
            return None
        return await self.authenticate(request, request.COOKIES[self.param_name])

    @override
    async def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        user = await in_thread(get_user, request)
        if not isinstance(user, User):
            return None
        if request.method not in SAFE and check_csrf(request):
            raise Forbidden("The CSRF token is missing or wrong.", code="csrf_failed")
        return await self.need.admit(request, user)


def needs(
    *scopes: Scope,
    least: Role = Role.READER,
    own: bool = False,
    or_by: str = "",
    by_owner: bool = False,
    a_minute: int = 0,
    **reaches: type[Model],
) -> list[Callable[..., Any]]:
    """Who may call an operation: see `Need`. Each id in its path is named with its model."""
    need = Need(scopes, least, own, or_by, by_owner, a_minute, reaches)
    return [Bearer(need), Key(need), Session(need)]

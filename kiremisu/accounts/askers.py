"""Who is asking the API: a bearer token, or the session cookie of the web pages."""

from typing import override

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from kiremisu.accounts import tokens
from kiremisu.accounts.models import User
from kiremisu.lib.errors import Forbidden
from kiremisu.lib.threads import in_thread

SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}


class Asked(HttpRequest):
    """A request whose asker is known."""

    auth: User


class Bearer(HttpBearer):
    """`Authorization: Bearer <access token>`. A token that is no good ends the matter: no
    other credential is tried."""

    @override
    async def authenticate(self, request: HttpRequest, token: str) -> User | None:
        return await in_thread(tokens.bearer, token)


class Session(APIKeyCookie):
    """The session cookie; what changes something must carry the CSRF token as well."""

    param_name = settings.SESSION_COOKIE_NAME

    @override
    async def __call__(self, request: HttpRequest) -> User | None:
        if self.param_name not in request.COOKIES:
            return None
        return await self.authenticate(request, request.COOKIES[self.param_name])

    @override
    async def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        user = await request.auser()
        if not isinstance(user, User):
            return None
        if request.method not in SAFE and check_csrf(request):
            raise Forbidden("The CSRF token is missing or wrong.", code="csrf_failed")
        return user

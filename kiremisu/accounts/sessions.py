"""Who asks, where there is no Django request: from a request's headers alone."""

import io
from collections.abc import Mapping

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest
from django.http.cookie import parse_cookie
from ninja.utils import check_csrf

from kiremisu.accounts import keys, tokens
from kiremisu.accounts.models import Scope, User
from kiremisu.lib import asgi
from kiremisu.lib.asgi import Headers
from kiremisu.lib.errors import Forbidden, Unauthenticated


def user_of(headers: Headers, needed: Scope = Scope.READ) -> User | None:
    """The active user behind a bearer token, an API key or the session cookie; None where
    nobody is.

    Where a token or key is sent it decides alone, as everywhere in the API. Raises Forbidden
    when the key lacks the scope.
    """
    sent = _sent(headers)
    if (token := _token(sent)) is not None:
        try:
            return tokens.bearer(token)
        except Unauthenticated:
            return None
    if b"x-api-key" in sent:
        return _of_key(sent[b"x-api-key"], needed)
    key = _session_key(sent)
    return _of_session(key) if key else None


def changer_of(scope: asgi.Scope, needed: Scope) -> User:
    """Who asks for a change: over the session cookie alone only with the CSRF token.

    Raises Unauthenticated, and Forbidden also without that token.
    """
    user = user_of(scope["headers"], needed)
    if user is None:
        raise Unauthenticated
    if is_by_cookie(scope["headers"]) and check_csrf(_without_body(scope)):
        raise Forbidden("The CSRF token is missing or wrong.", code="csrf_failed")
    return user


def is_by_cookie(headers: Headers) -> bool:
    """Whether the session cookie is what says who asks: any page can have a browser send it."""
    sent = _sent(headers)
    is_other = _token(sent) is not None or b"x-api-key" in sent
    return not is_other and _session_key(sent) is not None


def _sent(headers: Headers) -> dict[bytes, str]:
    return {name.lower(): value.decode("latin-1") for name, value in headers}


def _token(sent: Mapping[bytes, str]) -> str | None:
    scheme, _, token = sent.get(b"authorization", "").partition(" ")
    return token.strip() if scheme.casefold() == "bearer" else None


def _session_key(sent: Mapping[bytes, str]) -> str | None:
    return parse_cookie(sent.get(b"cookie", "")).get(settings.SESSION_COOKIE_NAME)


def _without_body(scope: asgi.Scope) -> HttpRequest:
    """The request as Django sees it, but that no form is looked for in its body."""
    headers = [pair for pair in scope["headers"] if not pair[0].startswith(b"content-")]
    return ASGIRequest({**scope, "headers": headers}, io.BytesIO())


def _of_session(key: str) -> User | None:
    request = HttpRequest()
    request.session = SessionStore(key)
    user = get_user(request)
    return user if isinstance(user, User) else None


def _of_key(text: str, needed: Scope) -> User | None:
    try:
        key = keys.bearer(text)
    except Unauthenticated:
        return None
    keys.check_scope(key, [needed])
    return key.user

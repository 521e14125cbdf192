"""The headers that every answer has, whoever gives it."""

from collections.abc import Iterable

from django.conf import settings

from kiremisu.lib.asgi import Scope, header

type Header = tuple[bytes, bytes]

# For what says nothing of its own: Django's pages say more, pages of books forbid more.
_ALWAYS: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"content-security-policy", b"frame-ancestors 'none'"),
    (b"x-frame-options", b"DENY"),
)


def guarded(headers: Iterable[Header], scope: Scope) -> list[Header]:
    """These headers, and those without which a browser would do more with an answer than read
    it: guess its type, frame it, tell other sites of it. By https, that it comes by https only."""
    given = list(headers)
    known = {name.lower() for name, _ in given}
    wanted = (*_ALWAYS, *_only_by_https(scope))
    return [*given, *(one for one in wanted if one[0] not in known)]


def _only_by_https(scope: Scope) -> tuple[Header, ...]:
    seconds = settings.SECURE_HSTS_SECONDS
    if not seconds or not _came_by_https(scope):
        return ()
    return ((b"strict-transport-security", b"max-age=%d" % seconds),)


def _came_by_https(scope: Scope) -> bool:
    """As Django decides it for its own pages."""
    if settings.SECURE_PROXY_SSL_HEADER and (told := header(scope, b"x-forwarded-proto")):
        return told.split(",")[0].strip() == settings.SECURE_PROXY_SSL_HEADER[1]
    return bool(scope.get("scheme") == "https")

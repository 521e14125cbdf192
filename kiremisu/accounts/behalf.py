"""On whose behalf a request works, for whoever writes down what is done."""

from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from kiremisu.accounts.addresses import address_of
from kiremisu.accounts.models import User

_asking: ContextVar[HttpRequest | None] = ContextVar("asking", default=None)


def middleware(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Remembers the request while it is answered, in the threads it crosses too."""

    def ask(request: HttpRequest) -> HttpResponseBase:
        before = _asking.set(request)
        try:
            return get_response(request)
        finally:
            _asking.reset(before)

    return ask


def whose() -> tuple[User | None, str]:
    """Who asks, and from which address; nobody and nowhere outside of requests."""
    request = _asking.get()
    if request is None:
        return None, ""
    asker = getattr(request, "auth", None) or request.user
    return asker if isinstance(asker, User) else None, address_of(request)

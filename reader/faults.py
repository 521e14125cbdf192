"""What a page says when it cannot be shown: refusals, and what broke."""

import sys
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

from kiremisu.lib.errors import Refused, status_of
from kiremisu.lib.postgres.away import AWAY, DatabaseAway

_SENTENCES = {
    400: (
        "This request cannot be understood",
        "Something in it is not as it should be. Go back and try again.",
    ),
    403: (
        "You may not do this",
        "Your account may see this, but not change it. Whoever runs this server can let you.",
    ),
    404: ("There is nothing here", "It is not there any more, or it is not yours to see."),
    500: (
        "Something broke on our side",
        "The error is in the server’s log under the number below. Everything else still works.",
    ),
}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - so Django calls it
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - so Django calls it
    return _page(request, 403)


def not_there(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - so Django calls it
    return _page(request, 404)


@requires_csrf_token
def broken(request: HttpRequest) -> HttpResponse:
    if not isinstance(sys.exception(), AWAY):
        return _page(request, 500)
    away = DatabaseAway()
    # Without the request: who has signed in stands in the database.
    facts = {"title": away.title, "words": away.detail, "request_id": _request_id(request)}
    page = HttpResponse(render_to_string("fault.html", facts), status=status_of(away))
    page["Retry-After"] = str(away.retry_after)
    return page


@requires_csrf_token
def old_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - as above
    """A form without the token that only our own pages carry."""
    words = "It was opened too long ago, or before you signed in. Go back, reload, send it again."
    return _page(request, 403, "This form is too old", words)


class Refusals:
    """A middleware: what a verb refuses a page's request is answered as a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # No address of ours has a NUL, and no database takes one: the desk's filters would break.
        if "%00" in request.META["QUERY_STRING"] and not request.path.startswith("/api/"):
            return _page(request, 400)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused) or request.path.startswith("/api/"):
            return None
        return _page(request, status_of(error), error.title, error.detail)


def _page(request: HttpRequest, status: int, title: str = "", words: str = "") -> HttpResponse:
    usual = _SENTENCES[status if status in _SENTENCES else 400]
    facts = {
        "title": title or usual[0],
        "words": words or usual[1],
        "request_id": _request_id(request),
    }
    return render(request, "fault.html", facts, status=status)


def _request_id(request: HttpRequest) -> str:
    """Under which the log holds this request."""
    known = structlog.contextvars.get_contextvars().get("request_id")
    return str(known or getattr(request, "request_id", "") or uuid4().hex)

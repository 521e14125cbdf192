"""Every error below /api as application/problem+json, whoever raised it."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import structlog
from django.core.exceptions import (
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from ninja import NinjaAPI
from ninja.errors import HttpError, Throttled, ValidationError
from rest_framework.exceptions import APIException

from kiremisu.lib import errors
from kiremisu.lib.errors import FieldError, Refused, in_words
from kiremisu.lib.postgres.away import AWAY, DatabaseAway, is_plain
from kiremisu.lib.problems import MEDIA_TYPE, problem

logger = logging.getLogger(__name__)

# Of a body in which thousands of fields are wrong, so many are named.
_TOLD = 100

_BY_STATUS: dict[int, type[Refused]] = {
    401: errors.Unauthenticated,
    403: errors.Forbidden,
    404: errors.NotThere,
    405: errors.NotAllowed,
    409: errors.Conflict,
    413: errors.TooLarge,
    415: errors.Unsupported,
    422: errors.Invalid,
    429: errors.Throttled,
    503: errors.Unavailable,
}


class Broken(Refused):
    """Our own fault: what happened is in the log under the request's id."""

    code = "internal_error"
    title = "Something broke on our side"


# Django's own, the narrower first.
_DJANGOS: dict[type[Exception], type[Refused]] = {
    Http404: errors.NotThere,
    ObjectDoesNotExist: errors.NotThere,
    PermissionDenied: errors.Forbidden,
    RequestDataTooBig: errors.TooLarge,
    SuspiciousOperation: Refused,
    **dict.fromkeys(AWAY, DatabaseAway),
}


def install(api: NinjaAPI) -> None:
    """Have this API answer every exception with a problem."""
    for kind in (Refused, ValidationError, HttpError, APIException, Http404, Exception):
        api.add_exception_handler(kind, respond)


def respond(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """The answer to an exception."""
    assert isinstance(error, Exception)
    refused = understood(error)
    if isinstance(refused, Broken):
        logger.error("request failed", exc_info=error)
    elif isinstance(refused, DatabaseAway):
        trace = None if is_plain(error) else error
        logger.warning("the database does not answer: %s", in_words(error), exc_info=trace)
    return answer(request, refused, 500 if isinstance(refused, Broken) else None)


def answer(request: HttpRequest, error: Refused, status: int | None = None) -> HttpResponse:
    """A refusal as an HTTP response."""
    status = status or errors.status_of(error)
    response = HttpResponse(
        problem(error, request_id(request), status), status=status, content_type=MEDIA_TYPE
    )
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="kiremisu"'
    return response


def understood(error: Exception) -> Refused:
    """Any exception as a refusal; what nobody expected becomes `Broken`."""
    # A refusal of our parser comes wrapped in an HttpError.
    for raised in (error, error.__cause__):
        if isinstance(raised, Refused):
            return raised
    if isinstance(error, ValidationError):
        wrong = tuple(_field_error(item) for item in error.errors[:_TOLD])
        return errors.Invalid("Some fields or parameters are wrong.", errors=wrong)
    if isinstance(error, Throttled):
        return errors.Throttled(retry_after=error.wait)
    if isinstance(error, HttpError | APIException):
        return _of_status(error.status_code)
    for kind, refusal in _DJANGOS.items():
        if isinstance(error, kind):
            return refusal()
    return Broken("The error is in the server's log under this request's id.")


def request_id(request: HttpRequest) -> str:
    """The id under which this request stands in the log."""
    known = structlog.contextvars.get_contextvars().get("request_id")
    return str(known or getattr(request, "request_id", "") or uuid4().hex)


def middleware(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Turns errors that Django itself answers below /api into problems."""

    def ask(request: HttpRequest) -> HttpResponseBase:
        return _as_problem(request, get_response(request))

    return ask


def _as_problem(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    status = response.status_code
    if (
        status < HTTPStatus.BAD_REQUEST
        or not request.path.startswith("/api/")
        or response.get("Content-Type", "").startswith(MEDIA_TYPE)
    ):
        return response
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        refused: Refused = DatabaseAway()
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        refused = understood(RuntimeError())
    else:
        refused = _of_status(status)
    told = answer(request, refused, status)
    if "Allow" in response:
        told["Allow"] = response["Allow"]
    return told


def _of_status(status: int) -> Refused:
    return _BY_STATUS.get(status, Refused)()


def _field_error(item: dict[str, Any]) -> FieldError:
    # The place starts with where it stood ("body", "query" …) and the argument's own name.
    source, *place = [str(part) for part in item["loc"]]
    names = place[1:] if source == "body" and len(place) > 1 else place
    return FieldError(".".join(names) or source, item["msg"], item["type"])

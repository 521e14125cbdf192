"""Requests that come again: a POST with an `Idempotency-Key` works once.

The first claims the key; what it answered is kept for a day and given to whoever sends the same
request again. A request that failed did nothing, so its key is free again.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

import orjson
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import salted_hmac

from kiremisu.accounts.models import User
from kiremisu.lib.errors import Conflict, FieldError, Invalid
from kiremisu.lib.threads import in_thread
from kiremisu.models import KeyedRequest

KEPT = timedelta(hours=24)
# No request lasts so long: whoever claimed the key died.
ABANDONED = timedelta(minutes=5)
LONGEST = 200
# Answers there hold secrets that are shown once and stored nowhere.
_NEVER = ("/auth/", "/notifications/feed")
_ROOT = "/api/v1"


def is_kept(method: str, path: str) -> bool:
    """Whether an operation, its path below the API's root, heeds an `Idempotency-Key`."""
    return method == "POST" and not path.startswith(_NEVER)


def once[**P](view: Callable[P, Awaitable[Any]]) -> Callable[P, Awaitable[Any]]:
    """An operation that answers a repeated request with its first answer."""

    @wraps(view)
    async def ask(*args: P.args, **kwargs: P.kwargs) -> Any:
        request = args[0]
        assert isinstance(request, HttpRequest)
        user = getattr(request, "auth", None)
        key = request.headers.get("Idempotency-Key")
        kept = is_kept(request.method or "", request.path.removeprefix(_ROOT))
        if key is None or not kept or not isinstance(user, User):
            return await view(*args, **kwargs)
        answered = await in_thread(_claim, request, user, key)
        return answered or await view(*args, **kwargs)

    return ask


def middleware(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Keeps the answer of a request that claimed a key, or frees the key."""

    def ask(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        claimed = getattr(request, "claimed", None)
        if claimed is not None:
            _keep(claimed, response)
        return response

    return ask


def _claim(request: HttpRequest, user: User, key: str) -> HttpResponse | None:
    """The answer that was given, None when the key is now this request's.

    Raises Invalid for a key that is none or another request's, Conflict while that is at work.
    """
    if not 1 <= len(key) <= LONGEST or not key.isprintable():
        wrong = FieldError("Idempotency-Key", f"1 to {LONGEST} printable characters.")
        raise Invalid("This is no idempotency key.", errors=(wrong,))
    now, digest = timezone.now(), _digest(request)
    KeyedRequest.objects.filter(
        Q(created__lt=now - KEPT) | Q(status__isnull=True, created__lt=now - ABANDONED)
    ).delete()
    new = KeyedRequest(user=user, key=key, digest=digest)
    with transaction.atomic():
        KeyedRequest.objects.bulk_create([new], ignore_conflicts=True)
        known = KeyedRequest.objects.get(user=user, key=key)
    if known.pk == new.pk:
        request.claimed = new  # type: ignore[attr-defined] # for the middleware
        return None
    if bytes(known.digest) != digest:
        raise Invalid("This idempotency key was sent with another request.", code="key_reused")
    if known.status is None:
        raise Conflict("The first request is still at work.", code="in_progress", retry_after=1)
    _leave_version(request, bytes(known.answer))
    return HttpResponse(
        bytes(known.answer),
        status=known.status,
        content_type=known.media_type,
        headers={"Idempotency-Replayed": "true"},
    )


def _leave_version(request: HttpRequest, answer: bytes) -> None:
    """So that the answer has the ETag that it had."""
    told = orjson.loads(answer) if answer else None
    if isinstance(told, dict) and "updated" in told:
        # As kiremisu.lib.schemas leaves it on the request, whose type knows nothing of ours.
        request.answered_updated = datetime.fromisoformat(  # type: ignore[attr-defined]
            told["updated"]
        )


def _digest(request: HttpRequest) -> bytes:
    asked = f"{request.method} {request.get_full_path()}\n".encode()
    # Keyed, because a body may hold a password, which a plain hash would let anybody try out.
    return salted_hmac("kiremisu.repeats", asked + request.body, algorithm="sha256").digest()[:16]


def _keep(claimed: KeyedRequest, response: HttpResponseBase) -> None:
    mine = KeyedRequest.objects.filter(pk=claimed.pk)
    if response.status_code >= 400 or not isinstance(response, HttpResponse):
        mine.delete()
        return
    mine.update(
        status=response.status_code,
        answer=response.content,
        media_type=response.get("Content-Type", ""),
    )

"""What every answer below /api/v1 has: HEAD, ETag and 304, and how long it took."""

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from kiremisu.lib.versions import etag, is_fresh

_ROOT = "/api/v1/"
_KEPT = ("ETag", "Cache-Control", "Vary")


class Clock:
    """Counts the statements of one request, and their time in seconds."""

    def __init__(self) -> None:
        self.count = 0
        self.spent = 0.0

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.count += 1
            self.spent += time.perf_counter() - began


def middleware(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answers HEAD as GET without its body, 304 to who has the answer, and times the work."""

    def ask(request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(_ROOT):
            return get_response(request)
        began, clock = time.perf_counter(), Clock()
        with connection.execute_wrapper(clock):
            response = _answered(request, get_response)
        total = (time.perf_counter() - began) * 1000
        response["Server-Timing"] = (
            f'total;dur={total:.1f}, db;dur={clock.spent * 1000:.1f};desc="{clock.count} queries"'
        )
        return response

    return ask


def _answered(
    request: HttpRequest, get_response: Callable[[HttpRequest], HttpResponseBase]
) -> HttpResponseBase:
    is_head = request.method == "HEAD"
    if is_head:
        request.method = "GET"
    response = _tagged(request, get_response(request))
    if is_head:
        request.method = "HEAD"
        return _without_body(response)
    return response


def _tagged(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """With its ETag; 304 instead, when the asker has it."""
    is_json = response.get("Content-Type", "").startswith("application/json")
    if not isinstance(response, HttpResponse) or not is_json or response.status_code >= 300:
        return response
    tag = etag(response.content, getattr(request, "answered_updated", None))
    response["ETag"] = tag
    if request.method != "GET":
        return response
    if "Cache-Control" not in response:
        response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Authorization", "Cookie", "X-API-Key"])
    if not is_fresh(request.headers.get("If-None-Match", ""), tag):
        return response
    unchanged = HttpResponseNotModified()
    unchanged.cookies = response.cookies
    for name in _KEPT:
        unchanged[name] = response[name]
    return unchanged


def _without_body(response: HttpResponseBase) -> HttpResponseBase:
    if not isinstance(response, HttpResponse):
        response.close()
        empty = HttpResponse(status=response.status_code)
        for name, value in response.items():
            empty[name] = value
        return empty
    if response.status_code != HTTPStatus.NOT_MODIFIED:
        response["Content-Length"] = str(len(response.content))
    response.content = b""
    return response

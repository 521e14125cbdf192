"""Django behind ASGI: a request borrows one lasting thread and runs on it from end to end."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, suppress
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast, override

from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, ASGIRequest, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.core.signals import request_started
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.urls import set_script_prefix

from kiremisu.lib.asgi import Receive, Scope, Send
from kiremisu.lib.errors import TooLarge, TooSlow
from kiremisu.lib.threads import borrowed, in_thread

LARGEST_BODY = 32 << 20  # bytes; views set smaller limits of their own
_IN_MEMORY = 1 << 20
# Whoever sends more slowly than this, once so many seconds have passed, is let go.
SLOWEST = 4096  # bytes a second
PATIENCE = 30.0


class Handler(ASGIHandler):
    """Django's handler, with the whole middleware chain sync on the borrowed thread.

    Django's own starts threads for each request and crosses to one for every hook of every
    middleware. Here a request crosses once; an async view runs on the event loop while its
    thread waits, and `in_thread` comes back to that thread.

    Leaves "user_id" in the scope when the request turned out to be somebody's.
    """

    def __init__(self) -> None:
        # Not ASGIHandler's, which loads the middleware for async.
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            # Before a thread is taken: a slow sender must not hold one.
            body = await self._body(receive)
        except RequestAborted:
            return
        with closing(body):
            async with borrowed():
                response = await self._unless_gone(scope, body, receive)
                if response is None:
                    return
                if response.streaming:
                    await self._stream(cast("StreamingHttpResponse", response), send)
                    return
            # The thread is free again: a slow reader holds none either.
            await self.send_response(response, send)

    async def _body(self, receive: Receive) -> IO[bytes]:
        """The body, on disk when it is large. Raises RequestAborted, TooLarge, TooSlow."""
        # Closed by the caller, who gets it.
        body = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        try:
            async with asyncio.timeout(PATIENCE) as patience:
                await self._receive_body(receive, body, patience)
        except TimeoutError:
            body.close()
            raise TooSlow("The body of this request did not arrive in time.") from None
        except BaseException:
            body.close()
            raise
        body.seek(0)
        return cast("IO[bytes]", body)

    async def _receive_body(
        self, receive: Receive, body: SpooledTemporaryFile[bytes], patience: asyncio.Timeout
    ) -> None:
        size, more = 0, True
        least = patience.when() or 0.0
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise RequestAborted
            part = message.get("body", b"")
            size += len(part)
            if size > LARGEST_BODY:
                raise TooLarge(f"A request may hold {LARGEST_BODY >> 20} MiB at most.")
            if size > _IN_MEMORY:
                await asyncio.to_thread(body.write, part)
            else:
                body.write(part)
            more = message.get("more_body", False)
            patience.reschedule(least + size / SLOWEST)

    async def _unless_gone(
        self, scope: Scope, body: IO[bytes], receive: Receive
    ) -> HttpResponseBase | None:
        """The response, None when the client left first: then an async view is cancelled."""
        response: HttpResponseBase | None = None
        with suppress(RequestAborted):
            try:
                async with asyncio.TaskGroup() as group:
                    listening = group.create_task(self.listen_for_disconnect(receive))
                    response = await in_thread(self._respond, scope, body)
                    listening.cancel()
            except BaseExceptionGroup as several:
                if len(several.exceptions) == 1:
                    raise several.exceptions[0] from None
                raise
        return response

    def _respond(self, scope: Scope, body: IO[bytes]) -> HttpResponseBase:
        """From the first signal to the last, on the borrowed thread."""
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=self.__class__, scope=scope)
        request, wrong = self.create_request(scope, body)
        if request is None:
            return cast("HttpResponseBase", wrong)
        response = self.get_response(request)
        response._handler_class = self.__class__  # type: ignore[attr-defined]
        scope["user_id"] = _user_id(request)
        if not response.streaming:
            response.close()
        return response

    async def _stream(self, response: StreamingHttpResponse, send: Send) -> None:
        """Send as it comes, on the same thread as the rest of the request."""
        try:
            if not response.is_async:
                parts = iter(cast("Iterator[bytes]", response.streaming_content))
                response.streaming_content = _from_thread(parts)
            await self.send_response(response, send)
        finally:
            await in_thread(response.close)


async def _from_thread(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    while (part := await in_thread(next, parts, None)) is not None:
        yield part


def _user_id(request: ASGIRequest) -> str:
    """Whoever asked, where something looked already: a log line is not worth a query."""
    known: dict[str, Any] = request.__dict__
    for name in ("auth", "_cached_user", "_acached_user"):
        key = getattr(known.get(name), "pk", None)
        if key is not None:
            return str(key)
    return ""

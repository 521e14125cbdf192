"""Django behind ASGI: a request borrows one lasting thread and runs on it from end to end."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, suppress
from contextvars import copy_context
from inspect import iscoroutinefunction
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast, override

from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, ASGIRequest, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.core.signals import request_started
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.urls import set_script_prefix

from kiremisu.lib.asgi import Message, Receive, Scope, Send, first_of, left
from kiremisu.lib.errors import Refused, TooLarge, TooSlow
from kiremisu.lib.threads import Seat, borrowed, in_thread, on_seat, streaming

LARGEST_BODY = 32 << 20  # bytes; views set smaller limits of their own
_IN_MEMORY = 1 << 20
# Whoever sends more slowly than this, once so many seconds have passed, is let go; so is who
# takes nothing for as long of what is streamed.
SLOWEST = 4096  # bytes a second
PATIENCE = 30.0
# Seconds after which we look whether the client is still there: most answers are made by then,
# and to look costs more than some of them.
_HARDLY_LEAVES = 0.1
# Without one of these headers a request has no body (RFC 9112, 6.3).
_ANNOUNCING = {b"content-length", b"transfer-encoding"}


class Handler(ASGIHandler):
    """Django's handler, with the whole middleware chain sync on the borrowed thread.

    Django's own starts threads for each request and crosses to one for every hook of every
    middleware. Here a request crosses once, to its seat and back; an async view runs there too.

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
            body = await self._body(scope, receive)
        except RequestAborted:
            return
        with closing(body):
            async with borrowed() as seat:
                response = await self._unless_gone(seat, scope, body, receive)
                if response is None:
                    return
                if response.streaming:
                    streamed = cast("StreamingHttpResponse", response)
                    with suppress(TimeoutError):  # nobody takes it
                        await self._stream(streamed, receive, send)
                    return
            # The thread is free again: a slow reader holds none either.
            await self.send_response(response, send)

    async def _body(self, scope: Scope, receive: Receive) -> IO[bytes]:
        """The body, on disk when it is large. Raises RequestAborted, TooLarge, TooSlow."""
        if scope["method"] in {"GET", "HEAD"} and not _announces_body(scope):
            return BytesIO()
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
        self, seat: Seat, scope: Scope, body: IO[bytes], receive: Receive
    ) -> HttpResponseBase | None:
        """The response, None when the client left first: then an async view is cancelled."""
        loop, context = asyncio.get_running_loop(), copy_context()
        work = loop.run_in_executor(seat, context.run, self._respond, scope, body)
        if not (await asyncio.wait([work], timeout=_HARDLY_LEAVES))[0]:
            leaving = loop.create_task(left(receive))
            either: list[asyncio.Future[Any]] = [work, leaving]
            try:
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            finally:
                leaving.cancel()
        if not work.done():
            seat.loop.leave()
            await asyncio.wait([work])
            work.exception()  # looked at, so that nobody is told of it
            return None
        return await work

    @override
    def make_view_atomic(self, view: Callable[..., Any]) -> Callable[..., Any]:
        """The view as it will be called: an async one where Django would send it elsewhere."""
        made = super().make_view_atomic(view)
        return on_seat(made) if iscoroutinefunction(made) else made

    def _respond(self, scope: Scope, body: IO[bytes]) -> HttpResponseBase:
        """From the first signal to the last, on the borrowed thread."""
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=self.__class__, scope=scope)
        try:
            request, wrong = self.create_request(scope, body)
        except ValueError:
            # Of a charset with a NUL in it, which RFC 8187 lets one write.
            raise Refused("The headers of this request make no sense.") from None
        if request is None:
            return cast("HttpResponseBase", wrong)
        response = self.get_response(request)
        # As Django's own handler does, for its signal; the stubs do not know of it.
        response._handler_class = self.__class__  # type: ignore[attr-defined]
        scope["user_id"] = _user_id(request)
        if not response.streaming:
            response.close()
        return response

    async def _stream(self, response: StreamingHttpResponse, receive: Receive, send: Send) -> None:
        """Send as it comes, on the same thread as the rest of the request, while it is taken.

        Raises Unavailable where too many others do, TimeoutError when nobody takes it.
        """

        async def say(message: Message) -> None:
            async with asyncio.timeout(PATIENCE):
                await send(message)

        try:
            async with streaming():
                if not response.is_async:
                    parts = iter(cast("Iterator[bytes]", response.streaming_content))
                    response.streaming_content = _from_thread(parts)
                await first_of(self.send_response(response, say), left(receive))
        finally:
            await in_thread(response.close)


def _announces_body(scope: Scope) -> bool:
    return any(name in _ANNOUNCING for name, _ in scope["headers"])


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

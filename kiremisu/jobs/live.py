"""`GET /api/v1/events`: what changes, as Server-Sent Events, to those who may know of it.

    event: job       data: the job as the API shows it
    event: library   data: {"id": …, …} of a library in which something changed
    event: series    data: {"id": …, "library": …, "added": …} of a series that has new chapters
    event: progress  data: where one of your devices is
    event: resync    data: {}   something was missed: load again what you show

An answer to `Last-Event-ID` begins with what happened since, or with `resync`.
"""

import asyncio
from contextlib import aclosing
from functools import partial

from kiremisu.accounts.sessions import user_of
from kiremisu.jobs import watching
from kiremisu.jobs.hub import topics
from kiremisu.jobs.watching import Watch
from kiremisu.lib import logs
from kiremisu.lib.asgi import Receive, Scope, Send, first_of, header, left
from kiremisu.lib.errors import NotAllowed, Refused

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    # Reverse proxies of the nginx kind hold answers back otherwise.
    (b"x-accel-buffering", b"no"),
]

log = logs.get(__name__)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Raises NotAllowed, Unauthenticated, Throttled and Unavailable before the stream begins."""
    if scope["method"] != "GET":
        raise NotAllowed("Events can only be read.")
    async with watching.watching(partial(user_of, scope["headers"])) as watch:
        scope["user_id"] = str(watch.consumer.user.pk)
        try:
            await first_of(_stream(scope, send, watch), left(receive))
        except TimeoutError:
            log.info("an event stream is too slow", user=scope["user_id"])


async def _stream(scope: Scope, send: Send, watch: Watch) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    last = header(scope, b"last-event-id")
    begins = watch.follow(topics(), last)
    # An id from the start: who loses the stream before the first event misses nothing.
    start = "" if last else f"id: {begins}\n"
    await _say(send, f"retry: 2000\n{start}\n".encode())
    try:
        async with aclosing(watch.says()) as saying:
            async for said in saying:
                await _say(send, said.line)
    except Refused as ended:
        log.debug("an event stream ends", code=ended.code)
    await send({"type": "http.response.body", "body": b""})


async def _say(send: Send, text: bytes) -> None:
    async with asyncio.timeout(watching.PATIENCE):
        await send({"type": "http.response.body", "body": text, "more_body": True})

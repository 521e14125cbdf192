"""`GET /api/v1/events`: what changes, as Server-Sent Events, to those who may know of it.

    event: job      data: the job as the API shows it
    event: library  data: {"id": …, …} of a library in which something changed
    event: resync   data: {}   something was missed: load again what you show

An answer to `Last-Event-ID` begins with what happened since, or with `resync`.
"""

import asyncio
import time

from kiremisu.accounts.models import User
from kiremisu.accounts.sessions import user_of
from kiremisu.jobs.hub import Consumer, Hub, ask, hub
from kiremisu.lib import logs
from kiremisu.lib.asgi import Receive, Scope, Send, header
from kiremisu.lib.errors import NotAllowed, Unauthenticated
from kiremisu.lib.notices import wait_until_listening

HEARTBEAT = 15.0  # seconds of silence before a comment says that the stream lives
SHOW_AGAIN = 60.0  # seconds after which we look again who is asking
PATIENCE = 30.0  # seconds a client may take for one event

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
    user = await _asker(scope)
    if user is None:
        raise Unauthenticated("Sign in to follow events.")
    scope["user_id"] = str(user.pk)
    here = hub()
    if not wait_until_listening(0):
        # The first stream of this process: what happens once it is open must be heard.
        await asyncio.to_thread(wait_until_listening)
    with here.joined(user) as consumer:
        stream = asyncio.create_task(_stream(scope, send, here, consumer))
        left = asyncio.create_task(_left(receive))
        try:
            await asyncio.wait({stream, left}, return_when=asyncio.FIRST_COMPLETED)
            if stream.done():
                stream.result()
        except TimeoutError:
            log.info("an event stream is too slow", user=str(user.pk))
        finally:
            stream.cancel()
            left.cancel()
            await asyncio.gather(stream, left, return_exceptions=True)


async def _asker(scope: Scope) -> User | None:
    return await ask(user_of, scope["headers"])


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _stream(scope: Scope, send: Send, here: Hub, consumer: Consumer) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    # An id from the start: who loses the stream before the first event misses nothing.
    await _say(send, f"retry: 2000\nid: {here.id_of(consumer.joined_at)}\n\n".encode())
    if last := header(scope, b"last-event-id"):
        for missed in await here.missed(consumer, last):
            await _say(send, missed)
    shown_at = time.monotonic()
    while True:
        text = await _next(consumer)
        if consumer.must_show_again or time.monotonic() - shown_at > SHOW_AGAIN:
            consumer.must_show_again = False
            user = await _asker(scope)
            if user is None:
                break
            consumer.user = user
            shown_at = time.monotonic()
        if text is None:
            break
        if text:
            await _say(send, text)
    await send({"type": "http.response.body", "body": b""})


async def _next(consumer: Consumer) -> bytes | None:
    try:
        return await asyncio.wait_for(consumer.queue.get(), HEARTBEAT)
    except TimeoutError:
        return b": still here\n\n"


async def _say(send: Send, text: bytes) -> None:
    async with asyncio.timeout(PATIENCE):
        await send({"type": "http.response.body", "body": text, "more_body": True})

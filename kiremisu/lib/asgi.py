"""Answering over ASGI without Django, for the few paths where each microsecond counts."""

import asyncio
from collections.abc import (
    Awaitable,
    Callable,
    Coroutine,
    Iterable,
    Mapping,
    MutableMapping,
    Sequence,
)
from typing import Any

import orjson

from kiremisu.lib.errors import Refused, Throttled, TooLarge, Unavailable, Unsupported, status_of
from kiremisu.lib.problems import MEDIA_TYPE, problem

type Scope = MutableMapping[str, Any]
type Message = Mapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type App = Callable[[Scope, Receive, Send], Awaitable[None]]
type Headers = Iterable[tuple[bytes, bytes]]


# With which code a refusal closes a WebSocket (RFC 6455, 7.4); any other with 1008.
_CLOSES: dict[type[Refused], int] = {
    Unsupported: 1003,
    TooLarge: 1009,
    Throttled: 1013,
    Unavailable: 1013,
}


def close_of(error: Refused) -> int:
    """The code with which this refusal closes a WebSocket."""
    return next((code for kind, code in _CLOSES.items() if isinstance(error, kind)), 1008)


def header(scope: Scope, name: bytes) -> str:
    """The first header of this (lower-case) name, "" without one."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


async def answer(
    send: Send, status: int, body: bytes = b"", headers: Headers = (), *, head: bool = False
) -> None:
    """One whole answer. A Content-Length is added; give a Content-Type with a body.

    With `head` the body is measured and not sent.
    """
    await answer_in_parts(send, status, [body], headers, head=head)


async def answer_in_parts(
    send: Send, status: int, parts: Sequence[bytes], headers: Headers = (), *, head: bool = False
) -> None:
    """The same of a body that is in parts, of which there is one at least."""
    length = (b"content-length", b"%d" % sum(map(len, parts)))
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    *before, last = [b""] if head else parts
    for part in before:
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": last})


async def answer_json(send: Send, status: int, value: object) -> None:
    headers = ((b"content-type", b"application/json"), (b"cache-control", b"no-store"))
    await answer(send, status, orjson.dumps(value), headers)


async def refuse(
    send: Send, error: Refused, request_id: str = "", status: int | None = None
) -> None:
    """A refusal as application/problem+json (RFC 9457), with its own status unless given."""
    status = status_of(error) if status is None else status
    headers = [(b"content-type", MEDIA_TYPE.encode()), (b"cache-control", b"no-store")]
    if error.retry_after is not None:
        headers.append((b"retry-after", str(error.retry_after).encode()))
    await answer(send, status, problem(error, request_id, status), headers)


async def left(receive: Receive) -> None:
    """Returns when the client of an HTTP request has gone, whose body was read."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def first_of(*works: Coroutine[Any, Any, None]) -> None:
    """Run these until one of them ends, and call the others off. Raises what that one raised."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in ended:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

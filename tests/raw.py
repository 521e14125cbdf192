"""Asking an ASGI app without a server between."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import orjson

from kiremisu.lib.asgi import App
from kiremisu.lib.threads import close_seats


@dataclass
class Answer:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


def scope(path: str, method: str = "GET", **headers: str) -> dict[str, Any]:
    """An HTTP scope; `if_none_match="…"` gives the header If-None-Match."""
    told = {"host": "localhost"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    raw, _, query = path.partition("?")
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(raw),
        "raw_path": raw.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in told.items()],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 80),
    }


async def ask(
    app: App,
    asked: Mapping[str, Any],
    body: bytes = b"",
    leave: Callable[[], Awaitable[object]] | None = None,
) -> Answer:
    """One request and its whole answer; the client leaves once `leave` returns."""
    answer = Answer()
    told = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if not told.is_set():
            told.set()
            return {"type": "http.request", "body": body, "more_body": False}
        await (leave or asyncio.Event().wait)()
        return {"type": "http.disconnect"}

    async def send(message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {
                name.decode().lower(): value.decode() for name, value in message["headers"]
            }
        else:
            answer.body += message.get("body", b"")

    await app(dict(asked), receive, send)
    return answer


def answered(app: App, asked: Mapping[str, Any], body: bytes = b"") -> Answer:
    """`ask` from a sync test; no thread and no connection is left of it."""

    async def whole() -> Answer:
        try:
            return await ask(app, asked, body)
        finally:
            await close_seats()

    return asyncio.run(whole())

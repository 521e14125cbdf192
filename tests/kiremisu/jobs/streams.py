"""Following the events as a browser does, without a server between."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
from django.conf import settings
from django.test import Client

from kiremisu.accounts.models import User
from kiremisu.jobs.live import application
from kiremisu.lib.notices import stop_listening
from kiremisu.lib.threads import ask, close_seats
from tests.raw import scope

PATH = "/api/v1/events"
_PATIENCE = 100  # seconds


def cookie_of(user: User) -> str:
    """The Cookie header of a browser in which this person is signed in."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


class Stream:
    """One open stream, event by event."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.last_id = ""
        self.left = asyncio.Event()
        self._sent: asyncio.Queue[str | None] = asyncio.Queue()

    async def receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {key.decode(): value.decode() for key, value in message["headers"]}
            return
        self._sent.put_nowait(message["body"].decode() if message.get("more_body") else None)

    async def line(self) -> str | None:
        """What comes next, as it is."""
        return await asyncio.wait_for(self._sent.get(), 60)

    async def next(self) -> tuple[str, Any] | None:
        """The next event and its data; None at the end of the stream."""
        while (text := await asyncio.wait_for(self._sent.get(), 60)) is not None:
            fields = dict(line.split(": ", 1) for line in text.splitlines() if line)
            self.last_id = fields.get("id", self.last_id)
            if "event" in fields:
                return fields["event"], orjson.loads(fields["data"])
        return None


@asynccontextmanager
async def following(cookie: str = "", **headers: str) -> AsyncIterator[Stream]:
    """A stream that is open, its process listening. `last_event_id="…"` gives that header."""
    stream = Stream()
    sent = {"cookie": cookie, **headers} if cookie else headers
    running = asyncio.create_task(application(scope(PATH, **sent), stream.receive, stream.send))
    begun = asyncio.create_task(stream._sent.get())
    await asyncio.wait({running, begun}, return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        begun.cancel()
        running.result()
    stream.last_id = begun.result().rpartition("id: ")[2].strip()
    try:
        yield stream
    finally:
        stream.left.set()
        await running


async def do[T](verb: Callable[..., T], *args: Any, **facts: Any) -> T:
    """Have somebody do something meanwhile."""
    return await ask(verb, *args, **facts)


def play(scene: Callable[[], Awaitable[None]]) -> None:
    """Run a scene on an event loop of its own, and leave no connection behind. A stream that
    does not end where it should ends the scene."""

    async def played() -> None:
        try:
            await asyncio.wait_for(scene(), _PATIENCE)
        finally:
            await close_seats()

    try:
        asyncio.run(played())
    finally:
        stop_listening()

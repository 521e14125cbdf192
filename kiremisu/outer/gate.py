"""The gate every request passes: an id, a route, one log line, and no traceback outside."""

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils.module_loading import import_string

from kiremisu.lib import logs
from kiremisu.lib.asgi import App, Message, Receive, Scope, Send, close_of, header, refuse
from kiremisu.lib.errors import Refused, in_words
from kiremisu.lib.ids import uuid7
from kiremisu.lib.postgres.away import AWAY, DatabaseAway, is_plain
from kiremisu.lib.threads import close_seats
from kiremisu.outer import Route
from kiremisu.outer.headers import guarded
from kiremisu.problems import Broken

log = logs.get(__name__)

_SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_GONE = 499  # what nginx calls a request whose client left before the answer
_LEFT = 1000  # a WebSocket's other side went
_BROKEN = 1011  # a WebSocket's code for a fault of ours
_FAREWELL = 5.0  # seconds for the last word of a WebSocket


class Gate:
    """Routes HTTP and WebSocket requests to raw apps by prefix, the rest to `inner`.

    `at_start` is called once the server runs.
    """

    def __init__(
        self, routes: Sequence[Route], inner: App, at_start: Callable[[], object] = bool
    ) -> None:
        self.inner = inner
        self.at_start = at_start
        found = [
            (route, import_string(route.app) if route.app else inner)
            for route in sorted(routes, key=lambda route: -len(route.prefix))
        ]
        self.routes: list[tuple[Route, App]] = [one for one in found if not one[0].socket]
        self.sockets: list[tuple[Route, App]] = [one for one in found if one[0].socket]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope["type"]:
            case "lifespan":
                await _live(receive, send, self.at_start)
            case "websocket":
                await self._socket(scope, receive, send)
            case _:
                await self._request(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        visit = Visit(scope, send)
        route, app = _find(self.routes, scope) or (None, self.inner)
        with logs.bound(request_id=visit.id):
            try:
                if route is not None and not route.any_host:
                    check_host(scope)
                await app(scope, receive, visit.send)
            except Refused as error:
                await visit.refuse(error)
            except AWAY as error:
                _warn(error)
                await visit.refuse(DatabaseAway())
            except Exception:
                # Nothing stands outside that could answer.
                log.exception("a request failed", path=visit.path(route))
                await visit.refuse(
                    Broken("The error is in the server's log under this request's id."), 500
                )
            finally:
                visit.note(route)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = _find(self.sockets, scope)
        if found is None:
            await send({"type": "websocket.close", "code": 4404})
            return
        route, app = found
        call = Call(scope, send)
        with logs.bound(request_id=call.id):
            try:
                await receive()  # that somebody wants to connect
                check_host(scope)
                await app(scope, receive, call.send)
            except Refused as error:
                await call.close(close_of(error), error.code)
            except AWAY as error:
                _warn(error)
                await call.close(close_of(DatabaseAway()), DatabaseAway.code)
            except Exception:
                log.exception("a socket failed", path=route.prefix)
                await call.close(_BROKEN, Broken.code)
            finally:
                call.note(route)


def _find(routes: Sequence[tuple[Route, App]], scope: Scope) -> tuple[Route, App] | None:
    for route, app in routes:
        if route.takes(scope["path"], scope.get("method", "")):
            return route, app
    return None


class Visit:
    """One request on its way: its id, when it came, what was answered."""

    def __init__(self, scope: Scope, send: Send) -> None:
        told = header(scope, b"x-request-id")
        self.id = told if _SANE_ID.fullmatch(told) else uuid7().hex
        self.scope = scope
        self.status = 0
        self._send = send
        self._began = time.perf_counter()
        scope["request_id"] = self.id

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            told = [*message["headers"], (b"x-request-id", self.id.encode())]
            headers = guarded(told, self.scope)
            message = {**message, "headers": headers}
        await self._send(message)

    async def refuse(self, error: Refused, status: int | None = None) -> None:
        # Once an answer has begun, all that is left is to end it.
        if not self.status:
            await refuse(self.send, error, self.id, status)

    def path(self, route: Route | None) -> str:
        """The path for the log: never the query, never what a secret route carries."""
        return f"{route.prefix}…" if route and route.secret else self.scope["path"]

    def note(self, route: Route | None) -> None:
        """The one line about this request."""
        say = log.debug if route and route.quiet and self.status < 400 else log.info
        who = {"user": self.scope["user_id"]} if self.scope.get("user_id") else {}
        say(
            "request",
            method=self.scope["method"],
            path=self.path(route),
            status=self.status or _GONE,
            ms=round((time.perf_counter() - self._began) * 1000, 1),
            **who,
        )


class Call:
    """One WebSocket: whether it is open, with which code we closed it."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.id = uuid7().hex
        self.scope = scope
        self.code = 0
        self._is_open = False
        self._send = send
        self._began = time.perf_counter()

    async def send(self, message: Message) -> None:
        self._is_open = self._is_open or message["type"] == "websocket.accept"
        await self._send(message)

    async def close(self, code: int, reason: str) -> None:
        """With the code and the reason; opened before, because a browser learns neither of a
        handshake that is refused."""
        self.code = code
        with suppress(TimeoutError):
            async with asyncio.timeout(_FAREWELL):
                if not self._is_open:
                    await self._send({"type": "websocket.accept"})
                await self._send({"type": "websocket.close", "code": code, "reason": reason})

    def note(self, route: Route) -> None:
        """The one line about this socket; never what its address carried."""
        who = {"user": self.scope["user_id"]} if self.scope.get("user_id") else {}
        log.info(
            "socket",
            path=route.prefix,
            code=self.code or _LEFT,
            ms=round((time.perf_counter() - self._began) * 1000, 1),
            **who,
        )


def _warn(error: Exception) -> None:
    trace = None if is_plain(error) else error
    log.warning("the database does not answer", error=in_words(error), exc_info=trace)


def check_host(scope: Scope) -> None:
    """Refuse a Host header that is not ours, as Django does for its own pages."""
    if not _is_ours(header(scope, b"host"), tuple(settings.ALLOWED_HOSTS)):
        raise Refused("This server does not go by that name; see KIREMISU_HOSTS.", code="bad_host")


@lru_cache(maxsize=256)
def _is_ours(host: str, allowed: tuple[str, ...]) -> bool:
    return validate_host(split_domain_port(host)[0], allowed)


async def _live(receive: Receive, send: Send, at_start: Callable[[], object]) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            at_start()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await close_seats()
            await send({"type": "lifespan.shutdown.complete"})
            return

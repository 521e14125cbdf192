"""The gate every request passes: an id, a route, one log line, and no traceback outside."""

import re
import time
from collections.abc import Sequence

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils.module_loading import import_string

from kiremisu.lib import logs
from kiremisu.lib.asgi import App, Message, Receive, Scope, Send, header, refuse
from kiremisu.lib.errors import Refused
from kiremisu.lib.ids import uuid7
from kiremisu.lib.threads import close_seats
from kiremisu.outer import Route
from kiremisu.problems import Broken

log = logs.get(__name__)

_SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_GONE = 499  # what nginx calls a request whose client left before the answer


class Gate:
    """Routes HTTP and WebSocket requests to raw apps by prefix, the rest to `inner`."""

    def __init__(self, routes: Sequence[Route], inner: App) -> None:
        self.inner = inner
        self.routes: list[tuple[Route, App]] = [
            (route, import_string(route.app))
            for route in sorted(routes, key=lambda route: -len(route.prefix))
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope["type"]:
            case "lifespan":
                await _live(receive, send)
            case "websocket":
                await self._socket(scope, receive, send)
            case _:
                await self._request(scope, receive, send)

    def _find(self, path: str) -> tuple[Route | None, App]:
        for route, app in self.routes:
            if path == route.prefix or (path.startswith(route.prefix) and route.is_folder):
                return route, app
        return None, self.inner

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        visit = Visit(scope, send)
        route, app = self._find(scope["path"])
        with logs.bound(request_id=visit.id):
            try:
                if route is not None and not route.any_host:
                    check_host(scope)
                await app(scope, receive, visit.send)
            except Refused as error:
                await visit.refuse(error)
            except Exception:
                # Nothing stands outside that could answer.
                log.exception("a request failed", path=visit.path(route))
                await visit.refuse(
                    Broken("The error is in the server's log under this request's id."), 500
                )
            finally:
                visit.note(route)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        route, app = self._find(scope["path"])
        with logs.bound(request_id=uuid7().hex):
            try:
                if route is None:
                    await send({"type": "websocket.close", "code": 4404})
                    return
                check_host(scope)
                await app(scope, receive, send)
            except Refused as error:
                await send({"type": "websocket.close", "code": 4400, "reason": error.code})


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
            headers = [*message["headers"], (b"x-request-id", self.id.encode())]
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


def check_host(scope: Scope) -> None:
    """Refuse a Host header that is not ours, as Django does for its own pages."""
    allowed = settings.ALLOWED_HOSTS
    if not validate_host(split_domain_port(header(scope, b"host"))[0], allowed):
        raise Refused("This server does not go by that name; see KIREMISU_HOSTS.", code="bad_host")


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await close_seats()
            await send({"type": "lifespan.shutdown.complete"})
            return

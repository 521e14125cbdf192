"""The web server's app with the watchdog beside it: what held the loop is written to a file.

Named in place of the app itself by `tests.watchdog.APP`; the file by LOOP_HELD. With ANSWERS_LATE
it answers so many milliseconds late at the most, scripts never less than half of it late: browser
tests run against that show whatever is pressed, looked at or kept too early, by them or by us.
"""

import asyncio
import os
import random
from pathlib import Path

from kiremisu import asgi
from kiremisu.lib.asgi import Message, Receive, Scope, Send
from tests.watchdog import request, watch

# A thread of a busy server may wait long for its turn: what blocks is looked for where the
# loop runs in the test's own process.
_NEVER = float("inf")
_LATE = int(os.environ.get("ANSWERS_LATE", "0")) / 1000


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    request.set(f"{scope.get('method', scope['type'])} {scope.get('path', '')}")
    if not _LATE or scope["type"] != "http":
        await asgi.application(scope, receive, send)
    elif scope["path"].endswith(".js"):
        await asyncio.sleep(_LATE * random.uniform(0.5, 1))
        await asgi.application(scope, receive, _anew(send))
    else:
        await asyncio.sleep(_LATE * random.uniform(0, 0.5))
        await asgi.application(scope, receive, send)


def _anew(send: Send) -> Send:
    """Has the browser ask for it each time."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [each for each in message["headers"] if each[0].lower() != b"cache-control"]
            message = {**message, "headers": [*kept, (b"cache-control", b"no-store")]}
        await send(message)

    return sending


def _write(line: str) -> None:
    with Path(os.environ["LOOP_HELD"]).open("a") as file:
        file.write(line + "\n")


watch(_write, blocked=_NEVER)

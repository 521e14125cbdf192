"""The web server's app with the watchdog beside it: what held the loop is written to a file.

Named in place of the app itself by `tests.watchdog.APP`; the file by LOOP_HELD.
"""

import os
from pathlib import Path

from kiremisu import asgi
from kiremisu.lib.asgi import Receive, Scope, Send
from tests.watchdog import request, watch

# A thread of a busy server may wait long for its turn: what blocks is looked for where the
# loop runs in the test's own process.
_NEVER = float("inf")


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    request.set(f"{scope.get('method', scope['type'])} {scope.get('path', '')}")
    await asgi.application(scope, receive, send)


def _write(line: str) -> None:
    with Path(os.environ["LOOP_HELD"]).open("a") as file:
        file.write(line + "\n")


watch(_write, blocked=_NEVER)

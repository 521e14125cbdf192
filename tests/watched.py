"""The web server's app with the watchdog beside it: what held the loop is written to a file.

Named to `kiremisu.server.web` in place of the app itself; the file by LOOP_HELD.
"""

import os
from pathlib import Path

from kiremisu.asgi import application
from tests.watchdog import watch

__all__ = ["application"]

# A thread of a busy server may wait long for its turn: what blocks is looked for where the
# loop runs in the test's own process.
_NEVER = float("inf")


def _write(line: str) -> None:
    with Path(os.environ["LOOP_HELD"]).open("a") as file:
        file.write(line + "\n")


watch(_write, blocked=_NEVER)

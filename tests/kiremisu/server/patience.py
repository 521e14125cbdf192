"""A web server whose patience is short: python -m tests.kiremisu.server.patience PORT."""

import sys

from kiremisu.lib.asgi import Receive, Scope, Send, answer
from kiremisu.server import web


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await answer(send, 200, b"here")


if __name__ == "__main__":
    web._HEAD_WITHIN = 500
    web.main("127.0.0.1", int(sys.argv[1]), 1, f"{__spec__.name}:application")

"""A web server that never has its app: python -m tests.kiremisu.server.unready PORT."""

import signal
import sys

from kiremisu.server import web

if __name__ == "__main__":
    web.main("127.0.0.1", int(sys.argv[1]), 1, f"{__spec__.name}:application")
else:
    print("loading", flush=True)
    while True:
        signal.pause()

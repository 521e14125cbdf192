"""The web server as a process: python -m kiremisu.server.web HOST PORT WORKERS [APP]."""

import sys

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from kiremisu.lib import processes

# Live event streams never end by themselves.
_SECONDS_TO_END = 4
_APP = "kiremisu.asgi:application"


def main(host: str, port: int, workers: int, app: str = _APP) -> None:
    processes.die_with_starter()
    processes.be_starter()
    Granian(
        app,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        http=HTTPModes.http1,
        websockets=True,
        respawn_failed_workers=True,
        workers_kill_timeout=_SECONDS_TO_END,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:5])

"""The web server as a process: python -m kiremisu.server.web HOST PORT WORKERS [APP]."""

import os
import resource
import signal
import sys

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from kiremisu.lib import processes

# Live event streams never end by themselves.
_SECONDS_TO_END = 4
# Milliseconds for the head of a request, from the connection or the answer before on: an idle
# connection ends then as well.
_HEAD_WITHIN = 30_000
# Connections of one process at once. Whoever comes past that waits until others have gone, so
# it must be far above the event streams.
_CONNECTIONS = 4096
_OTHER_FILES = 640  # those of books at hand among them
_APP = "kiremisu.asgi:application"


def main(host: str, port: int, workers: int, app: str = _APP) -> None:
    processes.die_with_starter()
    processes.be_starter()
    processes.forks_die_with_parent()
    os.register_at_fork(after_in_child=_hear)
    Granian(
        app,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        http=HTTPModes.http1,
        websockets=True,
        http1_settings=HTTP1Settings(header_read_timeout=_HEAD_WITHIN),
        backpressure=min(_CONNECTIONS, files() - _OTHER_FILES),
        respawn_failed_workers=True,
        workers_kill_timeout=_SECONDS_TO_END,
        log_level=LogLevels.warning,
    ).serve()


def _hear() -> None:
    """A worker begins with the handlers of its parent, which do nothing in it: told to stop
    before it has its own, it would have to be killed."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def files() -> int:
    """How many files a process may have open, having asked for enough: many systems begin
    with 1,024, which a thousand event streams would use up."""
    wanted = _CONNECTIONS + _OTHER_FILES
    soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY:
        wanted = min(wanted, most)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
    return wanted


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:5])

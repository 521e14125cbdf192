"""The process that keeps the embedded database while anybody holds it.

    python -m kiremisu.server.keeper DATA_DIR [name=value …]

Prints one JSON line when the server answers, or why it cannot. Then it restarts a server
that dies, and stops it once the shared lock of `kiremisu.server.embedded` is free.
"""

import fcntl
import json
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from kiremisu.server.embedded import CannotStart
from kiremisu.server.locks import open_lock, take
from kiremisu.server.postgres import Cluster

_LOOK = 0.2  # seconds
_LONGEST_PAUSE = 10.0


class Keeper:
    """Keeps one cluster until nobody needs it, or until told to stop."""

    def __init__(self, data_dir: Path, cluster: Cluster) -> None:
        self.cluster = cluster
        self.holders = open_lock(data_dir / "database.lock")
        self.told_to_stop = False
        self._pause = _LOOK

    def keep(self) -> None:
        while not (self.told_to_stop or self._nobody_holds()):
            if self.cluster.process is None or self.cluster.process.poll() is not None:
                self._restart()
            time.sleep(_LOOK)
        # The lock, when we have it, stays ours: who comes now waits until all is stopped.
        self.cluster.stop()

    def tell_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.told_to_stop = True

    def _restart(self) -> None:
        started = time.monotonic()
        try:
            self.cluster.start()
        except CannotStart as error:
            print(error, file=sys.stderr, flush=True)
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)
        time.sleep(max(0.0, self._pause - (time.monotonic() - started)) if self._pause > 1 else 0)

    def _nobody_holds(self) -> bool:
        try:
            fcntl.flock(self.holders, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def main(data_dir: Path, options: tuple[str, ...]) -> int:
    os.umask(0o077)
    ours = take(data_dir / "keeper.lock")
    if ours is None:
        _report({"error": "There is a keeper already; try again."})
        return 1
    try:
        cluster = Cluster(data_dir, options)
        keeper = Keeper(data_dir, cluster)
        signal.signal(signal.SIGTERM, keeper.tell_to_stop)
        signal.signal(signal.SIGINT, keeper.tell_to_stop)
        cluster.prepare()
        cluster.start()
    except CannotStart as error:
        _report({"error": str(error)})
        return 1
    except OSError as error:
        _report({"error": f"The embedded database cannot run in {data_dir}: {error}."})
        return 1
    _report({"postgres": cluster.process.pid if cluster.process else 0})
    keeper.keep()
    # Before the other lock, which goes with this process: whoever gets that one looks for a
    # keeper, and would take us for one that keeps.
    os.close(ours)
    return 0


def _report(report: dict[str, object]) -> None:
    print(json.dumps(report), flush=True)
    # Whoever started us reads until the end, and may be gone before us.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


if __name__ == "__main__":
    # Whoever started us goes on and ends when it likes: we are not its child.
    if os.fork():
        os._exit(0)
    sys.exit(main(Path(sys.argv[1]), tuple(sys.argv[2:])))

"""The processes of one server, started, watched and stopped together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from kiremisu.lib import logs, processes

log = logs.get(__name__)

_ROOT = Path(__file__).resolve().parents[2]
_LOOK = 0.2
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_SETTLED = 30.0  # seconds after which earlier deaths are forgotten
PATIENCE = 10.0  # seconds between asking to stop and killing


@dataclass
class Child:
    """A process that is started again whenever it ends."""

    name: str
    module: str
    arguments: Sequence[str] = ()
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    started: float = 0.0
    due: float = 0.0

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", self.module, *self.arguments],
            cwd=_ROOT,
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            # A terminal's Ctrl-C is for us, who then stop the rest in order.
            start_new_session=True,
        )
        log.debug("started", name=self.name, pid=self.process.pid)

    def look(self) -> None:
        """Notice a death, and say when to start again."""
        if self.process is None or self.process.poll() is None:
            return
        lived = time.monotonic() - self.started
        self.deaths = 1 if lived > _SETTLED else self.deaths + 1
        pause = min(_FIRST_PAUSE * 2 ** (self.deaths - 1), _LONGEST_PAUSE)
        self.due = time.monotonic() + pause
        log.warning("ended unasked", name=self.name, status=self.process.returncode, again_in=pause)
        self.kill()
        self.process = None

    def kill(self) -> None:
        """End it and every process of its session."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


class Group:
    """Keeps its children running until told to stop.

    `watch` is called about five times a second from the same thread: the one that starts
    the children, because they die with it.
    """

    def __init__(self, children: Sequence[Child], watch: Callable[[], None]) -> None:
        self.children = children
        self.watch = watch
        self.told_to_stop = 0

    def run(self) -> None:
        processes.be_starter()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._tell_to_stop)
        try:
            while not self.told_to_stop:
                for child in self.children:
                    child.look()
                    if child.process is None and time.monotonic() >= child.due:
                        child.start()
                self.watch()
                time.sleep(_LOOK)
        finally:
            self._stop()

    def _tell_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.told_to_stop += 1

    def _stop(self) -> None:
        """Ask all to end; whoever takes too long, or after a second signal all, is killed."""
        log.info("stopping")
        asked = self.told_to_stop
        for child in self.children:
            if child.process is not None:
                with suppress(ProcessLookupError):
                    child.process.send_signal(signal.SIGTERM)
        until = time.monotonic() + PATIENCE
        while self._some_live() and time.monotonic() < until and self.told_to_stop <= asked:
            time.sleep(0.05)
        for child in self.children:
            child.kill()
            if child.process is not None:
                child.process.wait()

    def _some_live(self) -> bool:
        return any(c.process is not None and c.process.poll() is None for c in self.children)

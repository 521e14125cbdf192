"""`manage.py up` as a person runs it."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.live import ROOT, free_port
from tests.watchdog import APP, watching

_START = 600.0  # seconds, on a machine that does other things as well


@dataclass
class Running:
    """A server that is up: its address, what it printed, its process."""

    base: str
    log: Path
    process: subprocess.Popen[bytes]

    def setup_link(self) -> str:
        """The set-up link that was printed."""
        found = re.search(r"http://\S+/setup\?token=\S+", self.printed())
        assert found, self.printed()
        return found.group()

    def printed(self) -> str:
        return self.log.read_text(errors="replace")


@contextmanager
def up(data: Path, *arguments: str, **environment: str) -> Iterator[Running]:
    """Runs `manage.py up` on a free port until the end of the block, then Ctrl-C.

    Raises LoopHeld at the end when one callback held the web server's event loop.
    """
    with watching() as told, _serving(data, [*arguments, "--app", APP], environment | told) as it:
        yield it


@contextmanager
def _serving(data: Path, arguments: list[str], environment: dict[str, str]) -> Iterator[Running]:
    port = free_port()
    log = data.with_suffix(".log")
    command = [sys.executable, "manage.py", "up", "--port", str(port), "--data-dir", str(data)]
    clean = {n: v for n, v in os.environ.items() if not n.startswith(("KIREMISU_", "DJANGO_"))}
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, *arguments],
            cwd=ROOT,
            env=clean | {"KIREMISU_ENRICH": "no", "KIREMISU_WATCH": "no"} | environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    running = Running(f"http://127.0.0.1:{port}", log, process)
    try:
        _await_address(running)
        yield running
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _await_address(running: Running) -> None:
    until = time.monotonic() + _START
    while running.base not in running.printed():
        assert running.process.poll() is None, running.printed()
        assert time.monotonic() < until, running.printed()
        time.sleep(0.1)

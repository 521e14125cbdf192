"""A database filled for a bench, and web servers on it."""

# ruff: noqa: PLC0415 - imported once Django is set up

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import django
import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.watchdog import APP, watching  # noqa: E402 (path set above)


@contextmanager
def data_folder() -> Iterator[Path]:
    """An empty data folder, with Django set up for it; nothing runs yet."""
    with tempfile.TemporaryDirectory(prefix="kiremisu-bench-") as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "kiremisu.settings",
            "KIREMISU_DATA_DIR": folder,
            "KIREMISU_ENRICH": "no",
            "DATABASE_URL": "",
        }
        django.setup()
        yield Path(folder)


@contextmanager
def database(folder: Path) -> Iterator[None]:
    """Its PostgreSQL, which ends with the block."""
    from django.db import connections

    from kiremisu.server import embedded

    with embedded.hold(folder):
        try:
            yield
        finally:
            connections.close_all()


@contextmanager
def server(workers: int = 1) -> Iterator[int]:
    """Web processes on one port. Raises LoopHeld at the end, naming who held its loop."""
    with serving(workers) as web:
        yield web.port


@dataclass(frozen=True, slots=True)
class Web:
    """A server that runs."""

    port: int
    process: psutil.Process

    @property
    def busy(self) -> float:
        """Seconds of processor time that its processes have used."""
        tree = [self.process, *self.process.children(recursive=True)]
        return sum(sum(one.cpu_times()[:2]) for one in tree)

    @property
    def memory(self) -> int:
        """Bytes in memory that are its processes' own, at this moment."""
        tree = [self.process, *self.process.children(recursive=True)]
        return sum(one.memory_full_info().uss for one in tree)


@contextmanager
def serving(workers: int = 1) -> Iterator[Web]:
    """As `server`, to be looked at while it runs."""
    with watching() as told, unwatched(APP, workers, told) as web:
        yield web


@contextmanager
def unwatched(
    app: str = "kiremisu.asgi:application", workers: int = 1, told: Mapping[str, str] | None = None
) -> Iterator[Web]:
    """An ASGI app served as ours is, without a look at its loop; `told` is added to what it
    finds in its environment."""
    port = free_port()
    command = [sys.executable, "-m", "kiremisu.server.web", "127.0.0.1", str(port)]
    with running([*command, str(workers), app], port, told) as web:
        yield web


@contextmanager
def running(
    command: Sequence[str], port: int, told: Mapping[str, str] | None = None
) -> Iterator[Web]:
    """A server that this command starts, once it listens on this port."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        # One line a request, as always; nobody reads them here.
        env={**os.environ, **(told or {})},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(port)
        yield Web(port, psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait(15)


def free_port() -> int:
    """One that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(port: int) -> None:
    for _ in range(300):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise TimeoutError("The web server did not start.")

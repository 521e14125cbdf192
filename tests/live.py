"""A real web server on a free port of this machine, on the test's own database."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.db import connection

from tests.watchdog import APP, watching

ROOT = Path(__file__).parents[1]
_START = 600.0  # seconds
# Patient with workers that are to end: on a busy machine that takes long, and whoever never ends is
# still found.
_PATIENT = """
import sys
from kiremisu.server import web
web._SECONDS_TO_END = 45
web.main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
"""
_SERVER = (sys.executable, "-c", _PATIENT)


@dataclass(frozen=True)
class Served:
    """A running server: its base URL without a slash at its end, its process, its log."""

    url: str
    pid: int
    log: Path


@pytest.fixture(scope="session")
def served(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A session's one server, for transaction tests.

    The server sees committed rows only: mark tests `django_db(transaction=True)`. It runs
    under the watchdog: whoever held its event loop is named at the end.
    """
    log = tmp_path_factory.mktemp("live") / "server.log"
    with watching() as told, serving(environment() | told, log) as found:
        yield found


@pytest.fixture(scope="session")
def live(served: Served) -> str:
    """The base URL of `served`."""
    return served.url


def environment() -> dict[str, str]:
    """What a server needs to know to be on the test's own database."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": database_url(),
        "KIREMISU_LOG_FORMAT": "keys",
    }


@contextmanager
def serving(known: dict[str, str], log: Path) -> Iterator[Served]:
    """A server until the end of the block."""
    port = free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*_SERVER, "127.0.0.1", str(port), "1", APP],
            cwd=ROOT,
            env=known,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        await_answer(process, port, log)
        yield Served(f"http://127.0.0.1:{port}", process.pid, log)
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(60)
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def database_url() -> str:
    """The database of this test run as another process is told of it."""
    known = connection.settings_dict
    who = quote(known["USER"], safe="")
    if known.get("PASSWORD"):
        who += f":{quote(known['PASSWORD'], safe='')}"
    rest = {"host": str(known["HOST"]), "port": str(known.get("PORT") or "")}
    query = urlencode({key: value for key, value in rest.items() if value})
    return f"postgres://{who}@/{quote(str(known['NAME']))}?{query}"


def await_answer(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until the server answers. Fails with its log."""
    until = time.monotonic() + _START
    while process.poll() is None and time.monotonic() < until:
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        with suppress(OSError, http.client.HTTPException):
            asked.request("GET", "/healthz")
            asked.getresponse().read()
            asked.close()
            return
        asked.close()
        time.sleep(0.05)
    pytest.fail("The web server did not start:\n" + log.read_text(errors="replace"))

"""The web server keeps nobody waiting for those who are slow."""

import resource
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest

from kiremisu.server import web
from tests.live import ROOT, await_answer, free_port

pytestmark = pytest.mark.slow
_MANY = 1100


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server that waits half a second for the head of a request."""
    port, log = free_port(), tmp_path_factory.mktemp("web") / "log"
    command = [sys.executable, "-m", "tests.kiremisu.server.patience", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
    try:
        await_answer(process, port, Path(log))
        yield port
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture
def many_files() -> Iterator[None]:
    """This process may have as many files open as the test needs."""
    soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    web.files()
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, most))


@pytest.mark.parametrize(
    "head",
    [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"],
    ids=["says nothing", "stops in a header", "asks once and stays"],
)
def test_who_does_not_come_out_with_a_request_is_let_go(impatient: int, head: bytes) -> None:
    # Sooner than the web server would by itself.
    with socket.create_connection(("127.0.0.1", impatient), timeout=25) as connection:
        connection.sendall(head)
        # It ends it, kindly or not.
        with suppress(ConnectionResetError):
            while connection.recv(4096):
                pass


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("many_files", "alice")
def test_a_thousand_idle_and_slow_connections_keep_nobody_waiting(live: str) -> None:
    port = int(live.rpartition(":")[2])
    begun = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
    starts = (b"", begun, begun + b"Content-Length: 9\r\n\r\n1")
    with ExitStack() as stack:
        for number in range(_MANY):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
            slow.sendall(starts[number % len(starts)])
        # Long before any of them is let go.
        assert httpx.get(f"{live}/healthz", timeout=60).status_code == 200
        assert httpx.get(f"{live}/login", timeout=60).status_code == 200


def test_one_that_is_still_loading_stops_when_it_is_told_to() -> None:
    """Whoever does not listen would be killed, some seconds later."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.kiremisu.server.unready", str(free_port())],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "loading\n"
        process.terminate()
        assert "refused to gracefully stop" not in process.stdout.read()

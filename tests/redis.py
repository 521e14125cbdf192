"""A real Redis on a free port of this machine, for as long as a session of tests lasts."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.live import free_port

_START = 120.0  # seconds


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """Where it is. Skips where there is no redis-server; a failure in a strict run."""
    program = shutil.which("redis-server")
    if program is None:
        sentence = "Debian's redis-server is not installed: caches are not tried on Redis"
        if os.environ.get("KIREMISU_TESTS_STRICT"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    port = free_port()
    process = subprocess.Popen(
        [program, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        await_port(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(60)


def await_port(port: int) -> None:
    until = time.monotonic() + _START
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    pytest.fail("redis-server did not start")

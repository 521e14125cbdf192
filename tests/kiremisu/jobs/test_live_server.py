"""Events through the real web server."""

import os
import signal
from pathlib import Path

import httpx
import pytest

from kiremisu.accounts.models import User
from kiremisu.jobs.queue import enqueue
from tests.kiremisu.jobs.streams import PATH, cookie_of
from tests.live import environment, serving
from tests.sockets import opened

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.usefixtures("kinds")
def test_a_browser_hears_of_a_job(live: str, alice: User) -> None:
    signed_in = {"cookie": cookie_of(alice)}
    with httpx.stream("GET", live + PATH, headers=signed_in, timeout=60) as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("retry:")
        job = enqueue("count")
        told = next(line for line in lines if line.startswith("data:"))
        assert str(job.pk) in told


def test_a_stranger_gets_a_problem(live: str) -> None:
    answer = httpx.get(live + PATH, timeout=60)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "unauthenticated"


def test_a_server_that_stops_ends_what_is_followed(alice: User, tmp_path: Path) -> None:
    """What does not end would have it killed, some seconds later."""
    signed_in, log = {"cookie": cookie_of(alice)}, tmp_path / "server.log"
    with (
        serving(environment(), log) as ending,
        httpx.stream("GET", ending.url + PATH, headers=signed_in, timeout=60) as stream,
        opened(ending.url, "/ws/events", origin=ending.url, **signed_in) as socket,
    ):
        lines = stream.iter_lines()
        assert next(lines).startswith("retry:")
        assert socket.next()["type"] == "hello"
        os.kill(ending.pid, signal.SIGTERM)
        assert not any(line.startswith("event:") for line in lines)
    assert "refused to gracefully stop" not in log.read_text()

"""Events through the real web server."""

import httpx
import pytest

from kiremisu.accounts.models import User
from kiremisu.jobs.queue import enqueue
from tests.kiremisu.jobs.streams import PATH, cookie_of

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

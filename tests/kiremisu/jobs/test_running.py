"""Running one job to its end."""

import pytest

from kiremisu.jobs.models import State
from kiremisu.jobs.queue import enqueue
from kiremisu.jobs.running import run_now

pytestmark = pytest.mark.django_db


def test_a_job_runs_to_its_end_and_says_how_far_it_came(kinds: None) -> None:
    job = run_now(enqueue("count"))
    assert (job.state, job.done, job.total, job.message) == (State.DONE, 3, 3, "counted to 3")


def test_a_failure_is_told_in_a_sentence(kinds: None) -> None:
    job = run_now(enqueue("fail"))
    assert (job.state, job.error) == (State.FAILED, "ValueError: the tide is out")

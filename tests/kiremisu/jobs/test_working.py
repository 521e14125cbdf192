"""Real workers in a cluster of their own."""

import pytest

from kiremisu.jobs.models import Job, State
from kiremisu.jobs.queue import cancel, enqueue
from tests.kiremisu.jobs.clusters import Cluster, until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def is_in(job: Job, state: State) -> bool:
    job.refresh_from_db()
    return job.state == state


def at_work(job: Job) -> bool:
    job.refresh_from_db()
    return job.done > 0


def test_a_cluster_that_is_told_to_stop_hands_back_what_it_runs(cluster: Cluster) -> None:
    job = enqueue("endless")
    until(lambda: at_work(job), cluster.watch)
    assert cluster.stop() == 0
    assert is_in(job, State.QUEUED)
    assert job.owner == ""


def test_a_running_job_is_called_off_at_its_next_step(cluster: Cluster) -> None:
    job = enqueue("endless")
    until(lambda: at_work(job), cluster.watch)
    cancel(job)
    until(lambda: is_in(job, State.CANCELLED), cluster.watch)


def test_a_job_that_kills_its_workers_is_quarantined(cluster: Cluster) -> None:
    deadly, harmless = enqueue("deadly"), enqueue("count")
    until(lambda: is_in(deadly, State.FAILED), cluster.watch)
    assert (deadly.all_deaths, deadly.error.split(":")[0]) == (2, "quarantined")
    until(lambda: is_in(harmless, State.DONE), cluster.watch)

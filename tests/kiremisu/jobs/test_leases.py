"""A worker's hold on a job."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from pytest_django import Settings

from kiremisu.jobs import leases
from kiremisu.jobs.models import Job, Priority, State
from kiremisu.jobs.queue import cancel, enqueue
from tests.kiremisu.jobs.kinds import steal

pytestmark = [pytest.mark.quick, pytest.mark.django_db, pytest.mark.usefixtures("kinds")]


def taken(kind: str = "count") -> Job:
    enqueue(kind)
    job = leases.claim("default")
    assert job is not None
    return job


def die(job: Job) -> None:
    """Its worker has not been heard of for a while."""
    Job.objects.filter(pk=job.pk).update(heartbeat=Now() - timedelta(seconds=21))


def test_the_most_urgent_goes_first_then_the_oldest() -> None:
    later = enqueue("count", priority=Priority.LATER)
    first, second = enqueue("count"), enqueue("count")
    now = enqueue("count", priority=Priority.NOW)
    assert [leases.claim("default") for _ in range(4)] == [now, first, second, later]


def test_each_queue_has_its_own_jobs() -> None:
    job = enqueue("count", queue="metadata")
    assert leases.claim("default") is None
    assert leases.claim("metadata") == job


def test_a_job_is_taken_once() -> None:
    job = taken()
    assert (job.state, job.attempts) == (State.RUNNING, 1)
    assert leases.claim("default") is None
    assert leases.claim_this(job) is None


def test_each_taking_has_another_owner() -> None:
    job = taken()
    leases.hand_back(job)
    again = leases.claim("default")
    assert again is not None
    assert again.owner != job.owner


def test_handing_back_uses_up_no_attempt() -> None:
    job = taken()
    leases.hand_back(job)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.owner) == (State.QUEUED, 0, "")


def test_who_lost_the_job_cannot_end_it() -> None:
    job = taken()
    steal(job)
    with pytest.raises(leases.Lost):
        leases.end(job, State.DONE)
    assert not leases.beat(job)


def test_a_failed_job_pauses_longer_each_time() -> None:
    pauses = []
    job = taken()
    for _ in range(2):
        leases.fail(job, "no")
        job.refresh_from_db()
        assert (job.state, job.error) == (State.WAITING, "no")
        pauses.append((job.not_before - job.updated).total_seconds())
        job = leases.claim_this(job) or job
    assert 5 <= pauses[0] <= 15
    assert 20 <= pauses[1] <= 60


def test_the_third_failure_is_the_last() -> None:
    job = taken()
    for _ in range(3):
        leases.fail(job, "no")
        job = leases.claim_this(job) or job
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.FAILED, 3)


def test_a_pausing_job_is_taken_when_its_time_has_come() -> None:
    job = taken()
    leases.fail(job, "no")
    assert leases.claim("default") is None
    Job.objects.filter(pk=job.pk).update(not_before=Now())
    assert leases.claim("default") == job


def test_the_job_of_a_dead_worker_goes_to_another() -> None:
    job = taken()
    die(job)
    assert leases.sweep() == 1
    again = leases.claim("default")
    assert again is not None
    assert (again.pk, again.deaths, again.attempts) == (job.pk, 1, 1)


def test_a_worker_that_beats_keeps_its_job() -> None:
    job = taken()
    die(job)
    assert leases.beat(job)
    assert leases.sweep() == 0


def test_two_deaths_without_a_step_between_are_enough() -> None:
    job = taken("deadly")
    for _ in range(2):
        die(job)
        leases.sweep()
        leases.claim("default")
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert job.error.startswith("quarantined")


def test_no_job_kills_workers_for_ever(settings: Settings) -> None:
    settings.JOB_ALL_DEATHS = 4
    job = taken()
    for _ in range(4):
        Job.objects.filter(pk=job.pk).update(deaths=0)
        die(job)
        leases.sweep()
        leases.claim("default")
    job.refresh_from_db()
    assert job.state == State.FAILED


def test_a_dead_job_that_was_called_off_is_not_run_again() -> None:
    job = taken()
    cancel(job)
    die(job)
    leases.sweep()
    job.refresh_from_db()
    assert job.state == State.CANCELLED

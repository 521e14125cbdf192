"""Running one job to its end."""

import threading

import pytest
import structlog
from django.db import connection
from pytest_django import Settings

from kiremisu.jobs import leases, working
from kiremisu.jobs.heartbeat import beating
from kiremisu.jobs.models import Job, Priority, State
from kiremisu.jobs.queue import enqueue
from kiremisu.jobs.running import Step, Work, run, run_now
from tests.kiremisu.jobs import kinds as kinds_of_tests
from tests.kiremisu.jobs.kinds import steal

pytestmark = [pytest.mark.quick, pytest.mark.django_db, pytest.mark.usefixtures("kinds")]


def taken(kind: str, **facts: object) -> Job:
    enqueue(kind, **facts)  # type: ignore[arg-type]
    job = leases.claim("default")
    assert job is not None
    return job


def test_a_job_runs_to_its_end_and_says_how_far_it_came() -> None:
    job = run_now(enqueue("count"))
    assert (job.state, job.done, job.total, job.message) == (State.DONE, 3, 3, "counted to 3")


def test_a_failure_is_told_in_a_sentence() -> None:
    job = run_now(enqueue("fail"))
    assert (job.state, job.error) == (State.FAILED, "ValueError: the tide is out")


def test_a_job_that_is_put_off_waits_and_uses_up_no_attempt() -> None:
    job = taken("wait")
    run(job)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.message) == (State.WAITING, 0, "the harbour is closed")
    assert job.not_before is not None


def test_a_job_that_was_called_off_is_not_put_off() -> None:
    job = taken("wait")
    Job.objects.update(cancel_asked=True)
    run(job)
    job.refresh_from_db()
    assert job.state == State.CANCELLED


def test_what_fails_to_apply_leaves_no_trace() -> None:
    job = run_now(enqueue("fumble"))
    assert (job.state, Job.objects.count()) == (State.FAILED, 1)


def test_who_lost_the_job_applies_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def robbed(work: Work) -> object:
        steal(work.job)
        yield Step(1, 1, apply=lambda: enqueue("count"))

    monkeypatch.setattr(kinds_of_tests, "count", robbed)
    job = taken("count")
    run(job)
    assert Job.objects.count() == 1
    assert Job.objects.get().owner == "somebody:1:else"


def test_effect_and_end_can_be_one() -> None:
    job = run_now(enqueue("finish"))
    assert job.state == State.DONE
    assert Job.objects.filter(key="effect").exists()


def test_a_job_that_is_called_off_is_closed_at_its_step() -> None:
    job = run_now(enqueue("half"))
    assert (job.state, job.done) == (State.CANCELLED, 1)
    assert Job.objects.filter(key="closed").exists()


def test_a_stopped_job_goes_on_from_its_cursor() -> None:
    job = taken("count")
    run(job, stop=lambda: True)
    job.refresh_from_db()
    assert (job.state, job.done, job.raw_cursor) == (State.QUEUED, 1, {"at": 1})
    seen: list[str] = []
    assert run_now(job, watch=lambda job: seen.append(job.message)).done == 3
    assert "counted to 1" not in seen


def test_a_job_makes_way_for_a_more_urgent_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiremisu.jobs.running._AT_LEAST", 0)
    job = taken("makes_way")
    enqueue("count", priority=Priority.NOW)
    run(job)
    job.refresh_from_db()
    assert job.state == State.QUEUED


def test_log_lines_of_a_job_carry_its_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    bound: dict[str, object] = {}

    def note(work: Work) -> object:
        bound.update(structlog.contextvars.get_contextvars())
        yield Step(1, 1)

    monkeypatch.setattr(kinds_of_tests, "count", note)
    job = run_now(enqueue("count"))
    assert bound == {"request_id": job.request_id, "job": str(job.pk)}


def test_a_kind_that_is_gone_fails_its_jobs(settings: Settings) -> None:
    job = enqueue("count")
    settings.JOBS = {}
    assert "no kind of job named 'count'" in run_now(job).error


def test_a_person_who_stops_a_job_leaves_it_to_the_workers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(work: Work) -> object:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(kinds_of_tests, "count", interrupted)
    job = enqueue("count")
    with pytest.raises(KeyboardInterrupt):
        run_now(job)
    job.refresh_from_db()
    assert job.state == State.QUEUED


def test_the_end_of_a_wake_up_is_a_failed_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(work: Work) -> object:
        raise SystemExit("too long")
        yield

    monkeypatch.setattr(kinds_of_tests, "count", late)
    job = taken("count")
    with pytest.raises(SystemExit):
        run(job)
    job.refresh_from_db()
    assert (job.state, job.error) == (State.WAITING, "SystemExit: too long")


def test_a_worker_works_until_nothing_is_left() -> None:
    for _ in range(3):
        enqueue("count")
    assert working.work("default") == 3
    assert set(Job.objects.values_list("state", flat=True)) == {State.DONE}


def test_a_long_wake_up_asks_for_the_next(settings: Settings) -> None:
    settings.JOB_WAKE_LENGTH = 0
    enqueue("count")
    assert working.work("default") == 0


@pytest.mark.django_db(transaction=True)
def test_a_running_job_beats(settings: Settings) -> None:
    settings.JOB_HEARTBEAT = 0.01
    job = taken("count")
    first = job.heartbeat
    with beating(job, None):
        while job.heartbeat == first:
            job.refresh_from_db()


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_hangs_is_noticed(settings: Settings) -> None:
    settings.JOB_HEARTBEAT, settings.JOB_STEP_LIMIT = 0.01, 0
    stuck = threading.Event()
    with beating(taken("count"), stuck.set):
        assert stuck.wait(60)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_costs_an_attempt_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def cut(work: Work) -> object:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        yield Step(1, 1)

    monkeypatch.setattr(kinds_of_tests, "count", cut)
    job = taken("count")
    run(job)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.WAITING, 1)


@pytest.mark.django_db(transaction=True)
def test_who_asks_for_a_job_that_a_worker_has_waits_for_that_worker() -> None:
    job = taken("count")
    seen: list[str] = []

    def watch(now: Job) -> None:
        seen.append(now.state)
        if now.state == State.RUNNING:
            run(job)

    assert run_now(job, watch).state == State.DONE
    assert seen == [State.RUNNING, State.DONE]


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_get_one_job() -> None:
    ready = threading.Barrier(2)
    asked: list[Job] = []

    def ask() -> None:
        ready.wait()
        asked.append(enqueue("count", key="tide"))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert asked[0].pk == asked[1].pk


def test_only_an_effect_makes_earlier_deaths_forgotten() -> None:
    deaths = []
    for kind in ("count", "finish"):
        job = enqueue(kind)
        Job.objects.filter(pk=job.pk).update(deaths=1)
        deaths.append(run_now(job).deaths)
    assert deaths == [1, 0]


def test_no_work_takes_as_long_as_until_it_is_given_to_another(settings: Settings) -> None:
    for cluster in (settings.Q_CLUSTER, *settings.Q_CLUSTER["ALT_CLUSTERS"].values()):
        assert settings.JOB_STEP_LIMIT < settings.JOB_WAKE_LENGTH < cluster["timeout"]
        assert cluster["timeout"] < cluster["retry"]
    assert 3 * settings.JOB_HEARTBEAT < settings.JOB_LEASE

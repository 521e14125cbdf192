"""Asking for work, calling it off, asking again."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from kiremisu.accounts.models import User
from kiremisu.jobs import leases
from kiremisu.jobs.models import Arguments, Job, Priority, State
from kiremisu.jobs.queue import cancel, chain, enqueue, retry
from kiremisu.jobs.running import run_now
from kiremisu.jobs.waking import push
from kiremisu.lib import logs
from kiremisu.lib.errors import Conflict, Forbidden

pytestmark = [pytest.mark.quick, pytest.mark.django_db, pytest.mark.usefixtures("kinds")]


def test_an_unknown_kind_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(LookupError, match="tidy"):
        enqueue("tidy")


def test_a_job_carries_the_id_of_the_request_that_asked_for_it() -> None:
    with logs.bound(request_id="a-request"):
        assert enqueue("count").request_id == "a-request"


def test_a_job_that_nobody_requested_has_an_id_of_its_own() -> None:
    assert len(enqueue("count").request_id) == 32


def test_who_asks_for_the_same_joins_the_job_that_lives() -> None:
    first, second = enqueue("count", key="tide"), enqueue("count", key="tide")
    assert first == second
    assert Job.objects.count() == 1


def test_who_joins_in_a_hurry_hurries_the_job() -> None:
    enqueue("count", key="tide", priority=Priority.LATER)
    assert enqueue("count", key="tide", priority=Priority.NOW).priority == Priority.NOW


def test_once_the_job_has_ended_the_same_can_be_asked_again() -> None:
    first = run_now(enqueue("count", key="tide"))
    assert enqueue("count", key="tide") != first


def test_a_job_can_wait_for_its_time() -> None:
    enqueue("count", not_before=timezone.now() + timedelta(hours=1))
    assert leases.claim("default") is None


def test_arguments_reach_the_kind() -> None:
    assert run_now(enqueue("count", arguments={"to": 7})).done == 7


def test_arguments_are_read_by_name() -> None:
    job = enqueue("count", arguments={"to": 7})
    assert (job.argument("to"), job.argument("from")) == (7, None)
    assert isinstance(job.arguments, Arguments)


def test_a_waiting_job_is_called_off_at_once() -> None:
    assert cancel(enqueue("count")).state == State.CANCELLED


def test_a_running_job_is_asked_to_stop() -> None:
    enqueue("count")
    job = leases.claim("default")
    assert job is not None
    told = cancel(job)
    assert (told.state, told.cancel_asked) == (State.RUNNING, True)


def test_a_stranger_may_not_call_it_off(alice: User, bob: User) -> None:
    job = enqueue("count", asked_by=alice)
    with pytest.raises(Forbidden):
        cancel(job, by=bob)


def test_who_asked_may_call_it_off(bob: User) -> None:
    assert cancel(enqueue("count", asked_by=bob), by=bob).state == State.CANCELLED


def test_a_cancelled_job_goes_on_when_asked_again() -> None:
    job = retry(cancel(enqueue("count")))
    assert run_now(job).state == State.DONE


def test_nothing_is_tried_again_while_the_same_is_under_way() -> None:
    failed = run_now(enqueue("fail", key="tide"))
    enqueue("count", key="tide")
    with pytest.raises(Conflict):
        retry(failed)


def test_steps_run_in_order() -> None:
    parent = run_now(chain([("count", {"to": 1}), ("count", {"to": 2})]))
    assert (parent.state, parent.done, parent.total) == (State.DONE, 2, 2)
    first, second = parent.steps.order_by("step")
    assert first.finished <= second.started


def test_a_step_waits_for_the_one_before() -> None:
    parent = chain([("count", {}), ("count", {})])
    taken = leases.claim("default")
    assert taken is not None
    assert taken.step == 0
    assert leases.claim("default") is None
    assert parent.state == State.WAITING


def test_a_chain_stops_at_the_first_failure() -> None:
    parent = run_now(chain([("fail", {}), ("count", {})]))
    states = list(parent.steps.order_by("step").values_list("state", flat=True))
    assert (parent.state, states) == (State.FAILED, [State.FAILED, State.CANCELLED])
    assert parent.error == "ValueError: the tide is out"


def test_a_chain_is_tried_again_from_where_it_failed(settings: Settings) -> None:
    parent = run_now(chain([("count", {}), ("fail", {}), ("count", {})]))
    settings.JOBS = settings.JOBS | {"fail": settings.JOBS["count"]}
    Job.objects.filter(kind="fail").update(kind="count")
    parent = run_now(retry(parent))
    assert (parent.state, parent.done) == (State.DONE, 3)
    assert set(parent.steps.values_list("state", flat=True)) == {State.DONE}


def test_a_chain_is_called_off_as_a_whole() -> None:
    parent = cancel(chain([("count", {}), ("count", {})]))
    states = set(parent.steps.values_list("state", flat=True))
    assert (parent.state, states) == (State.CANCELLED, {State.CANCELLED})


def test_a_chain_is_joined_by_its_key() -> None:
    steps = [("count", {"to": 1})]
    assert chain(steps, key="tide") == chain(steps, key="tide")
    assert Job.objects.count() == 2


def test_a_job_is_committed_before_a_worker_is_woken(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        enqueue("count", queue="metadata")
        assert not OrmQ.objects.exists()
    assert list(OrmQ.objects.values_list("key", flat=True)) == ["metadata"]


def test_no_more_are_woken_than_there_are_workers() -> None:
    for _ in range(5):
        push("default")
        push("metadata")
    keys = sorted(OrmQ.objects.values_list("key", flat=True))
    assert keys == ["default", "default", "metadata"]


def test_nobody_is_woken_while_all_work() -> None:
    enqueue("count", queue="metadata")
    leases.claim("metadata")
    push("metadata")
    assert not OrmQ.objects.exists()


def test_waking_can_be_switched_off(settings: Settings) -> None:
    settings.JOBS_WAKE = False
    push("default")
    assert not OrmQ.objects.exists()

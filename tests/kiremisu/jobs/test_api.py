"""Jobs over the API: they are listed, called off and tried again; strangers see nothing."""

from uuid import uuid4

import pytest

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job, State
from kiremisu.jobs.queue import enqueue
from kiremisu.jobs.running import run_now
from library.models import Library
from tests.asking import Asker

pytestmark = [pytest.mark.quick, pytest.mark.usefixtures("kinds")]

FIELDS = {
    *("id", "kind", "state", "priority", "attempts", "done", "total", "message", "error"),
    *("parent", "request_id", "created", "updated", "started", "finished"),
}


def test_a_job_says_what_was_promised_and_no_more(alice: User) -> None:
    job = run_now(enqueue("count"))
    told = Asker(alice).get(f"jobs/{job.pk}")
    assert set(told) == FIELDS
    assert (told["state"], told["done"], told["total"], told["attempts"]) == ("done", 3, 3, 1)


def test_the_newest_job_stands_first(alice: User) -> None:
    old, new = enqueue("count"), enqueue("fail")
    listed = Asker(alice).get("jobs")["items"]
    assert [job["id"] for job in listed] == [str(new.pk), str(old.pk)]


def test_the_list_can_be_asked_for_one_state(alice: User) -> None:
    enqueue("count")
    failed = run_now(enqueue("fail"))
    told = Asker(alice).get("jobs", state="failed")
    assert [job["id"] for job in told["items"]] == [str(failed.pk)]
    assert told["total"] == 1


def test_a_state_that_does_not_exist_is_refused(alice: User) -> None:
    assert Asker(alice).get("jobs", 422, state="asleep")["code"] == "invalid"


def test_a_stranger_sees_nothing(charlie: User, private: Library) -> None:
    job = enqueue("scan", subject=private.pk)
    assert Asker(charlie).get("jobs")["total"] == 0
    assert Asker(charlie).get(f"jobs/{job.pk}", 404)["code"] == "not_found"
    assert Asker(charlie).post(f"jobs/{job.pk}/cancel", status=404)["code"] == "not_found"


def test_who_may_open_a_library_sees_its_scans(bob: User, private: Library) -> None:
    job = enqueue("scan", subject=private.pk)
    assert Asker(bob).get(f"jobs/{job.pk}")["id"] == str(job.pk)


def test_only_who_asked_or_curates_may_call_it_off(
    alice: User, bob: User, private: Library
) -> None:
    job = enqueue("scan", subject=private.pk, asked_by=alice)
    assert Asker(bob).post(f"jobs/{job.pk}/cancel", status=403)["code"] == "forbidden"
    assert Asker(alice).post(f"jobs/{job.pk}/cancel")["state"] == "cancelled"


def test_what_has_ended_cannot_be_called_off(alice: User) -> None:
    job = run_now(enqueue("count"))
    assert Asker(alice).post(f"jobs/{job.pk}/cancel", status=409)["code"] == "conflict"


def test_a_failed_job_is_tried_again(alice: User) -> None:
    job = run_now(enqueue("fail"))
    told = Asker(alice).post(f"jobs/{job.pk}/retry")
    assert (told["state"], told["error"], told["attempts"]) == ("queued", "", 0)


def test_a_job_that_is_done_is_not_tried_again(alice: User) -> None:
    job = run_now(enqueue("count"))
    assert Asker(alice).post(f"jobs/{job.pk}/retry", status=409)["code"] == "conflict"


def test_a_job_that_never_was_is_not_there(alice: User) -> None:
    assert Asker(alice).get(f"jobs/{uuid4()}", 404)["code"] == "not_found"


def test_the_list_takes_a_set_number_of_queries(
    alice: User, django_assert_num_queries: object
) -> None:
    asker = Asker(alice)
    for _ in range(5):
        enqueue("count")
    assert Job.objects.filter(state=State.QUEUED).count() == 5
    with django_assert_num_queries(4):  # type: ignore[operator]
        asker.get("jobs")

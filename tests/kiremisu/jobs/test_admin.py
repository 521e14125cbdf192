"""Jobs on the curation desk."""

import pytest
from django.test import Client
from django.urls import reverse

from kiremisu.accounts.models import User
from kiremisu.jobs.models import State
from kiremisu.jobs.queue import cancel, enqueue

pytestmark = [pytest.mark.quick, pytest.mark.usefixtures("kinds")]
LIST = reverse("admin:jobs_job_changelist")


@pytest.fixture
def desk(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


def test_jobs_are_listed_and_cannot_be_made_by_hand(desk: Client) -> None:
    enqueue("count")
    assert b"count" in desk.get(LIST).content
    assert desk.get(reverse("admin:jobs_job_add")).status_code == 403


def test_jobs_are_called_off_and_tried_again(desk: Client) -> None:
    job = enqueue("count")
    desk.post(LIST, {"action": "cancel", "_selected_action": [str(job.pk)]})
    job.refresh_from_db()
    assert job.state == State.CANCELLED
    desk.post(LIST, {"action": "retry", "_selected_action": [str(job.pk)]})
    job.refresh_from_db()
    assert job.state == State.QUEUED


def test_what_cannot_be_done_is_said(desk: Client) -> None:
    job = cancel(enqueue("count"))
    asked = {"action": "cancel", "_selected_action": [str(job.pk)]}
    assert b"has ended already" in desk.post(LIST, asked, follow=True).content

"""Scans that are asked for by a schedule."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job, State
from library import curation
from library.models import Library
from library.scanning import timetable
from tests.asking import Asker
from tests.factories import make_library

pytestmark = pytest.mark.django_db


@pytest.fixture
def library() -> Library:
    return curation.change_library(make_library(), schedule="daily 03:30")


def test_a_scan_is_asked_for_when_its_time_has_come_and_not_before(library: Library) -> None:
    assert library.next_scan is not None
    assert timetable.ask(library.next_scan - timedelta(seconds=1)) == []
    (job,) = timetable.ask(library.next_scan + timedelta(seconds=14))
    assert (job.kind, job.subject, job.asked_by) == ("scan", library.pk, None)


def test_it_is_asked_for_once_however_often_one_looks(library: Library) -> None:
    due = library.next_scan
    assert due is not None
    timetable.ask(due)
    Job.objects.update(state=State.DONE)
    assert [timetable.ask(due + timedelta(seconds=after)) for after in (0, 15, 3600)] == [[]] * 3
    library.refresh_from_db()
    assert library.next_scan == due + timedelta(days=1)


def test_what_was_due_while_the_server_slept_is_made_up_for_once(library: Library) -> None:
    late = timezone.now() + timedelta(days=9)
    assert len(timetable.ask(late)) == 1
    library.refresh_from_db()
    assert library.next_scan is not None
    assert late < library.next_scan <= late + timedelta(days=1)


def test_without_a_schedule_nothing_is_asked_for(library: Library) -> None:
    curation.change_library(library, schedule="")
    assert timetable.ask(timezone.now() + timedelta(days=9)) == []


def test_the_api_sets_a_schedule_and_refuses_what_is_none(alice: User) -> None:
    path = f"libraries/{make_library().pk}"
    told = Asker(alice).patch(path, {"schedule": "every 6 hours"})
    assert told["schedule"] == "every 6 hours"
    assert told["next_scan"] is not None
    Asker(alice).patch(path, {"schedule": "at noon"}, 422)

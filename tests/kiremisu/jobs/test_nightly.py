"""Work that is asked for by itself, once a night."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kiremisu.jobs import nightly
from kiremisu.jobs.models import Job

pytestmark = [pytest.mark.quick, pytest.mark.django_db]

NIGHT = datetime(2026, 3, 14, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def asleep(settings: Any) -> None:
    settings.JOBS_WAKE = False
    settings.JOBS_NIGHTLY = ["check"]


def asked(at: datetime) -> list[str]:
    """The kinds asked for at this time, each as if made then."""
    kinds = []
    for job in nightly.ask(at):
        Job.objects.filter(pk=job.pk).update(created=at, state="done")
        kinds.append(job.kind)
    return kinds


def test_it_is_asked_for_once_a_night() -> None:
    old = Job.objects.create(kind="scan", state="done")
    Job.objects.filter(pk=old.pk).update(created=NIGHT - timedelta(days=3))
    times = [NIGHT, NIGHT + timedelta(hours=2), NIGHT + timedelta(hours=23, minutes=59)]
    assert [asked(at) for at in times] == [["check"], [], []]
    assert asked(NIGHT + timedelta(days=1)) == ["check"]


def test_a_server_that_slept_asks_when_it_wakes() -> None:
    old = Job.objects.create(kind="scan", state="done")
    Job.objects.filter(pk=old.pk).update(created=NIGHT - timedelta(days=3))
    assert asked(NIGHT + timedelta(hours=9)) == ["check"]


def test_a_new_server_waits_for_its_first_night() -> None:
    fresh = Job.objects.create(kind="scan", state="done")
    Job.objects.filter(pk=fresh.pk).update(created=NIGHT + timedelta(hours=5))
    assert asked(NIGHT + timedelta(hours=6)) == []
    assert asked(NIGHT + timedelta(days=1)) == ["check"]

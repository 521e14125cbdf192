"""What stands beside the work in each worker process."""

import signal
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django_q.models import OrmQ
from django_q.signals import post_spawn
from pytest_django import Settings

from kiremisu.jobs import leases, working
from kiremisu.jobs.models import Job, State
from kiremisu.jobs.queue import enqueue

pytestmark = [
    pytest.mark.quick,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("kinds"),
]


class Cluster:
    """Takes note of the signals that reach it."""

    def __init__(self) -> None:
        self.heard: list[int] = []

    def sig_handler(self, number: int, frame: object) -> None:
        self.heard.append(number)


@pytest.fixture
def attended() -> Iterator[Cluster]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    cluster = Cluster()
    working.attend(cluster)
    yield cluster
    working._stopping[0] = 0
    post_spawn.disconnect(working._begin)
    for number, handler in before.items():
        signal.signal(number, handler)


def sweep_once(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.JOB_SWEEP = 0
    rounds = iter([False, True])
    monkeypatch.setattr(working, "is_stopping", lambda: next(rounds))
    thread = threading.Thread(target=working.sweep_until_stopped)
    thread.start()
    thread.join()


def test_a_sweep_frees_what_a_dead_worker_had(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    job = enqueue("count")
    leases.claim("default")
    Job.objects.update(heartbeat=Now() - timedelta(minutes=1))
    sweep_once(monkeypatch, settings)
    job.refresh_from_db()
    assert job.state == State.QUEUED


def test_a_sweep_wakes_where_a_wake_up_was_lost(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    enqueue("count")
    OrmQ.objects.all().delete()
    sweep_once(monkeypatch, settings)
    assert OrmQ.objects.filter(key="default").exists()


def test_a_signal_stops_the_workers_and_the_cluster(attended: Cluster) -> None:
    enqueue("count")
    signal.raise_signal(signal.SIGTERM)
    assert attended.heard == [signal.SIGTERM]
    assert working.is_stopping()
    assert working.work("default") == 0


def test_each_worker_sweeps_from_its_start(attended: Cluster) -> None:
    working._stopping[0] = 1
    post_spawn.send(sender="django_q", proc_name="worker")
    sweeping = [thread for thread in threading.enumerate() if thread.name == "sweep"]
    for thread in sweeping:
        thread.join()
    assert not [thread for thread in sweeping if thread.is_alive()]

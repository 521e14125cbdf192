"""Is the process there, and is everything behind it?"""

from pathlib import Path

import pytest
from django.db import OperationalError, connections
from django.test import override_settings

from kiremisu.lib.asgi import Receive, Scope, Send
from kiremisu.lib.threads import close_seats
from kiremisu.outer import health
from kiremisu.server import locks
from tests.raw import Answer, answered, scope


async def app(asked: Scope, receive: Receive, send: Send) -> None:
    await health.ready(asked, receive, send)
    await close_seats()


def ready(data_dir: Path) -> Answer:
    with override_settings(DATA_DIR=data_dir):
        return answered(app, scope("/readyz"))


@pytest.mark.quick
def test_a_process_that_answers_lives() -> None:
    assert answered(health.alive, scope("/healthz")).json == {"status": "ok"}


@pytest.mark.django_db(transaction=True)
def test_all_is_ready_when_every_cluster_has_a_process(tmp_path: Path) -> None:
    held = [locks.take(tmp_path / f"{name}.cluster") for name in locks.CLUSTERS]
    told = ready(tmp_path)
    assert all(held)
    assert (told.status, told.json["status"]) == (200, "ok")


@pytest.mark.django_db(transaction=True)
def test_without_workers_it_is_not_ready_and_says_so(tmp_path: Path) -> None:
    told = ready(tmp_path)
    assert told.status == 503
    assert told.json | {"migrations": "ok"} == {
        "status": "unavailable",
        "database": "ok",
        "migrations": "ok",
        "workers": "unavailable",
    }


@pytest.mark.django_db
def test_without_the_database_it_is_not_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise OperationalError("gone")

    kind = type(connections["default"])
    monkeypatch.setattr(kind, "ensure_connection", lambda _: gone())
    told = ready(tmp_path)
    assert (told.status, told.json["database"]) == (503, "unavailable")


@pytest.mark.quick
def test_a_lock_is_taken_once(tmp_path: Path) -> None:
    first = locks.take(tmp_path / "lock")
    assert first
    assert locks.take(tmp_path / "lock") is None

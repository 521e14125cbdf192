"""Notices from one process to all."""

import threading
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import connection, transaction

from kiremisu.lib.notices import Notice, announce, listen, stop_listening, wait_until_listening

pytestmark = pytest.mark.django_db(transaction=True)
TIDE = UUID(int=7)


class Ear:
    """What was heard of one topic."""

    def __init__(self, topic: str) -> None:
        self.notices: list[Notice] = []
        self.heard = threading.Event()
        self.deafen = listen(topic, self._hear)
        assert wait_until_listening(60)

    def _hear(self, notice: Notice) -> None:
        self.notices.append(notice)
        self.heard.set()

    def wait(self) -> Notice:
        assert self.heard.wait(60)
        return self.notices[-1]


@pytest.fixture(autouse=True)
def silence() -> Iterator[None]:
    yield
    stop_listening()


def test_what_is_announced_is_heard() -> None:
    ear = Ear("tide")
    announce("tide", TIDE, height=3)
    assert ear.wait() == Notice("tide", TIDE, {"height": 3})


def test_what_is_rolled_back_was_never_said() -> None:
    ear = Ear("tide")
    with transaction.atomic():
        announce("tide", UUID(int=8))
        transaction.set_rollback(True)
    announce("tide", TIDE)
    assert ear.wait().subject == TIDE
    assert len(ear.notices) == 1


def test_too_many_facts_are_left_out() -> None:
    ear = Ear("tide")
    announce("tide", TIDE, story="x" * 9000)
    assert ear.wait() == Notice("tide", TIDE)


def test_nonsense_on_the_channel_is_passed_over() -> None:
    ear = Ear("tide")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('kiremisu', 'no json')")
    announce("tide", TIDE)
    assert ear.wait().subject == TIDE


def test_one_listener_that_fails_does_not_silence_the_next() -> None:
    def broken(notice: Notice) -> None:
        raise ValueError

    deafen = listen("tide", broken)
    ear = Ear("tide")
    announce("tide", TIDE)
    assert ear.wait().subject == TIDE
    deafen()


def test_who_no_longer_listens_hears_nothing() -> None:
    first, second = Ear("tide"), Ear("tide")
    first.deafen()
    announce("tide", TIDE)
    second.wait()
    assert not first.notices

"""Another server is called so often at most by all processes together; who waits goes first."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from itertools import count

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from kiremisu.lib.errors import Unavailable
from metadata import pace
from metadata.models import Upstream as Row
from metadata.pace import turn
from tests.live import ROOT, environment
from tests.upstream import serving
from tests.upstream.hammering import hammer

NAME = "mangadex"


def is_free(*, urgent: bool = False) -> bool:
    try:
        with turn(NAME, urgent=urgent, patience=0):
            return True
    except Unavailable:
        return False


@pytest.mark.quick
@pytest.mark.django_db
def test_there_are_three_turns_at_once() -> None:
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(turn(NAME, urgent=False, patience=0))
        assert not is_free()
    assert is_free()


@pytest.mark.quick
@pytest.mark.django_db
def test_a_turn_is_taken_again_a_while_after_its_call_ended(settings: Settings) -> None:
    settings.UPSTREAM_WINDOW = 30.0
    for _ in range(3):
        assert is_free()
    assert not is_free()
    # That while after the end is over for one of them.
    row = Row.objects.get()
    row.turns[1] = timezone.now()
    row.save()
    assert is_free()
    assert not is_free()


@pytest.mark.quick
@pytest.mark.django_db
def test_between_two_calls_there_is_a_pause(settings: Settings) -> None:
    settings.UPSTREAM_PAUSE = 30.0
    assert is_free()
    with pytest.raises(Unavailable) as refused, turn(NAME, urgent=False, patience=10):
        pass
    assert (refused.value.code, refused.value.retry_after) == ("upstream_busy", 30)
    Row.objects.update(next_at=timezone.now())
    assert is_free()


@pytest.mark.quick
@pytest.mark.django_db
def test_what_runs_by_itself_stands_back_while_somebody_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pace, "_ANNOUNCED", timedelta(minutes=1))
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(turn(NAME, urgent=False, patience=0))
        assert not is_free(urgent=True)
    assert not is_free()
    assert is_free(urgent=True)
    # Who waited is gone.
    Row.objects.update(urgent_until=timezone.now())
    assert is_free()


@pytest.mark.quick
@pytest.mark.django_db
def test_it_stands_back_until_the_turn_that_is_waited_for_was_taken(settings: Settings) -> None:
    settings.UPSTREAM_WINDOW = 30.0
    for _ in range(3):
        assert is_free()
    assert not is_free(urgent=True)
    row = Row.objects.get()
    assert row.urgent_until > min(row.turns)


@pytest.mark.quick
@pytest.mark.django_db
def test_a_turn_whose_process_died_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "LEASE", timedelta(0))
    with ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(turn(NAME, urgent=False, patience=0))


@pytest.mark.quick
@pytest.mark.django_db
def test_who_comes_back_too_late_takes_nobodys_turn_away() -> None:
    with turn(NAME, urgent=False, patience=0):
        now_another = timezone.now() + timedelta(minutes=1)
        Row.objects.update(turns=[now_another] * 3)
    assert Row.objects.get().turns == [now_another] * 3


@pytest.mark.django_db(transaction=True)
def test_a_persons_call_comes_before_all_that_runs_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pace, "_ANNOUNCED", timedelta(minutes=1))
    order: list[str] = []

    def call(name: str, urgent: bool) -> None:
        try:
            with turn(NAME, urgent=urgent, patience=120):
                order.append(name)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool, ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(turn(NAME, urgent=False, patience=0))
        waiting = [pool.submit(call, "job", False) for _ in range(3)]
        waiting.append(pool.submit(call, "person", True))
        _wait(lambda: Row.objects.get().urgent_until > timezone.now())
        stack.close()
        waiting[-1].result()
        # Who waited is gone.
        Row.objects.update(urgent_until=timezone.now())
        for each in waiting:
            each.result()
    assert order[0] == "person"


def _wait(until: Callable[[], bool]) -> None:
    for tries in count():
        if until():
            return
        assert tries < 100_000


@pytest.mark.django_db(transaction=True)
def test_processes_together_never_call_more_often(settings: Settings) -> None:
    """In a tenth of the time: of no stretch of 0.1 s did more than three calls come."""
    command = [sys.executable, "-m", "tests.upstream.hammering"]
    settings.UPSTREAM_WINDOW = 0.1
    with serving() as upstream, ThreadPoolExecutor(2) as pool:
        settings.MANGADEX_URL = upstream.url
        with subprocess.Popen(
            [*command, upstream.url, "salt", "8", "2", "--window", "0.1"],
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.PIPE,
        ) as process:
            mine = [pool.submit(hammer, word, 8) for word in ("paper", "comet")]
            found = Counter(json.loads(process.communicate()[0].splitlines()[-1]))
    assert sum((each.result() for each in mine), found) == {"answered": 32}
    assert len(upstream.asked) == 32
    assert upstream.busiest(seconds=0.1) <= 3

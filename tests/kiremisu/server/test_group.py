"""A group of processes: kept running, stopped together."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from kiremisu.server import group
from kiremisu.server.group import Child, Group

pytestmark = pytest.mark.slow

SITTING = "tests.kiremisu.server.sitting"


@pytest.fixture(autouse=True)
def as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    environment = dict(os.environ)
    monkeypatch.setattr(group, "_FIRST_PAUSE", 0.01)
    yield
    os.environ.clear()
    os.environ.update(environment)
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def told(folder: Path) -> list[int]:
    return [int(found.name) for found in folder.iterdir()]


def run_until(children: list[Child], is_so: Callable[[], bool]) -> Group:
    """Run a group until something is so, then have it stop by a signal."""
    deadline = time.monotonic() + 600

    def watch() -> None:
        if is_so() or time.monotonic() > deadline:
            os.kill(os.getpid(), signal.SIGTERM)

    running = Group(children, watch)
    running.run()
    assert time.monotonic() < deadline, "waited in vain"
    return running


def test_children_run_until_the_group_is_told_to_stop(tmp_path: Path) -> None:
    children = [Child("one", SITTING, [str(tmp_path)]), Child("two", SITTING, [str(tmp_path)])]
    run_until(children, lambda: len(told(tmp_path)) == 2)
    assert [child.process and child.process.returncode for child in children] == [-15, -15]


def test_a_child_that_ends_is_started_again(tmp_path: Path) -> None:
    child = Child("short", SITTING, [str(tmp_path), "short"])
    run_until([child], lambda: len(told(tmp_path)) >= 3)
    assert child.deaths >= 2


def test_one_that_keeps_ending_is_left_alone_for_longer_and_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(group, "_FIRST_PAUSE", 0.5)
    monkeypatch.setattr(group.time, "monotonic", lambda: 100.0)
    child, pauses = Child("gone", "kiremisu"), []
    for _ in range(9):
        child.start()
        assert child.process
        child.process.wait()
        child.look()
        pauses.append(child.due - 100.0)
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]


def test_whoever_does_not_listen_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group, "PATIENCE", 0.2)
    child = Child("deaf", SITTING, [str(tmp_path), "deaf"])
    run_until([child], lambda: len(told(tmp_path)) == 1)
    assert child.process
    assert child.process.returncode == -9


def test_what_a_child_forked_goes_with_it(
    tmp_path: Path, until: Callable[[Callable[[], bool]], None]
) -> None:
    child = Child("parent", SITTING, [str(tmp_path), "parent"])
    run_until([child], lambda: len(told(tmp_path)) == 2)
    until(lambda: not any(is_running(pid) for pid in told(tmp_path)))


def is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False

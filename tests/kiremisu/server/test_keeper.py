"""The end of a keeper, seen from inside."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiremisu.server import embedded, keeper
from kiremisu.server.locks import open_lock, taken_by

pytestmark = pytest.mark.quick


class Cluster:
    """One that runs nothing."""

    process = None

    def __init__(self, *_: Any) -> None: ...

    def prepare(self) -> None: ...

    start = stop = prepare


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The locks of a keeper that runs in this process, closed after it."""
    locks: list[int] = []
    signals = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    mask = os.umask(0o077)
    monkeypatch.setattr(keeper, "open_lock", lambda path: locks.append(open_lock(path)) or locks[0])
    monkeypatch.setattr(keeper, "Cluster", Cluster)
    monkeypatch.setattr(keeper, "_report", lambda report: None)
    yield locks
    for lock in locks:
        os.close(lock)
    os.umask(mask)
    for number, handler in signals.items():
        signal.signal(number, handler)


def test_whoever_comes_while_it_ends_finds_no_keeper(tmp_path: Path, opened: list[int]) -> None:
    assert keeper.main(tmp_path, ()) == 0
    assert embedded.keeper(tmp_path) is None
    # Until it has ended, they wait.
    assert taken_by(tmp_path / "database.lock") is not None

"""UUIDv7 keys made in Python."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from kiremisu.lib.ids import uuid7

pytestmark = pytest.mark.quick


def test_an_id_is_a_version_7_uuid() -> None:
    made = uuid7()
    assert made.version == 7
    assert made.variant == uuid.RFC_4122


def test_an_id_tells_when_it_was_made() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid7()
    # The counter may run ahead of the clock within a burst, never behind it.
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000 + 1


def test_each_id_is_greater_than_the_one_before() -> None:
    made = [uuid7() for _ in range(5_000)]
    assert made == sorted(set(made))


def test_threads_never_get_the_same_id() -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: uuid7(), range(4_000)))
    assert len(set(made)) == 4_000


def test_ids_go_on_when_the_clock_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = uuid7()
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000)
    assert uuid7() > first

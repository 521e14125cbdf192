"""Fails when one callback holds the event loop for more than 50 ms.

What counts is the time the callback kept the processor busy (CPU time of the loop's thread):
a machine under load may take the processor away for longer than that through no fault of
ours. A callback that blocks instead (disk, database, sleep) is caught by its wall time, at
ten times the bound, and only if its thread went to sleep by itself.
"""

import asyncio
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

BOUND = 0.05
BLOCKED = 10 * BOUND


class LoopHeld(AssertionError):
    """A callback kept everybody else on its event loop waiting."""


def sleeps() -> int:
    """How often this thread has gone to sleep of its own accord."""
    return resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw


@contextmanager
def watching() -> Iterator[list[str]]:
    """The callbacks that held a loop while this was open, each with its time."""
    held: list[str] = []
    run = asyncio.events.Handle._run

    def timed(handle: Any) -> None:
        slept, busy, began = sleeps(), time.thread_time(), time.perf_counter()
        run(handle)
        busy, passed = time.thread_time() - busy, time.perf_counter() - began
        if busy > BOUND or (passed > BLOCKED and sleeps() > slept):
            held.append(f"{handle!r}: {busy * 1000:.0f} ms busy, {passed * 1000:.0f} ms in all")

    asyncio.events.Handle._run = timed  # type: ignore[method-assign]
    try:
        yield held
    finally:
        asyncio.events.Handle._run = run  # type: ignore[method-assign]


@contextmanager
def guarding() -> Iterator[None]:
    """Raises LoopHeld at the end when a callback held the loop."""
    with watching() as held:
        yield
    if held:
        raise LoopHeld("; ".join(held))

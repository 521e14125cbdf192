"""Fails when one callback holds the event loop for more than 50 ms.

What counts is the time the callback kept the processor busy (CPU time of the loop's thread):
a machine under load may take the processor away for longer than that through no fault of
ours. Python's own tidying up (garbage collection) may fall into any callback and is left out.
A callback that blocks instead (disk, database, sleep) is caught by its wall time, at ten times
the bound, and only if its thread went to sleep by itself. The loops of seats are no matter:
each is there for one request.
"""

import asyncio
import gc
import resource
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from kiremisu.lib.threads import SeatLoop

BOUND = 0.05
BLOCKED = 10 * BOUND


class LoopHeld(AssertionError):
    """A callback kept everybody else on its event loop waiting."""


def sleeps() -> int:
    """How often this thread has gone to sleep of its own accord."""
    return resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw


class _Tidying(threading.local):
    """CPU time that garbage collections took, on each thread for itself."""

    spent = 0.0
    began = 0.0

    def __call__(self, phase: str, _: dict[str, int]) -> None:
        if phase == "start":
            self.began = time.thread_time()
        else:
            self.spent += time.thread_time() - self.began


def watch(
    tell: Callable[[str], object], bound: float = BOUND, blocked: float = BLOCKED
) -> Callable[[], None]:
    """Tell of every callback that holds a loop, with its time, until the answer is called."""
    run = asyncio.events.Handle._run
    tidying = _Tidying()

    def timed(handle: Any) -> None:
        if isinstance(handle._loop, SeatLoop):
            run(handle)
            return
        slept, busy, began = sleeps(), time.thread_time() - tidying.spent, time.perf_counter()
        run(handle)
        busy = time.thread_time() - tidying.spent - busy
        passed = time.perf_counter() - began
        if busy > bound or (passed > blocked and sleeps() > slept):
            tell(f"{handle!r}: {busy * 1000:.0f} ms busy, {passed * 1000:.0f} ms in all")

    def end() -> None:
        asyncio.events.Handle._run = run  # type: ignore[method-assign]
        gc.callbacks.remove(tidying)

    gc.callbacks.append(tidying)
    asyncio.events.Handle._run = timed  # type: ignore[method-assign,assignment]
    return end


@contextmanager
def guarding(bound: float = BOUND, blocked: float = BLOCKED) -> Iterator[None]:
    """Raises LoopHeld at the end when a callback held the loop."""
    held: list[str] = []
    end = watch(held.append, bound, blocked)
    try:
        yield
    finally:
        end()
    if held:
        raise LoopHeld("; ".join(held))

"""Fails when one callback holds the event loop for more than 50 ms.

What counts is the time the callback kept the processor busy (CPU time of the loop's thread),
and what it slept by `time.sleep`: a machine under load may take the processor away for longer
than that through no fault of ours. Python's own tidying up (garbage collection) may fall into
any callback and is left out. A callback that blocks otherwise (disk, database) is caught by its
wall time, at ten times the bound, and only if its thread went to sleep by itself; each time it
gave up or lost the processor (the interpreter's lock is such a time too) it may have waited
for its turn. The loops of seats are no matter: each is there for one request.
"""

import asyncio
import gc
import resource
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from kiremisu.lib.threads import SeatLoop

BOUND = 0.05
BLOCKED = 10 * BOUND
TURN = BOUND  # what one wait for the processor may take
_NEVER = float("inf")

# What the callbacks of a request work for.
request: ContextVar[str] = ContextVar("request", default="")
# For `kiremisu.server.web` in another process, with the environment that `watching` gives.
APP = "tests.watched:application"


class LoopHeld(AssertionError):
    """A callback kept everybody else on its event loop waiting."""


class _Account(threading.local):
    """What a thread spent, each for itself, in seconds."""

    slept = tidied = began = 0.0

    def spent(self) -> float:
        """Time computing and sleeping, without the garbage collection."""
        return time.thread_time() - self.tidied + self.slept

    def tidy(self, phase: str, _: dict[str, int]) -> None:
        if phase == "start":
            self.began = time.thread_time()
        else:
            self.tidied += time.thread_time() - self.began


def _turns() -> tuple[int, int]:
    """How often this thread went to sleep of its own accord, and how often it was sent."""
    usage = resource.getrusage(resource.RUSAGE_THREAD)
    return usage.ru_nvcsw, usage.ru_nivcsw


def _name(handle: Any) -> str:
    # A step of a task says no more than that it is one.
    who = getattr(handle._callback, "__self__", handle)
    return f"{handle._context.get(request, '')} {who!r}".strip()


def watch(tell: Callable[[str], object], blocked: float = BLOCKED) -> Callable[[], None]:
    """Tell of every callback that holds a loop, with its time, until the answer is called."""
    run, sleep = asyncio.events.Handle._run, time.sleep
    account = _Account()

    def timed(handle: Any) -> None:
        if isinstance(handle._loop, SeatLoop):
            run(handle)
            return
        went, sent = _turns() if blocked < _NEVER else (0, 0)
        spent, began = account.spent(), time.perf_counter()
        run(handle)
        passed = time.perf_counter() - began
        if passed <= BOUND:
            # Asking the kernel costs more than most callbacks do.
            return
        spent = account.spent() - spent
        held = spent > BOUND
        if not held and passed - spent > blocked:
            went, sent = _turns()[0] - went, _turns()[1] - sent
            held = went > 0 and passed - spent > blocked + TURN * (went + sent)
        if held:
            times = f"{spent * 1000:.0f} ms busy, {passed * 1000:.0f} ms in all"
            tell(f"{_name(handle)}: {times}")

    def timed_sleep(seconds: float) -> None:
        account.slept += seconds
        sleep(seconds)

    def end() -> None:
        asyncio.events.Handle._run = run  # type: ignore[method-assign]
        time.sleep = sleep
        gc.callbacks.remove(account.tidy)

    gc.callbacks.append(account.tidy)
    time.sleep = timed_sleep
    asyncio.events.Handle._run = timed  # type: ignore[method-assign,assignment]
    return end


@contextmanager
def guarding(blocked: float = BLOCKED) -> Iterator[None]:
    """Raises LoopHeld at the end when a callback held a loop of this process."""
    held: list[str] = []
    end = watch(held.append, blocked)
    try:
        yield
    finally:
        end()
    if held:
        raise LoopHeld("; ".join(held))


@contextmanager
def watching() -> Iterator[dict[str, str]]:
    """The environment for web servers of APP. Raises LoopHeld when one held its loop."""
    with tempfile.TemporaryDirectory(prefix="kiremisu-watchdog-") as folder:
        held = Path(folder) / "held"
        # The server may be another user's.
        Path(folder).chmod(0o777)
        yield {"LOOP_HELD": str(held)}
        if held.exists():
            raise LoopHeld(f"The event loop of a server was held:\n{held.read_text()}")

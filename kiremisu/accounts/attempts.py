"""Slowing down who guesses passwords: so many wrong ones from one address, then a pause.

Kept in this process's memory. An account is never locked for everybody: only for the
address that guessed at it, so that nobody can lock others out.
"""

import threading
import time
from collections import OrderedDict

from kiremisu.lib.errors import Throttled
from kiremisu.lib.text import fold

# Wrong passwords within a window: at one name from one address, and from one address at all.
AT_ONE_NAME, FROM_ONE_ADDRESS = 10, 100
WINDOW = 15 * 60  # seconds
_KEPT = 10_000

_lock = threading.Lock()
_wrong: OrderedDict[tuple[str, str], tuple[int, float]] = OrderedDict()


def check(name: str, address: str) -> None:
    """Raises Throttled, with the seconds to wait, when there were too many wrong ones."""
    waits = [_wait(key, most) for key, most in _counted(name, address)]
    if any(waits):
        minutes = max(1, round(max(waits) / 60))
        raise Throttled(
            f"Too many tries. Wait {minutes} min, then try again.", retry_after=int(max(waits))
        )


def failed(name: str, address: str) -> None:
    """One more wrong password."""
    now = time.monotonic()
    with _lock:
        for key, _ in _counted(name, address):
            count, since = _wrong.get(key, (0, now))
            fresh = now - since > WINDOW
            _wrong[key] = (1, now) if fresh else (count + 1, since)
            _wrong.move_to_end(key)
        while len(_wrong) > _KEPT:
            _wrong.popitem(last=False)


def passed(name: str, address: str) -> None:
    """The right password: what went wrong before at this name is forgotten."""
    with _lock:
        _wrong.pop((fold(name), address), None)


def forget() -> None:
    """Forget every try."""
    with _lock:
        _wrong.clear()


def _counted(name: str, address: str) -> tuple[tuple[tuple[str, str], int], ...]:
    return ((fold(name), address), AT_ONE_NAME), (("", address), FROM_ONE_ADDRESS)


def _wait(key: tuple[str, str], most: int) -> float:
    with _lock:
        count, since = _wrong.get(key, (0, 0.0))
    left = since + WINDOW - time.monotonic()
    return max(0.0, left) if count >= most else 0.0

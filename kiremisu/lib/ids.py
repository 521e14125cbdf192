"""Identifiers made in Python, so that parents and children can be sent in one batch."""

import os
import threading
import time
import uuid


class _Clock:
    """The last value given, so that the next one is greater."""

    lock = threading.Lock()
    last = 0


def uuid7() -> uuid.UUID:
    """A UUIDv7 (RFC 9562 §5.7): 48 bits of milliseconds, then 74 bits that count up.

    Within one process each is greater than the one before, also within a millisecond
    (method 2 of §6.2: the random part is incremented).
    """
    with _Clock.lock:
        fresh = (time.time_ns() // 1_000_000) << 74 | int.from_bytes(os.urandom(10)) >> 6
        # The clock stands still or went back: go on from the last one.
        _Clock.last = (
            fresh if fresh >> 74 > _Clock.last >> 74 else _Clock.last + 1 + (fresh & 0xFFFF)
        )
        value = _Clock.last
    milliseconds, counter = value >> 74, value & ((1 << 74) - 1)
    high, low = counter >> 62, counter & ((1 << 62) - 1)
    return uuid.UUID(int=milliseconds << 80 | 7 << 76 | high << 64 | 2 << 62 | low)

"""The watchdog itself: it must bark."""

import asyncio
import time

import pytest

from tests.watchdog import LoopHeld, guarding

pytestmark = pytest.mark.quick


async def compute(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def test_a_callback_that_computes_too_long_is_caught() -> None:
    with pytest.raises(LoopHeld, match="ms busy"), guarding():
        asyncio.run(compute(0.08))


def test_a_callback_that_blocks_is_caught() -> None:
    async def block() -> None:
        time.sleep(0.55)  # noqa: ASYNC251 - this is the fault to be caught

    with pytest.raises(LoopHeld, match="in all"), guarding():
        asyncio.run(block())


def test_waiting_for_others_is_no_fault() -> None:
    with guarding():
        asyncio.run(asyncio.sleep(0.1))

"""Threads that requests borrow."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any

import pytest
from django.test import override_settings

from kiremisu.lib.errors import Unavailable
from kiremisu.lib.threads import Seats, borrowed, close_seats, in_thread

pytestmark = pytest.mark.quick


def here() -> str:
    return threading.current_thread().name


def play[T](scene: Coroutine[Any, Any, T], seats: int = 2) -> T:
    async def whole() -> T:
        try:
            return await asyncio.wait_for(scene, 120)
        finally:
            await close_seats()

    with override_settings(REQUEST_THREADS=seats):
        return asyncio.run(whole())


async def where() -> tuple[str, str]:
    async with borrowed():
        return await in_thread(here), await in_thread(here)


def test_calls_of_one_borrower_run_on_one_thread() -> None:
    first, second = play(where())
    assert first == second


def test_one_after_another_they_get_the_same_thread() -> None:
    async def scene() -> list[tuple[str, str]]:
        return [await where() for _ in range(5)]

    assert len(set(play(scene()))) == 1


def test_two_at_once_get_two_threads() -> None:
    meeting = threading.Barrier(2)

    async def meet() -> None:
        async with borrowed():
            await in_thread(meeting.wait, 60)

    async def scene() -> None:
        await asyncio.gather(meet(), meet())

    play(scene())


def test_who_finds_no_seat_waits() -> None:
    async def scene() -> int:
        return len({seat for seat, _ in await asyncio.gather(*[where() for _ in range(9)])})

    assert play(scene()) <= 2


def test_a_thread_left_at_work_is_lent_to_nobody_until_it_is_done() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work() -> str:
        begun.set()
        go_on.wait(60)
        return here()

    async def scene() -> tuple[int, int]:
        seats = Seats(2)

        async def leave() -> None:
            async with seats.borrowed():
                asyncio.get_running_loop().run_in_executor(seats._all[0], work)
                await asyncio.to_thread(begun.wait, 60)

        await leave()
        meanwhile = len(seats._idle)
        go_on.set()
        while len(seats._idle) < 2:  # noqa: ASYNC110 - the thread cannot set this loop's event
            await asyncio.sleep(0)
        after = len(seats._idle)
        await seats.close()
        return meanwhile, after

    assert play(scene()) == (1, 2)


def test_a_borrower_that_fails_gives_back() -> None:
    async def fail() -> None:
        async with borrowed():
            raise RuntimeError("once")

    async def scene() -> tuple[str, str]:
        for _ in range(3):
            with pytest.raises(RuntimeError, match="once"):
                await fail()
        return await where()

    assert play(scene(), seats=1)


def test_closing_where_nobody_borrowed_is_nothing() -> None:
    async def scene() -> None:
        await close_seats()

    play(scene())


def test_who_comes_after_the_end_is_refused() -> None:
    # With seats made anew it would leave a connection open that nobody closes.
    async def scene() -> None:
        await where()
        await close_seats()
        with pytest.raises(Unavailable):
            await where()

    play(scene())

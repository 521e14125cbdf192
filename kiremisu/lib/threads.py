"""The one door from async code to sync verbs, and the threads behind it.

A request borrows a seat: one thread that lives as long as the process and keeps its own
database connection. Django alone would start two threads for every request and connect
anew for each.
"""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import override

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.db import close_old_connections, connections


async def in_thread[**P, T](call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a sync callable on the request's thread (which owns its database connection)."""
    return await sync_to_async(call, thread_sensitive=True)(*args, **kwargs)


class Seat(ThreadPoolExecutor):
    """One thread, which counts what it still has to do."""

    def __init__(self, name: str) -> None:
        super().__init__(max_workers=1, thread_name_prefix=name)
        self.used = False
        self._open = 0
        self._guard = threading.Lock()
        self._when_free: Callable[[], object] | None = None

    @override
    def submit[**P, T](self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        with self._guard:
            self.used = True
            self._open += 1
        future = super().submit(fn, *args, **kwargs)
        future.add_done_callback(self._one_less)
        return future

    def when_free(self, call: Callable[[], object]) -> bool:
        """True when the seat is free; otherwise `call` is called on its thread once it is."""
        with self._guard:
            if self._open == 0:
                return True
            self._when_free = call
            return False

    def _one_less(self, _: object) -> None:
        with self._guard:
            self._open -= 1
            call = self._when_free if self._open == 0 else None
            if call is not None:
                self._when_free = None
        if call is not None:
            call()


class Seats:
    """The seats of one process, for one event loop."""

    def __init__(self, number: int) -> None:
        self._all = [Seat(f"seat-{place}") for place in range(1, number + 1)]
        # Last in, first out: a quiet server uses few threads, so few connections.
        self._idle = deque(reversed(self._all))
        self._free = asyncio.Semaphore(number)
        # Of what is asked beside the requests, so that a thousand at once leave them seats.
        self.beside = asyncio.Semaphore(max(1, number // 4))

    @asynccontextmanager
    async def borrowed(self) -> AsyncIterator[None]:
        """Inside the block `in_thread` runs on one seat, which nobody else uses meanwhile."""
        await self._free.acquire()
        seat = self._idle.pop()
        try:
            async with ThreadSensitiveContext(executor=seat):
                yield
        finally:
            self._give_back(seat)

    async def close(self) -> None:
        """Close the seats' database connections and end their threads."""
        loop = asyncio.get_running_loop()
        for seat in self._all:
            if seat.used:
                await loop.run_in_executor(seat, connections.close_all)
            seat.shutdown(wait=False)

    def _give_back(self, seat: Seat) -> None:
        # A request that was cancelled leaves its thread at work: nobody may queue behind it.
        loop = asyncio.get_running_loop()
        if seat.when_free(lambda: loop.call_soon_threadsafe(self._put_back, seat)):
            self._put_back(seat)

    def _put_back(self, seat: Seat) -> None:
        self._idle.append(seat)
        self._free.release()


_seats: dict[asyncio.AbstractEventLoop, Seats] = {}


@asynccontextmanager
async def borrowed() -> AsyncIterator[None]:
    """Borrow one of this process's seats: inside, `in_thread` stays on one thread."""
    async with _here().borrowed():
        yield


async def ask[**P, T](call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Ask the database outside a request: on a borrowed thread, on a connection that works."""
    async with _here().beside, borrowed():
        await in_thread(close_old_connections)
        return await in_thread(call, *args, **kwargs)


def _here() -> Seats:
    loop = asyncio.get_running_loop()
    if loop not in _seats:
        _seats[loop] = Seats(settings.REQUEST_THREADS)
    return _seats[loop]


async def close_seats() -> None:
    """At the end of the process: connections closed, threads ended."""
    seats = _seats.pop(asyncio.get_running_loop(), None)
    if seats is not None:
        await seats.close()

"""The one door from async code to sync verbs, and the threads behind it.

A request borrows a seat: one thread that lives as long as the process and keeps its own
database connection. Django alone would start two threads for every request and connect
anew for each.

An async view runs on the seat too, on an event loop of the seat's own: what it wants done on
the request's thread costs no crossing, for it is there already (decision 4).
"""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import Context
from functools import wraps
from typing import Any, override

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.db import close_old_connections, connections

from kiremisu.lib.errors import Unavailable


async def in_thread[**P, T](call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a sync callable on the request's thread (which owns its database connection)."""
    loop = asyncio.get_running_loop()
    if isinstance(loop, SeatLoop):
        return loop.here(call, *args, **kwargs)
    return await sync_to_async(call, thread_sensitive=True)(*args, **kwargs)


def on_seat[**P, T](view: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, T]:
    """An async view as a sync one, for a thread that is a seat: it runs there to its end."""

    @wraps(view)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        loop: SeatLoop = _mine.loop
        return loop.finish(view(*args, **kwargs))

    return run


_mine = threading.local()


class SeatLoop(asyncio.SelectorEventLoop):
    """The event loop of a seat's thread, for the async views of the requests there."""

    def __init__(self) -> None:
        super().__init__()
        self._view: asyncio.Task[Any] | None = None
        self._is_unwanted = False

    def begin(self) -> None:
        """The next request begins."""
        self._is_unwanted = False

    def finish[T](self, work: Coroutine[Any, Any, T]) -> T:
        """Run this to its end on the seat's thread, which calls."""
        self._view = task = self.create_task(work)
        if self._is_unwanted:
            task.cancel()
        return self.run_until_complete(task)

    def leave(self) -> None:
        """From another thread: nobody waits for the answer, the view shall end."""
        self._is_unwanted = True
        if (view := self._view) is not None:
            self.call_soon_threadsafe(view.cancel)

    def here[**P, T](self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call sync code as where no loop runs: beside one Django refuses to ask the database."""
        if self._is_unwanted:
            raise asyncio.CancelledError
        asyncio._set_running_loop(None)
        try:
            return call(*args, **kwargs)
        finally:
            asyncio._set_running_loop(self)

    @override
    def run_in_executor[*Ts, T](  # type: ignore[override] # typeshed answers the wider Future
        self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts
    ) -> Awaitable[T]:
        """Django's own async methods name the request's thread: that is this one."""
        if executor is None:
            return super().run_in_executor(None, func, *args)
        future: asyncio.Future[T] = self.create_future()
        try:
            future.set_result(self.here(func, *args))
        except Exception as error:  # noqa: BLE001 - it is for whoever awaits
            future.set_exception(error)
        return future

    @override
    def call_soon_threadsafe[*Ts](
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        """Raises RuntimeError where the caller would wait for a loop that waits for the caller;
        asgiref then starts another."""
        if self is getattr(_mine, "loop", None) and asyncio._get_running_loop() is None:
            raise RuntimeError("This loop waits for what is called.")
        return super().call_soon_threadsafe(callback, *args, context=context)


class Seat(ThreadPoolExecutor):
    """One thread, which counts what it still has to do."""

    def __init__(self, name: str) -> None:
        super().__init__(max_workers=1, thread_name_prefix=name, initializer=self._sit)
        self.used = False
        self.loop = SeatLoop()
        self._open = 0
        self._guard = threading.Lock()
        self._when_free: Callable[[], object] | None = None

    def _sit(self) -> None:
        _mine.loop = self.loop

    def last(self, call: Callable[[], None]) -> Future[None] | None:
        """Have this done after all else, if anything was ever done here, and take nothing more."""
        done = super().submit(call) if self.used else None
        self.shutdown(wait=False)
        return done

    def end(self) -> None:
        """End the thread, which has nothing to do any more."""
        self.shutdown()
        self.loop.close()

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
        # Of answers that are sent as they come, which take as long as their readers.
        self.streams = asyncio.Semaphore(max(1, number // 2))
        self._is_closed = False

    @asynccontextmanager
    async def borrowed(self) -> AsyncIterator[Seat]:
        """Inside the block `in_thread` runs on this seat, which nobody else uses meanwhile. Raises
        Unavailable once they are closed."""
        await self._free.acquire()
        if self._is_closed:
            self._free.release()
            raise Unavailable("The server stops.", retry_after=5)
        seat = self._idle.pop()
        seat.loop.begin()
        try:
            async with ThreadSensitiveContext(executor=seat):
                yield seat
        finally:
            self._give_back(seat)

    async def close(self) -> None:
        """Close the seats' database connections and end their threads."""
        if self._is_closed:
            return
        # Nobody comes after that, who would open one again.
        self._is_closed = True
        for done in [seat.last(connections.close_all) for seat in self._all]:
            if done is not None:
                await asyncio.wrap_future(done)
        for seat in self._all:
            seat.end()

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
async def borrowed() -> AsyncIterator[Seat]:
    """Borrow one of this process's seats: inside, `in_thread` stays on one thread."""
    async with _here().borrowed() as seat:
        yield seat


async def ask[**P, T](call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Ask the database outside a request: on a borrowed thread, on a connection that works."""
    async with _here().beside, borrowed():
        await in_thread(close_old_connections)
        return await in_thread(call, *args, **kwargs)


@asynccontextmanager
async def streaming() -> AsyncIterator[None]:
    """On a borrowed seat, for an answer that is sent as it comes. Raises Unavailable where half
    of the seats are at that already."""
    streams = _here().streams
    if streams.locked():
        raise Unavailable("Too much is being sent at once.", retry_after=10)
    async with streams:
        yield


def _here() -> Seats:
    loop = asyncio.get_running_loop()
    if loop not in _seats:
        for ended in [one for one in _seats if one.is_closed()]:
            del _seats[ended]
        _seats[loop] = Seats(settings.REQUEST_THREADS)
    return _seats[loop]


async def close_seats() -> None:
    """At the end of the process: connections closed, threads ended. Who comes later is refused."""
    seats = _seats.get(asyncio.get_running_loop())
    if seats is not None:
        await seats.close()

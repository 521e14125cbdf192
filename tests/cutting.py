"""A way to the server that can be cut: a small TCP proxy on a thread of its own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Way:
    """From `port` to the server. `cut` drops every connection and takes none until `mend`."""

    def __init__(self, target: int) -> None:
        self.port = 0
        self._target = target
        self._open = threading.Event()
        self._open.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()

    def cut(self) -> None:
        self._open.clear()
        asyncio.run_coroutine_threadsafe(self._drop(), self._loop).result(60)

    def mend(self) -> None:
        self._open.set()

    async def _drop(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._open.is_set():
            writer.transport.abort()
            return
        onward, back = await asyncio.open_connection("127.0.0.1", self._target)
        await asyncio.gather(self._pass_on(reader, back), self._pass_on(onward, writer))

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with suppress(OSError):
            while part := await reader.read(1 << 16):
                writer.write(part)
                await writer.drain()
        self._writers.discard(writer)
        writer.close()

    def serve(self, is_ready: threading.Event, end: asyncio.Event) -> None:
        # Puts an end to what is still under way, and to the loop.
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._run(is_ready, end))

    async def _run(self, is_ready: threading.Event, end: asyncio.Event) -> None:
        serving = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.port = serving.sockets[0].getsockname()[1]
        is_ready.set()
        await end.wait()
        serving.close()
        await self._drop()


@contextmanager
def way_to(port: int) -> Iterator[Way]:
    """A way to the server on this port of this machine."""
    way, is_ready = Way(port), threading.Event()
    end = asyncio.Event()
    thread = threading.Thread(target=way.serve, args=(is_ready, end), name="way")
    thread.start()
    try:
        assert is_ready.wait(60)
        yield way
    finally:
        way._loop.call_soon_threadsafe(end.set)
        thread.join()

"""A body on its way from the network to the disk: never whole in memory, never on a thread
while nothing comes, and what came counts, however it ends.
"""

import asyncio
import time
from uuid import UUID

from kiremisu.lib.asgi import Message, Receive
from kiremisu.lib.errors import Unavailable
from kiremisu.lib.notices import Notice, announce, listen
from kiremisu.lib.threads import ask, in_thread
from library.uploads import staging
from library.uploads.receiving import Receiving

# Said by a client that came back: whoever still sends its upload is to stop.
TOPIC = "upload-taken-over"

_BATCH = 256 << 10  # bytes held before they are written
_OFTEN = 5.0  # seconds after which less is written, too
_NOTED = 16 << 20  # bytes after which they are made safe and counted
_SILENCE = 30.0  # seconds without a byte after which nobody is believed to be there
_LOOK, _LOOKS = 0.25, 20  # seconds between two looks whether the other has stopped, and how many


class Arrival:
    """The body of one PATCH, written as it comes."""

    def __init__(self, receiving: Receiving, receive: Receive) -> None:
        self._receiving = receiving
        self._receive = receive
        self._loop = asyncio.get_running_loop()
        self._patience: asyncio.Timeout | None = None
        self._is_over = False
        self._buffer = bytearray()
        self._began = self._written_at = self._noted_at = time.monotonic()

    async def whole(self) -> bool:
        """Whether the body came to its end; False when the client left before.

        Raises Unavailable when nothing comes any more, or comes on another connection, or the
        disk is full; TooLarge, Mismatched; NotThere when the upload was taken back.
        """
        deafen = listen(TOPIC, self._hear)
        try:
            is_whole = await self._take_all()
        except Exception:
            await self._keep(is_whole=False)
            raise
        finally:
            deafen()
        await self._keep(is_whole=is_whole)
        return is_whole

    async def _take_all(self) -> bool:
        while True:
            message = await self._next()
            if message["type"] == "http.disconnect":
                await self._write()
                return False
            self._buffer += message.get("body", b"")
            is_last = not message.get("more_body", False)
            now = time.monotonic()
            if is_last or len(self._buffer) >= _BATCH or now - self._written_at >= _OFTEN:
                await self._write()
                self._written_at = now
            if is_last:
                return True

    async def _next(self) -> Message:
        try:
            async with asyncio.timeout(0 if self._is_over else _SILENCE) as self._patience:
                return await self._receive()
        except TimeoutError:
            await self._write()
            raise Unavailable(
                "Nothing came for a while, or this upload goes on over another connection.",
                code="interrupted",
                retry_after=1,
            ) from None
        finally:
            self._patience = None

    async def _write(self) -> None:
        receiving, data = self._receiving, bytes(self._buffer)
        self._buffer.clear()
        if data:
            await asyncio.to_thread(receiving.write, data)
        if receiving.waits_for_all:
            return
        now = time.monotonic()
        news = receiving.arrived - receiving.upload.offset
        if news >= _NOTED or (news and now - self._noted_at >= 2 * _OFTEN):
            await self._keep(is_whole=False)
            await asyncio.to_thread(receiving.check_room)
            self._noted_at = now

    async def _keep(self, *, is_whole: bool) -> None:
        await asyncio.to_thread(self._receiving.settle, is_whole)
        await ask(self._receiving.note)

    def _hear(self, notice: Notice) -> None:
        # On the listening thread. What was said before this body began, and is heard late, was
        # meant for the one before it. That clock is one for all processes of a machine.
        is_meant = notice.subject == self._receiving.upload.pk
        if is_meant and notice.facts.get("at", 0) >= self._began:
            self._loop.call_soon_threadsafe(self._stop)

    def _stop(self) -> None:
        self._is_over = True
        if self._patience is not None:
            self._patience.reschedule(self._loop.time())


async def take_over(upload_id: UUID) -> None:
    """A client asks how far its upload is, so it sends no more: have whoever still waits for
    its bytes, on a connection that may be long dead, count what came and stop.

    Inside a request; comes back after some seconds also where nobody stopped.
    """
    for _ in range(_LOOKS):
        if not await in_thread(staging.is_held, upload_id):
            return
        await in_thread(announce, TOPIC, upload_id, at=time.monotonic())
        await asyncio.sleep(_LOOK)

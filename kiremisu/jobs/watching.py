"""One person's stream, whatever the wire: what to send next, as long as they may have it."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager

from django.db import DatabaseError

from kiremisu.accounts.models import User
from kiremisu.jobs.consumers import ALIVE, Consumer, Event, Resume, Said
from kiremisu.jobs.hub import Hub, hub
from kiremisu.lib.errors import Unauthenticated, Unavailable
from kiremisu.lib.notices import wait_until_listening
from kiremisu.lib.threads import ask

HEARTBEAT = 15.0  # seconds of silence before we say that the stream lives
SHOW_AGAIN = 60.0  # seconds after which we look again who is asking
PATIENCE = 30.0  # seconds a client may take for one event

# Finds who is asking, from their credentials.
type Look = Callable[[], User | None]


class Behind(Unavailable):
    """Too much waits to be sent: come back with the id of what you got last."""

    code = "behind"


class Ending(Unavailable):
    """The server stops, or starts anew: come back."""


class Watch:
    """An open stream. It follows nothing until `follow` is called."""

    def __init__(self, here: Hub, consumer: Consumer, look: Look) -> None:
        self.consumer = consumer
        self._here, self._look = here, look
        self._shown_at = time.monotonic()
        self._missed: deque[Event | Said] = deque()

    def follow(self, topics: Collection[str], last: str = "") -> str:
        """Say what happens in these from now on, and before that what happened since the event
        of the id `last`. Answers the id of the latest event."""
        self.consumer.follow(topics, self._here.number)
        if last:
            self.consumer.offer(Resume(last, self._here.number, topics))
        return self._here.id

    async def says(self) -> AsyncGenerator[Said]:
        """What is to be sent, as it comes.

        Raises Unauthenticated once the right to it has ended, Behind when it is not taken, and
        Unavailable when we cannot tell, or the server stops.
        """
        while True:
            waiting = await self._next()
            if waiting is None:
                raise Behind if self.consumer.is_behind else Ending
            await self._check_right()
            match waiting:
                case Resume():
                    self._missed.extend(await self._here.missed(self.consumer.user, waiting))
                case Event() if await self._may_know(waiting):
                    yield waiting.said
                case Said() if waiting.message:
                    yield waiting

    async def _next(self) -> Event | Said | Resume | None:
        if self._missed:
            return self._missed.popleft()
        if not self.consumer.queue.empty():
            return self.consumer.queue.get_nowait()
        try:
            return await asyncio.wait_for(self.consumer.queue.get(), HEARTBEAT)
        except TimeoutError:
            return ALIVE

    async def _check_right(self) -> None:
        known = self.consumer
        if not known.must_show_again and time.monotonic() - self._shown_at <= SHOW_AGAIN:
            return
        known.must_show_again = False
        user = await _asker(self._look)
        if user.pk != known.user.pk:
            raise Unauthenticated
        known.user, self._shown_at = user, time.monotonic()

    async def _may_know(self, event: Event) -> bool:
        # What was queued before a change of rights is looked at again.
        settled = event.number > self.consumer.doubtful
        return settled or await self._here.still_sees(self.consumer.user, event)


@asynccontextmanager
async def watching(look: Look) -> AsyncIterator[Watch]:
    """A stream for whom `look` finds, open for the length of the block.

    Raises Unauthenticated where that is nobody; Throttled, Unavailable when there are too many.
    """
    here = hub()
    if not wait_until_listening(0):
        # The first stream of this process: what happens once it is open must be heard.
        await asyncio.to_thread(wait_until_listening)
    changes = here.sights.changes
    user = await _asker(look)
    with here.joined(user) as consumer:
        if here.sights.changes != changes:
            # Between our look and now somebody's rights changed, perhaps theirs.
            consumer.ask_again(here.number)
        yield Watch(here, consumer, look)


async def _asker(look: Look) -> User:
    try:
        user = await ask(look)
    except DatabaseError:
        raise Unavailable from None
    if user is None:
        raise Unauthenticated("Sign in to follow events.")
    return user

"""From notices to those who watch: each event goes to the people who may know of it."""

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.db.models import QuerySet

from kiremisu.accounts.models import User
from kiremisu.jobs.events import Notice, listen
from kiremisu.jobs.models import Job
from kiremisu.jobs.schemas import JobOut
from kiremisu.jobs.seeing import rules
from kiremisu.lib import logs
from kiremisu.lib.errors import Throttled, Unavailable
from kiremisu.lib.schemas import to_json
from kiremisu.lib.threads import borrowed, in_thread

_REMEMBERED = 500  # events that a consumer who comes back can still be given
_BEHIND = 100  # events that a consumer may be behind
_SIGHT_KEPT = 60.0  # seconds for which it is remembered who may see what
_SIGHTS = 20_000

log = logs.get(__name__)

RESYNC = b"event: resync\ndata: {}\n\n"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, numbered within this process, as it goes over the wire."""

    number: int
    topic: str
    subject: UUID
    text: bytes


class Consumer:
    """One open stream. What waits in `queue` is sent; None ends the stream."""

    def __init__(self, user: User, joined_at: int) -> None:
        self.user = user
        self.joined_at = joined_at
        self.queue: asyncio.Queue[bytes | None] = asyncio.Queue(_BEHIND + 2)
        self.must_show_again = False
        self._left_behind = False

    def offer(self, text: bytes) -> None:
        """Queue this; who is too far behind is told to reload, and let go."""
        if self._left_behind:
            return
        if self.queue.qsize() < _BEHIND:
            self.queue.put_nowait(text)
            return
        self._left_behind = True
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(RESYNC)
        self.queue.put_nowait(None)

    def ask_again(self) -> None:
        """Have the stream look at once whether this is still who they say."""
        self.must_show_again = True
        self.offer(b"")


async def ask[**P, T](call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Ask the database on a borrowed thread, on a connection that works."""
    async with borrowed():
        await in_thread(close_old_connections)
        return await in_thread(call, *args, **kwargs)


class Hub:
    """All streams of one process (for one event loop), and the latest events."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.consumers: set[Consumer] = set()
        self.number = 0
        self._loop = loop
        # Numbers begin anew with each process: an id of another one must not fit.
        self._run = secrets.token_hex(4)
        self._latest: deque[Event] = deque(maxlen=_REMEMBERED)
        # The newest notice of each subject that is still to be told.
        self._pending: dict[tuple[str, UUID], Notice] = {}
        self._sights: dict[tuple[UUID, str, UUID], tuple[bool, float]] = {}
        topics = {"job", *(rules().keys() - settings.JOBS.keys())}
        self._deaf = [listen(topic, self._hear) for topic in (*topics, "access")]
        self._telling: asyncio.Task[None] | None = None

    @contextmanager
    def joined(self, user: User) -> Iterator[Consumer]:
        """A stream for this person. Raises Throttled, Unavailable when there are too many."""
        theirs = sum(consumer.user.pk == user.pk for consumer in self.consumers)
        if theirs >= settings.EVENT_STREAMS_EACH:
            raise Throttled("Too many event streams are open for you.", retry_after=60)
        if len(self.consumers) >= settings.EVENT_STREAMS:
            raise Unavailable("Too many event streams are open.", retry_after=60)
        consumer = Consumer(user, self.number)
        self.consumers.add(consumer)
        try:
            yield consumer
        finally:
            self.consumers.discard(consumer)

    def id_of(self, number: int) -> str:
        return f"{self._run}-{number}"

    async def missed(self, consumer: Consumer, last: str) -> list[bytes]:
        """What happened after the event `last` and before this consumer joined."""
        run, _, number = last.partition("-")
        oldest = self._latest[0].number if self._latest else self.number + 1
        known = run == self._run and number.isdecimal() and int(number) <= self.number
        if not known or int(number) + 1 < oldest:
            return [RESYNC]
        events = [e for e in self._latest if int(number) < e.number <= consumer.joined_at]
        return [e.text for e in events if await self._who_sees(e.topic, e.subject, [consumer.user])]

    def _hear(self, notice: Notice) -> None:
        # On the listening thread.
        try:
            self._loop.call_soon_threadsafe(self._take, notice)
        except RuntimeError:
            # The loop has ended, and this hub with it.
            for deafen in self._deaf:
                deafen()

    def _take(self, notice: Notice) -> None:
        if notice.subject is None:
            # Said once for each topic at the same time.
            if notice.topic == "job":
                self._forget()
        elif notice.topic == "access":
            self._sights.clear()
            for consumer in self.consumers:
                if notice.subject in {consumer.user.pk, UUID(int=0)}:
                    consumer.ask_again()
        else:
            self._pending[notice.topic, notice.subject] = notice
            if self._telling is None or self._telling.done():
                self._telling = self._loop.create_task(self._tell())

    def _forget(self) -> None:
        """Something may have been missed: nobody can be given a seamless sequel."""
        self._latest.clear()
        self._sights.clear()
        self.number += 1
        for consumer in self.consumers:
            consumer.offer(RESYNC)
            consumer.ask_again()

    async def _tell(self) -> None:
        while self._pending:
            key = next(iter(self._pending))
            notice = self._pending.pop(key)
            try:
                await self._tell_one(*key, notice)
            except DatabaseError as error:
                # Nobody can be told now, or we cannot know who may know.
                log.warning("events are lost", error=str(error))
                self._forget()

    async def _tell_one(self, topic: str, subject: UUID, notice: Notice) -> None:
        data = await self._data(topic, subject, notice)
        if data is None:
            return
        self.number += 1
        text = b"id: %s\nevent: %s\ndata: %s\n\n" % (
            self.id_of(self.number).encode(),
            topic.encode(),
            to_json(data),
        )
        self._latest.append(Event(self.number, topic, subject, text))
        watching = list(self.consumers)
        seeing = await self._who_sees(topic, subject, [consumer.user for consumer in watching])
        for consumer in watching:
            if consumer.user.pk in seeing:
                consumer.offer(text)

    async def _data(self, topic: str, subject: UUID, notice: Notice) -> dict[str, Any] | None:
        if topic == "job":
            return await ask(_job, subject)
        return {**notice.facts, "id": subject}

    async def _who_sees(self, topic: str, subject: UUID, users: Iterable[User]) -> set[UUID]:
        """Which of these people may know of this."""
        now = time.monotonic()
        seeing: set[UUID] = set()
        unknown: dict[UUID, User] = {}
        for user in users:
            sees, until = self._sights.get((user.pk, topic, subject), (False, 0.0))
            if until < now:
                unknown[user.pk] = user
            elif sees:
                seeing.add(user.pk)
        if unknown:
            if len(self._sights) > _SIGHTS:
                self._sights.clear()
            found = await ask(_seers, topic, subject, list(unknown.values()))
            for user_id in unknown:
                sight = (user_id in found, now + _SIGHT_KEPT)
                self._sights[user_id, topic, subject] = sight
            seeing |= found
        return seeing


def _job(job_id: UUID) -> dict[str, Any] | None:
    job = Job.objects.filter(pk=job_id).first()
    return None if job is None else JobOut.from_orm(job).model_dump()


def _seers(topic: str, subject: UUID, users: list[User]) -> set[UUID]:
    return {user.pk for user in users if _sees(user, topic, subject)}


def _sees(user: User, topic: str, subject: UUID) -> bool:
    if topic == "job":
        return Job.objects.visible_to(user).filter(pk=subject).exists()
    answer = rules()[topic](user)
    assert isinstance(answer, QuerySet), f"the rule for {topic} must answer subjects"
    return bool(answer.filter(pk=subject).exists())


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def hub() -> Hub:
    """The hub of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        for ended in [known for known in _hubs if known.is_closed()]:
            del _hubs[ended]
        _hubs[loop] = Hub(loop)
    return _hubs[loop]

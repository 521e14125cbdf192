"""From notices to those who watch: each event goes to the people who may know of it."""

import asyncio
import secrets
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError

from kiremisu.accounts.models import User
from kiremisu.jobs.consumers import Consumer, Event, Resume, Said, resync, told
from kiremisu.jobs.events import Notice, listen
from kiremisu.jobs.models import Job
from kiremisu.jobs.schemas import JobOut
from kiremisu.jobs.seeing import rules
from kiremisu.jobs.sights import Sight, Sights
from kiremisu.lib import logs
from kiremisu.lib.errors import Throttled, Unavailable
from kiremisu.lib.processes import when_told_to_stop
from kiremisu.lib.threads import ask

_REMEMBERED = 500  # events that a consumer who comes back can still be given
_TOGETHER = 50  # events that are looked up at once
_EVERYBODY = UUID(int=0)

log = logs.get(__name__)


def topics() -> frozenset[str]:
    """What events can be about."""
    return frozenset({"job", *settings.OWN_EVENTS, *(rules().keys() - settings.JOBS.keys())})


class Hub:
    """All streams of one process (for one event loop), and the latest events."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.consumers: set[Consumer] = set()
        self.number = 0
        self.sights = Sights()
        self._loop = loop
        # Numbers begin anew with each process: an id of another one must not fit.
        self._run = secrets.token_hex(4)
        self._latest: deque[Event] = deque(maxlen=_REMEMBERED)
        # The newest notice of each subject that is still to be told.
        self._pending: dict[tuple[str, UUID], Notice] = {}
        self._open: Counter[UUID] = Counter()
        self._deaf = [listen(topic, self._hear) for topic in (*topics(), "access")]
        self._telling: asyncio.Task[None] | None = None
        self._is_closed = False

    @contextmanager
    def joined(self, user: User) -> Iterator[Consumer]:
        """A stream for this person, who follows nothing yet. Raises Throttled, Unavailable when
        there are too many."""
        if self._is_closed:
            raise Unavailable("The server stops.", retry_after=5)
        if self._open[user.pk] >= settings.EVENT_STREAMS_EACH:
            raise Throttled("Too many event streams are open for you.", retry_after=60)
        if len(self.consumers) >= settings.EVENT_STREAMS:
            raise Unavailable("Too many event streams are open.", retry_after=60)
        consumer = Consumer(user)
        self.consumers.add(consumer)
        self._open[user.pk] += 1
        try:
            yield consumer
        finally:
            self.consumers.discard(consumer)
            self._open[user.pk] -= 1

    def close(self) -> None:
        """End every stream, and let none begin."""
        self._is_closed = True
        for consumer in self.consumers:
            consumer.let_go()

    @property
    def id(self) -> str:
        """The id of the latest event."""
        return self._id_of(self.number)

    async def missed(self, user: User, resume: Resume) -> list[Event | Said]:
        """What happened meanwhile, as far as this person may know of it; that they must load
        again where we cannot tell."""
        run, _, last = resume.last.partition("-")
        oldest = self._latest[0].number if self._latest else self.number + 1
        known = run == self._run and last.isdecimal() and len(last) < 20
        if not known or not oldest - 1 <= int(last) <= self.number:
            return [resync(self._id_of(resume.to))]
        events = [
            event
            for event in self._latest
            if int(last) < event.number <= resume.to and event.topic in resume.topics
        ]
        seen = await self._seen(events, [user.pk])
        return [event for event in events if _concerns(event, user.pk, seen)]

    async def still_sees(self, user: User, event: Event) -> bool:
        return _concerns(event, user.pk, await self._seen([event], [user.pk]))

    def _id_of(self, number: int) -> str:
        return f"{self._run}-{number}"

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
            self.sights.forget()
            for consumer in self.consumers:
                if notice.subject in {consumer.user.pk, _EVERYBODY}:
                    consumer.ask_again(self.number)
        else:
            self._pending[notice.topic, notice.subject] = notice
            if self._telling is None or self._telling.done():
                self._telling = self._loop.create_task(self._tell())

    def _forget(self) -> None:
        """Something may have been missed: nobody can be given a seamless sequel."""
        self._latest.clear()
        self.sights.forget()
        self.number += 1
        again = resync(self.id)
        for consumer in self.consumers:
            consumer.offer(again)
            consumer.ask_again(self.number)

    async def _tell(self) -> None:
        while self._pending:
            keys = list(self._pending)[:_TOGETHER]
            notices = {key: self._pending.pop(key) for key in keys}
            try:
                await self._tell_some(notices)
            except DatabaseError as error:
                # Nobody can be told now, or we cannot know who may know.
                log.warning("events are lost", error=str(error))
                self._forget()

    async def _tell_some(self, notices: dict[tuple[str, UUID], Notice]) -> None:
        jobs = [subject for topic, subject in notices if topic == "job"]
        shown = await ask(_jobs, jobs) if jobs else {}
        events: list[Event] = []
        for (topic, subject), notice in notices.items():
            data = shown.get(subject) if topic == "job" else {**notice.facts, "id": subject}
            if data is not None:
                self.number += 1
                said = told(self.id, topic, data)
                events.append(Event(self.number, topic, subject, notice.only, said))
        # Whoever joins from here on finds them among the latest.
        self._latest.extend(events)
        seen = await self._seen(events, self._open_people(events))
        for event in events:
            for consumer in self.consumers:
                if consumer.wants(event) and _concerns(event, consumer.user.pk, seen):
                    consumer.offer(event)
            # Thousands may watch: whoever else has something to do comes in between.
            await asyncio.sleep(0)

    def _open_people(self, events: Iterable[Event]) -> set[UUID]:
        """Those who follow one of these."""
        return {
            consumer.user.pk
            for consumer in self.consumers
            if any(consumer.wants(event) for event in events)
        }

    async def _seen(self, events: Iterable[Event], people: Collection[UUID]) -> set[Sight]:
        """Who may know of which of the subjects of these."""
        by_topic: dict[str, set[UUID]] = defaultdict(set)
        for event in events:
            if event.topic not in settings.OWN_EVENTS:
                by_topic[event.topic].add(event.subject)
        seen: set[Sight] = set()
        for topic, subjects in by_topic.items():
            seen |= await self.sights.of(topic, subjects, people)
        return seen


def _concerns(event: Event, person: UUID, seen: Collection[Sight]) -> bool:
    if event.topic in settings.OWN_EVENTS:
        return event.only == person
    return (person, event.subject) in seen


def _jobs(ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """These jobs as the API shows them, by id."""
    found = Job.objects.filter(pk__in=ids).order_by()
    return {job.pk: JobOut.from_orm(job).model_dump() for job in found}


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def hub() -> Hub:
    """The hub of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        for ended in [known for known in _hubs if known.is_closed()]:
            del _hubs[ended]
        _hubs[loop] = Hub(loop)
    return _hubs[loop]


def end_with_process() -> None:
    """Once this process is told to stop, end the streams of the running event loop, which the
    web server would wait for. Whoever followed comes back to the next process."""
    loop = asyncio.get_running_loop()
    when_told_to_stop(lambda: loop.call_soon_threadsafe(_close, loop))


def _close(loop: asyncio.AbstractEventLoop) -> None:
    if loop in _hubs:
        _hubs[loop].close()

"""What is told, and to whom it still has to be sent."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kiremisu.accounts.models import User
from kiremisu.lib.schemas import to_json

BEHIND = 100  # events that a consumer may be behind


@dataclass(frozen=True, slots=True)
class Said:
    """One thing as it goes over the wire: a line of Server-Sent Events, a WebSocket's message.

    Whoever got it can go on from `id`, where there is one.
    """

    id: str
    line: bytes
    message: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, numbered within this process. `only` is the one whom it concerns,
    where it is nobody else's business."""

    number: int
    topic: str
    subject: UUID
    only: UUID | None
    said: Said


@dataclass(frozen=True, slots=True)
class Resume:
    """What happened in these topics after the event of the id `last`, up to number `to`."""

    last: str
    to: int
    topics: Collection[str]


type Waiting = Event | Said | Resume | None


def told(event_id: str, topic: str, data: Any) -> Said:
    """An event for both wires, made once for all who get it."""
    text = to_json(data)
    line = b"id: %s\nevent: %s\ndata: %s\n\n" % (event_id.encode(), topic.encode(), text)
    start = f'{{"type":"event","id":"{event_id}","topic":"{topic}","data":'
    return Said(event_id, line, f"{start}{text.decode()}}}")


def resync(event_id: str) -> Said:
    """Something was missed: load again what you show, and go on from this id."""
    line = f"id: {event_id}\nevent: resync\ndata: {{}}\n\n".encode()
    return Said(event_id, line, message("resync", id=event_id))


def message(kind: str, **facts: Any) -> str:
    """One message of a WebSocket that is no event."""
    return to_json({"type": kind, **facts}).decode()


def answer(kind: str, event_id: str = "", **facts: Any) -> Said:
    """What only a WebSocket says, in its turn."""
    return Said(event_id, b"", message(kind, **facts))


ALIVE = Said("", b": still here\n\n", message("alive"))
_NUDGE = Said("", b"", "")


class Consumer:
    """One open stream. What waits in `queue` is sent in its order; None ends the stream."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.queue: asyncio.Queue[Waiting] = asyncio.Queue(BEHIND + 2)
        self.is_behind = self.is_let_go = False
        self.must_show_again = False
        # What they were found to see up to this event may have changed since.
        self.doubtful = 0
        self._topics: dict[str, int] = {}

    @property
    def topics(self) -> list[str]:
        return sorted(self._topics)

    def follow(self, topics: Collection[str], number: int) -> None:
        """From the next event after this number."""
        self._topics = dict.fromkeys(topics, number) | self._topics

    def leave(self, topics: Collection[str]) -> None:
        for topic in topics:
            self._topics.pop(topic, None)

    def wants(self, event: Event) -> bool:
        known = self._topics.get(event.topic)
        return known is not None and known < event.number

    def offer(self, waiting: Event | Said | Resume) -> None:
        """Queue this; who is too far behind is let go, and can come back with the last id."""
        if self.is_let_go:
            return
        if self.queue.qsize() < BEHIND:
            self.queue.put_nowait(waiting)
            return
        self.is_behind = True
        self.let_go()

    def let_go(self) -> None:
        """End the stream; what waits is not sent."""
        self.is_let_go = True
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)

    def ask_again(self, number: int) -> None:
        """Have the stream look at once whether this is still who they say, and whether they
        still may know of what was queued up to this number."""
        self.must_show_again, self.doubtful = True, number
        if self.queue.empty():
            self.queue.put_nowait(_NUDGE)

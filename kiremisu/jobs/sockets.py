"""`/ws/events`: what changes, over a WebSocket, to those who may know of it.

Messages are JSON text, each with a `type`. A program says

    {"type": "subscribe", "topics": ["job", …], "since": "<id>"}   `since` only to go on from there
    {"type": "unsubscribe", "topics": ["job", …]}
    {"type": "ping"}

and hears

    {"type": "hello", "id": …, "topics": […]}    there is to subscribe to
    {"type": "subscribed", "topics": […]}        after each change: all that are followed now
    {"type": "event", "id": …, "topic": …, "data": {…}}
    {"type": "resync", "id": …}     something was missed: load again what you show
    {"type": "pong"}, and {"type": "alive"} after 15 seconds of silence
    {"type": "behind", "since": …}  before the end: too slow; come back, from this id
"""

import asyncio
import time
from collections import deque
from contextlib import aclosing
from functools import partial
from typing import Annotated, Literal
from urllib.parse import parse_qsl

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from kiremisu.accounts import tickets
from kiremisu.accounts.origins import is_ours
from kiremisu.accounts.sessions import is_by_cookie, user_of
from kiremisu.jobs import watching
from kiremisu.jobs.consumers import answer, message
from kiremisu.jobs.hub import topics
from kiremisu.jobs.watching import Behind, Look, Watch
from kiremisu.lib import logs
from kiremisu.lib.asgi import Receive, Scope, Send, first_of, header
from kiremisu.lib.errors import Forbidden, Invalid, Refused, TooLarge, Unsupported
from kiremisu.lib.threads import ask

LONGEST = 4096  # characters of one message
# So many messages in so many seconds.
MOST, WITHIN = 60, 10.0

log = logs.get(__name__)


def _known(topic: str) -> str:
    if topic not in topics():
        raise ValueError("There is no such topic.")
    return topic


type Topics = Annotated[
    list[Annotated[str, AfterValidator(_known)]], Field(min_length=1, max_length=20)
]


class Message(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Subscribe(Message):
    type: Literal["subscribe"]
    topics: Topics
    since: str = Field("", max_length=40)


class Unsubscribe(Message):
    type: Literal["unsubscribe"]
    topics: Topics


class Ping(Message):
    type: Literal["ping"]


type Asked = Subscribe | Unsubscribe | Ping
_asked: TypeAdapter[Asked] = TypeAdapter(Annotated[Asked, Field(discriminator="type")])


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Raises Unauthenticated, Forbidden, Invalid, Throttled and Unavailable, whose codes the
    socket is closed with."""
    look = await _look(scope)
    async with watching.watching(look) as watch:
        scope["user_id"] = str(watch.consumer.user.pk)
        await send({"type": "websocket.accept"})
        talk = Talk(receive, send, watch)
        try:
            await first_of(talk.speak(), talk.hear())
        except TimeoutError:
            log.info("a socket is too slow", user=scope["user_id"])


async def _look(scope: Scope) -> Look:
    """How to find who is asking: by a ticket, which is used up now, or by what the headers say."""
    if query := scope["query_string"].decode("latin-1"):
        told = parse_qsl(query, keep_blank_values=True)
        if [name for name, _ in told] != ["ticket"]:
            raise Invalid("The address takes a ticket and nothing else.")
        return partial(tickets.holder, await ask(tickets.redeem, told[0][1]))
    if is_by_cookie(scope["headers"]):
        origin, host = header(scope, b"origin"), header(scope, b"host")
        if not is_ours(origin, host):
            raise Forbidden("This page is not one of ours.", code="foreign_origin")
    return partial(user_of, scope["headers"])


class Talk:
    """An open socket: what is said and what is heard."""

    def __init__(self, receive: Receive, send: Send, watch: Watch) -> None:
        self._receive, self._send, self._watch = receive, send, watch
        self._times: deque[float] = deque(maxlen=MOST)

    async def speak(self) -> None:
        """Say what happens. Raises what `Watch.says` does; TimeoutError where nothing is taken."""
        last = self._watch.follow(())
        await self._say(message("hello", id=last, topics=sorted(topics())))
        try:
            async with aclosing(self._watch.says()) as saying:
                async for said in saying:
                    await self._say(said.message)
                    last = said.id or last
        except Behind:
            await self._say(message("behind", since=last))
            raise

    async def hear(self) -> None:
        """Do what is asked until the other side leaves. Raises Refused for what is not
        understood, or too much."""
        while (heard := await self._receive())["type"] != "websocket.disconnect":
            self._count()
            self._do(_understood(heard.get("text")))

    def _do(self, asked: Asked) -> None:
        consumer = self._watch.consumer
        match asked:
            case Ping():
                consumer.offer(answer("pong"))
            case Subscribe():
                followed = sorted({*consumer.topics, *asked.topics})
                consumer.offer(answer("subscribed", asked.since, topics=followed))
                self._watch.follow(asked.topics, asked.since)
            case Unsubscribe():
                consumer.leave(asked.topics)
                consumer.offer(answer("subscribed", topics=consumer.topics))

    def _count(self) -> None:
        """Raises Refused for a flood."""
        now = time.monotonic()
        if len(self._times) == MOST and now - self._times[0] < WITHIN:
            raise Refused("These are too many messages.", code="flood")
        self._times.append(now)

    async def _say(self, text: str) -> None:
        async with asyncio.timeout(watching.PATIENCE):
            await self._send({"type": "websocket.send", "text": text})


def _understood(text: str | None) -> Asked:
    if text is None:
        raise Unsupported("Messages are text.")
    if len(text) > LONGEST:
        raise TooLarge("This message is too long.")
    try:
        return _asked.validate_json(text, strict=True)
    except ValidationError:
        raise Invalid("This message is not understood.", code="not_understood") from None

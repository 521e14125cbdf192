"""Telling every process that something changed: PostgreSQL's NOTIFY and LISTEN.

`announce` speaks inside the caller's transaction, so nobody hears of what is rolled back.
`listen` hears in this process, on one thread with one connection, whoever announced it.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from django.db import DatabaseError, connection
from psycopg import Connection, Error

from kiremisu.lib import logs

CHANNEL = "kiremisu"
_LONGEST = 7900  # bytes; PostgreSQL takes less than 8000
_LOOK = 0.5  # seconds until a listener sees that it shall end
_AGAIN = 1.0  # seconds between two tries to connect

log = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """What was announced. Without a subject: notices may have been missed, forget all. `only`:
    whom it concerns, where it is nobody else's business."""

    topic: str
    subject: UUID | None
    facts: dict[str, Any] = field(default_factory=dict)
    only: UUID | None = None


type Listener = Callable[[Notice], None]


def announce(topic: str, subject: UUID, *, only: UUID | None = None, **facts: Any) -> None:
    """Tell all who listen, when and if this transaction commits. Facts are small JSON values;
    more than about 7,900 bytes of them are left out. `only` is the one person it concerns."""
    notice = {"topic": topic, "subject": subject, "facts": facts, "only": only}
    text = orjson.dumps(notice, option=orjson.OPT_UTC_Z)
    if len(text) > _LONGEST:
        text = orjson.dumps({**notice, "facts": {}})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, text.decode()])


def listen(topic: str, listener: Listener) -> Callable[[], None]:
    """Call `listener` with each notice of this topic from now on, until the answer is called.

    It is called on the listening thread and must be quick. After a broken connection it gets
    a notice without a subject: something may have been missed.
    """
    return _ear.add(topic, listener)


def wait_until_listening(seconds: float = 10.0) -> bool:
    """Whether this process's thread listens, having waited for it at most so long."""
    return _ear.listening.wait(seconds)


def is_listening() -> bool:
    """Whether this process hears what is announced now."""
    return _ear.listening.is_set()


def stop_listening() -> None:
    """End the thread and its connection; the listeners stay for the next `listen`."""
    _ear.stop()


class _Ear:
    """One process's thread and connection, running while anybody listens."""

    def __init__(self) -> None:
        self.listening = threading.Event()
        self._lock = threading.Lock()
        self._listeners: list[tuple[str, Listener]] = []
        self._thread: threading.Thread | None = None
        self._end = threading.Event()

    def add(self, topic: str, listener: Listener) -> Callable[[], None]:
        entry = (topic, listener)
        with self._lock:
            self._listeners = [*self._listeners, entry]
            if self._thread is None or not self._thread.is_alive():
                self._end = threading.Event()
                self._thread = threading.Thread(
                    target=self._run, args=(self._end,), name="notices", daemon=True
                )
                self._thread.start()
        return lambda: self._remove(entry)

    def stop(self) -> None:
        with self._lock:
            thread, self._thread = self._thread, None
            self._end.set()
        if thread is not None:
            thread.join()

    def _remove(self, entry: tuple[str, Listener]) -> None:
        with self._lock:
            self._listeners = [known for known in self._listeners if known is not entry]

    def _run(self, end: threading.Event) -> None:
        missed = False
        while not end.is_set():
            try:
                self._hear(end, missed)
            except (DatabaseError, Error) as error:
                log.warning("not listening, trying again", error=str(error))
            finally:
                self.listening.clear()
                connection.close()
            missed = True
            end.wait(_AGAIN)

    def _hear(self, end: threading.Event, missed: bool) -> None:
        # Django's wrapper connects, so that settings (and a test's database) hold here too.
        connection.ensure_connection()
        raw = connection.connection
        assert isinstance(raw, Connection)
        raw.execute(f"LISTEN {CHANNEL}")
        if missed:
            for topic in {topic for topic, _ in self._listeners}:
                self._tell(Notice(topic, None))
        # Only now: who trusts that we listen has forgotten what was missed.
        self.listening.set()
        while not end.is_set():
            for heard in raw.notifies(timeout=_LOOK):
                self._tell(_understood(heard.payload))

    def _tell(self, notice: Notice | None) -> None:
        if notice is None:
            return
        for topic, listener in self._listeners:
            if topic == notice.topic:
                try:
                    listener(notice)
                except Exception:
                    log.exception("a listener failed", topic=topic)


def _understood(payload: str) -> Notice | None:
    try:
        data = orjson.loads(payload)
        only = data.get("only")
        subject = UUID(data["subject"])
        return Notice(data["topic"], subject, data["facts"], UUID(only) if only else None)
    except (ValueError, KeyError, TypeError):
        # Another release may speak differently on the same database.
        log.warning("a notice that makes no sense")
        return None


_ear = _Ear()

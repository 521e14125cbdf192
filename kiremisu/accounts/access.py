"""What ends every open door of a person at once: the access version.

Signed links carry it. Each process remembers the people it met for a minute; a raise is
announced to all processes, which then forget what they knew of that person.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from kiremisu.accounts.models import User
from kiremisu.lib.notices import announce, is_listening, listen

TOPIC = "access"
EVERYBODY = UUID(int=0)
_KEPT_SECONDS = 60
_KEPT_PEOPLE = 10_000


@dataclass(frozen=True, slots=True)
class _Read:
    """A person as the database had them at a moment, None when they might not come in.

    `heard`: this process would have been told of any change since.
    """

    user: User | None
    at: float
    heard: bool

    @property
    def is_fresh(self) -> bool:
        return time.monotonic() - self.at < _KEPT_SECONDS


_lock = threading.Lock()
_known: OrderedDict[UUID, _Read] = OrderedDict()
_forgotten = 0  # how often something was
_leave: list[Callable[[], None]] = []


@transaction.atomic
def raise_version(user: User) -> None:
    """End every signed link of this person."""
    raise_versions(User.objects.filter(pk=user.pk))
    user.refresh_from_db(fields=["access_version"])


@transaction.atomic
def raise_versions(users: QuerySet[User]) -> None:
    """End every signed link of these people."""
    # In one order, so that two who raise several never wait for each other.
    ids = list(users.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    User.objects.filter(pk__in=ids).update(access_version=F("access_version") + 1)
    for user_id in ids:
        _tell(user_id)


@transaction.atomic
def raise_everybodys() -> None:
    """End every signed link there is: what people may see has changed."""
    User.objects.update(access_version=F("access_version") + 1)
    _tell(EVERYBODY)


def follow() -> None:
    """Have this process forget what others announce; to say so once is enough."""
    if not _leave:
        _leave.append(listen(TOPIC, lambda notice: forget(notice.subject or EVERYBODY)))


def stop_following() -> None:
    """Listen no more; what was remembered counts for its minute."""
    while _leave:
        _leave.pop()()


def changed(user: User) -> None:
    """Something of this person is different that ends no door: have all processes read it."""
    _tell(user.pk)


def remembered(user_id: UUID) -> int | None:
    """The person's version as this process last read it; None when it must ask `version_of`."""
    known = _known.get(user_id)
    return _version(known.user) if known is not None and known.is_fresh else None


def version_of(user_id: UUID) -> int:
    """The person's version as the database has it; 0, which no link carries, when they may not
    sign in."""
    return _version(_read(user_id).user)


def recalled(user_id: UUID) -> User | None:
    """The person as this process knows them, when it would have heard of every change. None when
    it would not, or when they may not sign in: then the database decides.

    Each caller gets a copy of their own.
    """
    if not (_leave and is_listening()):
        return None
    known = _known.get(user_id)
    if known is None or not (known.heard and known.is_fresh):
        known = _read(user_id)
    return copy(known.user)


def forget(user_id: UUID) -> None:
    """Somebody raised this person's version, or everybody's: ask the database next time."""
    global _forgotten  # noqa: PLW0603 - of the process, as what it knows
    with _lock:
        _forgotten += 1
        if user_id == EVERYBODY:
            _known.clear()
        else:
            _known.pop(user_id, None)


def _read(user_id: UUID) -> _Read:
    before, at = _forgotten, time.monotonic()
    heard = bool(_leave) and is_listening()
    read = _Read(User.objects.filter(pk=user_id, is_active=True).first(), at, heard)
    with _lock:
        # What was forgotten while we read may be what we read.
        if _forgotten == before:
            _known[user_id] = read
            _known.move_to_end(user_id)
            if len(_known) > _KEPT_PEOPLE:
                _known.popitem(last=False)
    return read


def _version(user: User | None) -> int:
    return user.access_version if user is not None else 0


def _tell(user_id: UUID) -> None:
    """Have every process forget once this is committed, this one without waiting for word."""
    announce(TOPIC, user_id)
    transaction.on_commit(lambda: forget(user_id))

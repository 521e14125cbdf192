"""What ends every open door of a person at once: the access version.

Signed links carry it. Each process remembers the versions it met for a minute; a raise is
announced to all processes, which then forget what they knew of that person.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from kiremisu.accounts.models import User
from kiremisu.lib.notices import announce, listen

TOPIC = "access"
EVERYBODY = UUID(int=0)
_KEPT_SECONDS = 60
_KEPT_PEOPLE = 10_000

_lock = threading.Lock()
_known: OrderedDict[UUID, tuple[int, float]] = OrderedDict()
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


def remembered(user_id: UUID) -> int | None:
    """The person's version as this process last read it; None when it must ask `version_of`."""
    with _lock:
        version, read_at = _known.get(user_id, (0, float("-inf")))
        return version if time.monotonic() - read_at < _KEPT_SECONDS else None


def version_of(user_id: UUID) -> int:
    """The person's version as the database has it; 0, which no link carries, when they may not
    sign in."""
    read_at = time.monotonic()
    found = User.objects.filter(pk=user_id, is_active=True).values_list("access_version").first()
    version = int(found[0]) if found else 0
    with _lock:
        _known[user_id] = (version, read_at)
        _known.move_to_end(user_id)
        if len(_known) > _KEPT_PEOPLE:
            _known.popitem(last=False)
    return version


def forget(user_id: UUID) -> None:
    """Somebody raised this person's version, or everybody's: ask the database next time."""
    with _lock:
        if user_id == EVERYBODY:
            _known.clear()
        else:
            _known.pop(user_id, None)


def _tell(user_id: UUID) -> None:
    """Have every process forget once this is committed, this one without waiting for word."""
    announce(TOPIC, user_id)
    transaction.on_commit(lambda: forget(user_id))

"""What ends every open door of a person at once: the access version.

Signed links carry it. Each process remembers the versions it met for a minute; a raise is
announced to all processes, which then forget what they knew of that person.
"""

import threading
import time
from collections import OrderedDict
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.db.models import F

from kiremisu.accounts.models import User

# Where processes hear of it; the channel is the one of `kiremisu.jobs.events`.
CHANNEL = "kiremisu"
TOPIC = "access"

_KEPT_SECONDS = 60
_KEPT_PEOPLE = 10_000

_lock = threading.Lock()
_known: OrderedDict[UUID, tuple[int, float]] = OrderedDict()


@transaction.atomic
def raise_version(user: User) -> None:
    """End every signed link of this person."""
    User.objects.filter(pk=user.pk).update(access_version=F("access_version") + 1)
    user.refresh_from_db(fields=["access_version"])
    _tell(user.pk)


@transaction.atomic
def raise_everybodys() -> None:
    """End every signed link there is: what people may see has changed."""
    User.objects.update(access_version=F("access_version") + 1)
    _tell(None)


def _tell(user_id: UUID | None) -> None:
    """Have every process, this one too, forget what it knew, once this is committed."""
    told = {"topic": TOPIC, "subject": str(user_id) if user_id else None}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, orjson.dumps(told).decode()])
    transaction.on_commit(lambda: forget(user_id))


def remembered(user_id: UUID) -> int | None:
    """The person's version as this process last read it; None when it must ask `version_of`."""
    with _lock:
        version, read_at = _known.get(user_id, (0, float("-inf")))
        return version if time.monotonic() - read_at < _KEPT_SECONDS else None


def version_of(user_id: UUID) -> int:
    """The person's version as the database has it; 0, which no link carries, when they may not
    sign in."""
    found = User.objects.filter(pk=user_id, is_active=True).values_list("access_version")
    version = found[0][0] if found else 0
    with _lock:
        _known[user_id] = (version, time.monotonic())
        _known.move_to_end(user_id)
        if len(_known) > _KEPT_PEOPLE:
            _known.popitem(last=False)
    return version


def forget(user_id: UUID | None) -> None:
    """Somebody raised this person's version, or everybody's: ask the database next time."""
    with _lock:
        if user_id is None:
            _known.clear()
        else:
            _known.pop(user_id, None)

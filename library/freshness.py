"""Answers that are kept until something changes that they hang on.

An answer is kept under the versions of all libraries the asker sees, how much they may see of
them, and whatever else it hangs on. A change raises a version, so that the old answer is never
asked for again: nothing has to be deleted, and nothing stale is shown.
"""

from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b

import orjson
from django.core.cache import BaseCache
from django.db import DatabaseError
from redis import RedisError

from kiremisu.accounts.models import User
from kiremisu.lib import logs
from library.models import versions_open_to

# Seconds after which nobody asks for most of what is kept.
KEPT = 60 * 60 * 24

_FAILURES = (RedisError, DatabaseError)

log = logs.get(__name__)


def key(user: User, name: str, *hangs_on: object) -> str:
    """Under which key an answer of this name is kept for this person, as things are now."""
    libraries = versions_open_to(user)
    role = "all" if user.is_administrator else user.highest_rating
    told = orjson.dumps([role, user.access_version, libraries, hangs_on], default=str)
    return f"{name}:{blake2b(told, digest_size=20).hexdigest()}"


def kept[T](cache: BaseCache, key: str, make: Callable[[], T]) -> T:
    """What is kept under this key, else what `make` makes, which is kept from then on.

    The key must have been asked for before: then a change that comes in between is, at worst,
    in the answer already. A cache that fails makes nothing fail.
    """
    try:
        found: T | None = cache.get(key)
    except _FAILURES as error:
        log.warning("the cache fails", error=type(error).__name__)
        return make()
    if found is None:
        found = make()
        with suppress(*_FAILURES):
            cache.set(key, found, KEPT)
    return found

"""API keys: made, shown once, looked up, taken back.

A key is 32 random bytes, so that a plain hash of it is enough: nobody guesses one.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kiremisu.accounts import access, audit
from kiremisu.accounts.models import ApiKey, Scope, User
from kiremisu.lib.errors import FieldError, Forbidden, Invalid, Throttled, Unauthenticated
from kiremisu.lib.schemas import Paging, part
from kiremisu.lib.text import clean

MOST = 50  # keys of one person
BEGINS = "km_"
_SHOWN = len(BEGINS) + 4
_LONGEST = 100
# How old the noted time of last use may grow: a busy key must not write at each request.
_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def make(
    user: User, name: str, scopes: Sequence[str], expires: datetime | None = None
) -> tuple[ApiKey, str]:
    """A new key and its text, which nobody can be shown again. Raises Invalid, Throttled."""
    name = clean(name, 100)
    _check(name, scopes, expires)
    # One after the other, so that two at once cannot pass the limit.
    User.objects.select_for_update().get(pk=user.pk)
    if ApiKey.objects.visible_to(user).count() >= MOST:
        raise Throttled(f"You have {MOST} keys; revoke one first.", code="too_many_keys")
    text = BEGINS + secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        user=user,
        name=name,
        prefix=text[:_SHOWN],
        digest=_digest(text),
        scopes=[scope for scope in Scope.values if scope in scopes],
        expires=expires,
    )
    audit.note("key.made", key, who=user, changed={"scopes": ("", key.scopes)})
    return key, text


@transaction.atomic
def revoke(key: ApiKey) -> None:
    """Take a key back. Links and streams that it opened end with it."""
    audit.note("key.revoked", key)
    key.delete()
    access.raise_version(key.user)


def bearer(text: str) -> ApiKey:
    """The key with this text, its owner with it; notes that it was used.

    Raises Unauthenticated when there is none, it has expired, or its owner may not come in.
    """
    now = timezone.now()
    living = Q(expires=None) | Q(expires__gt=now)
    found = ApiKey.objects.filter(living, digest=_digest(text), user__is_active=True)
    key = None if len(text) > _LONGEST else found.select_related("user").first()
    if key is None:
        raise Unauthenticated("This API key is not valid any more.", code="dead_key")
    if key.last_used is None or key.last_used < now - _NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used=now)
    return key


def check_scope(key: ApiKey, needed: Sequence[Scope]) -> None:
    """Raises Forbidden unless the key has one of these scopes."""
    if not {Scope.ADMIN, *needed} & set(key.scopes):
        wanted = " or ".join(needed)
        raise Forbidden(f"This key lacks the scope {wanted}.", code="scope_lacks")


def part_of(user: User, paging: Paging) -> dict[str, Any]:
    """A part of the list of this person's keys, the newest first."""
    mine = ApiKey.objects.visible_to(user)
    return part(list(mine[paging.bounds]), mine.count(), paging)


def _check(name: str, scopes: Sequence[str], expires: datetime | None) -> None:
    wrong: list[FieldError] = []
    if not name:
        wrong.append(FieldError("name", "Give the key a name."))
    if not scopes or not set(scopes) <= set(Scope.values):
        wrong.append(FieldError("scopes", f"One or more of {', '.join(Scope.values)}."))
    if expires is not None and expires <= timezone.now():
        wrong.append(FieldError("expires", "This lies in the past."))
    if wrong:
        raise Invalid(wrong[0].message, errors=tuple(wrong))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()

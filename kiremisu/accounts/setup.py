"""The first administrator, made by whoever holds the set-up link."""

import hashlib
import hmac
import secrets

from django.db import connection, transaction

from kiremisu.accounts import people
from kiremisu.accounts.models import Role, SetupToken, User
from kiremisu.lib.errors import Conflict, NotThere
from kiremisu.lib.text import clean

_LOCK = 0x6B697265  # one advisory lock for "is there a user yet"


def is_needed() -> bool:
    """Nobody can sign in yet."""
    return not User.objects.exists()


@transaction.atomic
def issue_token() -> str:
    """A fresh one-time token for the set-up link; those issued before stop working."""
    token = secrets.token_urlsafe(24)
    SetupToken.objects.all().delete()
    SetupToken.objects.create(digest=_digest(token))
    return token


def token_fits(token: str) -> bool:
    """Whether this token opens the set-up page now."""
    known = SetupToken.objects.values_list("digest", flat=True)
    return any(hmac.compare_digest(_digest(token), digest) for digest in known)


@transaction.atomic
def create_first_administrator(token: str, username: str, password: str) -> User:
    """Make the first administrator and use up the token.

    Raises NotThere when the token does not fit, Conflict when there is a user already,
    Invalid when name or password are not acceptable.
    """
    if not token_fits(token):
        raise NotThere("This set-up link is not valid any more.")
    user = administrator(username, password)
    SetupToken.objects.all().delete()
    return user


@transaction.atomic
def administrator(username: str, password: str) -> User:
    """Make the first user, an administrator. Raises Conflict, Invalid."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if not is_needed():
        raise Conflict("There is an administrator already.")
    name = clean(username, 150)
    return people.make(name, password, role=Role.ADMIN)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

"""Secrets of others that must be used again: sealed in the database, and opened where used.

A password is hashed, because nobody needs it back; a token of another service is needed as it
is. It is encrypted (Fernet: AES-128-CBC and HMAC-SHA256) under a key that follows from the
server's own, so that neither the database nor a copy of it tells anything.
"""

import base64
import hashlib
from functools import lru_cache
from itertools import chain
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils.module_loading import import_string

from kiremisu.accounts import audit
from kiremisu.accounts.models import Secret
from kiremisu.lib.errors import NotThere, Unavailable


@transaction.atomic
def put(name: str, value: str) -> Secret:
    """Keep a secret in the place of the one there was. Raises NotThere for an unknown name."""
    _check(name)
    secret, _ = Secret.objects.update_or_create(name=name, defaults={"sealed": sealed(value)})
    audit.note("secret.set", secret)
    return secret


@transaction.atomic
def remove(name: str) -> None:
    """Forget a secret; one that is not set is no matter. Raises NotThere for an unknown name."""
    _check(name)
    secret = Secret.objects.filter(name=name).first()
    if secret is not None:
        audit.note("secret.removed", secret)
        secret.delete()


def opened(name: str) -> str | None:
    """The secret itself, None where it is not set. Raises Unavailable when this server has not
    the key any more under which it was sealed."""
    secret = Secret.objects.filter(name=name).first()
    if secret is None:
        return None
    return unsealed(secret.sealed, name)


def sealed(text: str) -> bytes:
    """A secret as a row of another model keeps it, one that settings' SEALED names."""
    return _box().encrypt(text.encode())


def unsealed(kept: bytes | memoryview, name: str) -> str:
    """What `sealed` made; `name` says what it is. Raises Unavailable as `opened` does."""
    try:
        return _box().decrypt(bytes(kept)).decode()
    except InvalidToken:
        raise Unavailable(
            f"{name} was kept under a key that is gone. Set it again.", code="secret_lost"
        ) from None


def listed() -> list[dict[str, Any]]:
    """Which secrets there may be, whether they are set, and since when."""
    known = {secret.name: secret for secret in Secret.objects.order_by("name")}
    return [told(name, known.get(name)) for name in sorted(settings.SECRETS)]


def told(name: str, secret: Secret | None) -> dict[str, Any]:
    """What may be said of a secret: never itself."""
    return {
        "name": name,
        "purpose": settings.SECRETS[name],
        "is_set": secret is not None,
        "updated": secret.updated if secret else None,
    }


@transaction.atomic
def rotate() -> tuple[int, list[str]]:
    """Seal every secret anew under the newest key; how many, and the names of those that no key
    of this server opens."""
    done, lost = 0, []
    models: list[type[Model]] = [Secret, *map(import_string, settings.SEALED)]
    for row in chain.from_iterable(each._default_manager.select_for_update() for each in models):
        try:
            # Each model of SEALED has it.
            row.sealed = _box().rotate(bytes(row.sealed))  # type: ignore[attr-defined]
        except InvalidToken:
            lost.append(str(row))
            continue
        # When it was set stays true.
        row.save(update_fields=["sealed"])
        done += 1
    return done, lost


def _check(name: str) -> None:
    if name not in settings.SECRETS:
        raise NotThere(f"There is no secret of the name {name}.")


def _box() -> MultiFernet:
    """Seals under the server's key, opens under older ones too."""
    return _made((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _made(keys: tuple[str, ...]) -> MultiFernet:
    derived = (
        hashlib.blake2b(key.encode(), digest_size=32, person=b"sealed secrets").digest()
        for key in keys
    )
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])

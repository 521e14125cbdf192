"""Signed links to pages and covers: they open without other credentials and expire.

A grant says which user may open one thing (a chapter's pages, or a content's cover) until
the end of the following ISO week, and at which access version. It is the same all week, so
that a reader has one URL per page and the browser's cache hits.
"""

import base64
import binascii
import hashlib
import hmac
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal
from uuid import UUID

from django.conf import settings

from kiremisu.accounts.models import User
from kiremisu.lib.errors import Gone, NotThere

Kind = Literal["page", "cover"]

# User id, access version, number of the expiry's week since 1970; then 16 bytes of MAC.
_FACTS = struct.Struct(">16sIH")
_MAC_SIZE = 16
_LENGTH = _FACTS.size + _MAC_SIZE
# The first Monday after the epoch, from which weeks are counted.
_MONDAY = datetime(1970, 1, 5, tzinfo=UTC).timestamp()
_WEEK = 7 * 24 * 60 * 60  # seconds


@dataclass(frozen=True, slots=True)
class Grant:
    """What a genuine grant says; whether `version` is still the user's is for the caller."""

    user_id: UUID
    version: int
    expires: datetime


def page_url(user: User, chapter_id: UUID, number: int, width: int | None = None) -> str:
    """The signed address of one page (1-based), scaled to `width` pixels where one is given."""
    return pages_url(user, chapter_id)(number, width)


def pages_url(user: User, chapter_id: UUID) -> Callable[..., str]:
    """A function from (number, width=None) to the page's address; one MAC for the chapter."""
    grant = _sign("page", chapter_id.bytes, user)
    head = f"/p/{chapter_id.hex}"

    def url(number: int, width: int | None = None) -> str:
        query = "" if width is None else f"?width={width}"
        return f"{head}/{number}/{grant}{query}"

    return url


def file_url(user: User, chapter_id: UUID) -> str:
    """The signed address of the chapter's file; who may see the pages may have it."""
    return f"/p/{chapter_id.hex}/file/{_sign('page', chapter_id.bytes, user)}"


def cover_url(user: User, key: str, width: int) -> str:
    """The signed address of a cover, `width` one of settings.COVER_WIDTHS. `key`: that of a
    content, and after a dash the page that was picked; one grant opens all of a content."""
    return covers_url(user)(key, width)


def covers_url(user: User) -> Callable[[str, int], str]:
    """A function from (key, width) to a cover's address, as `cover_url`, for many covers."""
    sign = _signing("cover", user)

    def url(key: str, width: int) -> str:
        return f"/c/{key}/{width}/{sign(bytes.fromhex(key.partition('-')[0]))}"

    return url


def read_grant(kind: Kind, subject: bytes, text: str, now: datetime | None = None) -> Grant:
    """What the grant at the end of a link says.

    `subject` is the chapter's id or the content's signature, 16 bytes. Raises NotThere when
    nobody here signed this grant for this subject, Gone when it has expired.
    """
    grant = _genuine(kind, subject, text, _keys())
    if (now or datetime.now(UTC)) >= grant.expires:
        raise Gone("This link has expired. Open the chapter again.")
    return grant


# Who turns pages shows the same grant for each. What is refused is not remembered.
@lru_cache(maxsize=10_000)
def _genuine(kind: Kind, subject: bytes, text: str, keys: tuple[bytes, ...]) -> Grant:
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise NotThere("This link is not valid.") from None
    facts, mac = raw[: _FACTS.size], raw[_FACTS.size :]
    # Canonical form only: otherwise one link would have several spellings.
    if len(raw) != _LENGTH or _text(raw) != text or not _is_ours(kind, subject, facts, mac, keys):
        raise NotThere("This link is not valid.")
    user, version, week = _FACTS.unpack(facts)
    expires = datetime.fromtimestamp(_MONDAY + week * _WEEK, UTC)
    return Grant(UUID(bytes=user), version, expires)


def _sign(kind: Kind, subject: bytes, user: User) -> str:
    return _signing(kind, user)(subject)


def _signing(kind: Kind, user: User) -> Callable[[bytes], str]:
    """A function from a subject to the grant for it."""
    # The running week ends in one week at most; the following one a week later.
    week = int(time.time() - _MONDAY) // _WEEK + 2
    facts = _FACTS.pack(user.pk.bytes, user.access_version, week)
    key = _keys()[0]
    return lambda subject: _text(facts + _mac(key, kind, subject, facts))


def _is_ours(kind: Kind, subject: bytes, facts: bytes, mac: bytes, keys: tuple[bytes, ...]) -> bool:
    return any(hmac.compare_digest(_mac(key, kind, subject, facts), mac) for key in keys)


def _mac(key: bytes, kind: Kind, subject: bytes, facts: bytes) -> bytes:
    # `person` keeps the kinds apart: a cover's grant opens no page.
    mac = hashlib.blake2b(
        subject + facts, key=key, digest_size=_MAC_SIZE, person=f"link {kind}".encode()
    )
    return mac.digest()


def _keys() -> tuple[bytes, ...]:
    """The key that signs, then older ones that still verify."""
    return _derived((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _derived(secrets: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(
        hashlib.blake2b(secret.encode(), digest_size=32, person=b"signed links").digest()
        for secret in secrets
    )


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

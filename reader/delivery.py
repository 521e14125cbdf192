"""The HTTP around a picture: what the client takes, has already, and wants a part of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from kiremisu.lib.asgi import Scope, Send, answer_in_parts, header

type Header = tuple[bytes, bytes]

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
# Nothing that is sent as a page may act as one, whatever its bytes turn out to be.
HARMLESS: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; sandbox"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
)


@dataclass(frozen=True, slots=True)
class Body:
    """What is to be sent, in parts. `etag` is bare; `packed`: another client gets other bytes."""

    parts: Sequence[bytes]
    media_type: str
    etag: str
    zipped: bool = False
    packed: bool = False


def takes_gzip(scope: Scope) -> bool:
    """Whether the client accepts Content-Encoding: gzip (RFC 9110 §12.5.3)."""
    return _names_gzip(header(scope, b"accept-encoding"))


@lru_cache(maxsize=256)
def _names_gzip(accepted: str) -> bool:
    for part in accepted.lower().split(","):
        coding, _, weight = part.partition(";")
        if coding.strip() in {"gzip", "x-gzip", "*"}:
            value = weight.strip().removeprefix("q=")
            return value.strip("0.") != "" if weight.strip() else True
    return False


def until(expires: datetime) -> bytes:
    """Cache-Control for what stays as it is while its link lives, for this reader alone."""
    left = int((expires - datetime.now(UTC)).total_seconds())
    return b"private, immutable, max-age=%d" % max(left, 0)


def has_already(scope: Scope, etag: str) -> str:
    """The bare ETag of what the client has of this, in either encoding; empty if nothing."""
    told = header(scope, b"if-none-match")
    known = (each for each in (etag, f"{etag}-gz") if f'"{each}"' in told)
    return next(known, etag if told.strip() == "*" else "")


async def not_modified(send: Send, etag: str, caching: bytes) -> None:
    """Tell that what the client has is still right, `etag` being what `has_already` said."""
    headers = [(b"etag", _quoted(etag)), (b"cache-control", caching), *HARMLESS]
    await send({"type": "http.response.start", "status": 304, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def deliver(scope: Scope, send: Send, body: Body, caching: bytes) -> None:
    """Send a whole body, or the one range asked for of what may be had in parts."""
    etag = f"{body.etag}-gz" if body.zipped else body.etag
    headers: list[Header] = [
        (b"content-type", body.media_type.encode()),
        (b"cache-control", caching),
        (b"etag", _quoted(etag)),
        (b"accept-ranges", b"none" if body.packed else b"bytes"),
        *HARMLESS,
    ]
    if body.packed:
        headers.append((b"vary", b"accept-encoding"))
    if body.zipped:
        headers.append((b"content-encoding", b"gzip"))
    status, parts = 200, body.parts
    size = sum(map(len, parts))
    if not body.packed and (span := asked_span(scope, size, etag)) is not None:
        status, more = span_headers(span, size)
        parts = [b"".join(parts)[span.start : span.stop]]
        headers += more
    await answer_in_parts(send, status, parts, headers, head=scope["method"] == "HEAD")


def asked_span(scope: Scope, size: int, etag: str) -> range | None:
    """The bytes of a single range that is asked for; empty when there are none such, None when
    all are to be sent (no range, several, or of another version)."""
    found = _RANGE.fullmatch(header(scope, b"range").replace(" ", ""))
    if found is None or found.groups() == ("", ""):
        return None
    condition = header(scope, b"if-range")
    if condition and condition != f'"{etag}"':
        return None
    first, last = found.groups()
    if not first:
        return range(max(0, size - int(last)), size)
    end = min(int(last), size - 1) + 1 if last else size
    if last and int(last) < int(first):
        return None
    return range(int(first), end) if int(first) < size else range(0)


def span_headers(span: range, size: int) -> tuple[int, list[Header]]:
    """Status and Content-Range for a range of something so large."""
    if not span:
        return 416, [(b"content-range", b"bytes */%d" % size)]
    return 206, [(b"content-range", b"bytes %d-%d/%d" % (span.start, span.stop - 1, size))]


def _quoted(etag: str) -> bytes:
    return f'"{etag}"'.encode()

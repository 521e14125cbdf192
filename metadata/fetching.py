"""One GET from another server: in its turn, within bounds, tried again where that may help.

    fetched = fetch(Wanted("mangadex", url, origins, urgent=True, most=8 << 20))

Every attempt and every redirect takes a turn (metadata.pace), passes the breaker
(metadata.breaking) and leads to an allowed origin (metadata.addresses).
"""

import json
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin

import requests
from django.conf import settings
from requests.exceptions import RequestException, Timeout
from urllib3.exceptions import HTTPError as BrokenLine
from urllib3.exceptions import MaxRetryError, ResponseError
from urllib3.util.retry import Retry

from kiremisu.lib import logs
from kiremisu.lib.errors import NotThere, Unavailable, UpstreamFailed
from metadata import breaking, pace
from metadata.addresses import CheckedAdapter, LedAway, Origin, cut_off, origin_of

log = logs.get(__name__)

# How long a call waits for its turn: of somebody who waits, and of what runs by itself. That is
# put off where it would take longer, for a step of a job makes several calls and must end in time.
_PATIENCE = {True: 8.0, False: 20.0}
_HOPS = 3
_CHUNK = 1 << 16
_LEADS_ON = frozenset({301, 302, 303, 307, 308})
_BROKEN = frozenset({500, 502, 503, 504, 520, 521, 522, 523, 524})
_REFUSES = frozenset({401, 403})
# Of these the status is an answer.
_ANSWERS = frozenset({200, 404})
# Seconds after which somebody who waits is told, instead of trying again.
_LONG = 12.0

_TOO_SLOW = "Its answer took too long."
_NOT_IN_TIME = "It did not answer in time."
_BROKE = "It cannot be reached, or the connection broke."

_lines = threading.local()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to fetch: of which server, where, from which origins, at most how many bytes.

    `secret` names a header that goes to the first origin alone.
    """

    upstream: str
    address: str
    origins: Sequence[Origin]
    most: int
    urgent: bool = False
    params: Sequence[tuple[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    secret: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: status 200, or 404 for what is not there."""

    status: int
    body: bytes


class _TryAgain(UpstreamFailed):
    """Went wrong in a way that may be over soon."""


class _Throttled(Unavailable):
    """Was one call too many; the next one has its turn later."""


def fetch(wanted: Wanted) -> Fetched:
    """Raises Unavailable, with the seconds to wait, when the server is left alone, or asks for
    more patience than the call has; UpstreamFailed for everything else that went wrong."""
    began = time.monotonic()
    retry = Retry(
        total=settings.UPSTREAM_TRIES - 1,
        backoff_factor=settings.UPSTREAM_BACKOFF,
        backoff_jitter=settings.UPSTREAM_BACKOFF,
    )
    while True:
        try:
            fetched = _followed(wanted)
        except (_TryAgain, _Throttled) as failure:
            log.warning("upstream failed", upstream=wanted.upstream, detail=failure.detail)
            if wanted.urgent and time.monotonic() - began > _LONG:
                raise
            retry = _next(retry, failure)
            time.sleep(retry.get_backoff_time())
        else:
            breaking.answered(wanted.upstream)
            return fetched


def fetch_json(wanted: Wanted) -> Any:
    """What an answer in JSON says. Raises NotThere, and what `fetch` raises."""
    fetched = fetch(wanted)
    if fetched.status == 404:
        raise NotThere("There is no such thing there.")
    try:
        # Not orjson: half a character is no reason to refuse all the others.
        return json.loads(fetched.body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        detail = "It answered with something that is not understood."
        breaking.failed(wanted.upstream, detail)
        raise UpstreamFailed(detail, code="upstream_garbled") from None


def _no_number(told: str) -> None:
    """What JSON has no word for is nothing."""


def _next(retry: Retry, failure: _TryAgain | _Throttled) -> Retry:
    """What is left to try. Raises the failure when that is nothing."""
    try:
        return retry.increment("GET", error=ResponseError(failure.detail))
    except MaxRetryError:
        raise failure from None


def _followed(wanted: Wanted) -> Fetched:
    """One attempt, over redirects."""
    for _ in range(_HOPS + 1):
        origin = _allowed(wanted)
        breaking.check(wanted.upstream)
        with pace.turn(wanted.upstream, urgent=wanted.urgent, patience=_PATIENCE[wanted.urgent]):
            told = breaking.through(wanted.upstream, partial(_told, wanted, origin))
        if isinstance(told, Fetched):
            return told
        wanted = replace(wanted, address=told, params=())
    raise UpstreamFailed("It leads from address to address.", code="upstream_led_away")


def _allowed(wanted: Wanted) -> Origin:
    try:
        origin = origin_of(wanted.address)
    except LedAway as wrong:
        raise UpstreamFailed(str(wrong), code="upstream_led_away") from None
    if origin not in wanted.origins:
        raise UpstreamFailed(
            f"It led to {origin.host}, which is not asked.", code="upstream_led_away"
        )
    return origin


def _told(wanted: Wanted, origin: Origin) -> Fetched | str:
    """What came of one request: an answer, or where to go on."""
    until = time.monotonic() + settings.UPSTREAM_SECONDS
    headers = {"User-Agent": settings.USER_AGENT, **wanted.headers}
    if wanted.secret is not None and origin == wanted.origins[0]:
        headers |= [wanted.secret]
    try:
        with _line().get(
            wanted.address,
            params=list(wanted.params) or None,
            headers=headers,
            allow_redirects=False,
            stream=True,
            timeout=settings.UPSTREAM_TIMEOUT,
        ) as response:
            if response.status_code in _LEADS_ON:
                return urljoin(wanted.address, response.headers.get("Location", ""))
            _check(wanted, response)
            return Fetched(response.status_code, _body(response, wanted.most, until))
    except LedAway as wrong:
        raise UpstreamFailed(str(wrong), code="upstream_led_away") from None
    except (RequestException, BrokenLine, OSError) as error:
        raise _TryAgain(_in_words(error, until)) from None


def _check(wanted: Wanted, response: requests.Response) -> None:
    """Raises for an answer that is none."""
    status = response.status_code
    if status in _ANSWERS:
        return
    if status in _REFUSES:
        raise UpstreamFailed("It wants a login for this.", code="upstream_refuses")
    asked = asked_to_wait(response.headers)
    if status == 429:
        wait = pace.push_back(wanted.upstream, 5.0 if asked is None else asked)
        detail = "It said that it is asked too much."
        breaking.failed(wanted.upstream, detail)
        if wait > _PATIENCE[wanted.urgent]:
            raise Unavailable(detail, code="upstream_busy", retry_after=max(1, round(wait)))
        raise _Throttled(detail)
    if status in _BROKEN:
        if asked:
            pace.push_back(wanted.upstream, asked)
        raise _TryAgain(f"It answered with status {status}.")
    raise UpstreamFailed(f"It answered with status {status}.", code="upstream_garbled")


def asked_to_wait(headers: Mapping[str, str]) -> float | None:
    """For how many seconds an answer asks to be left alone, None where it does not say.

    `Retry-After` is seconds or a date (RFC 9110 §10.2.3), `X-RateLimit-Retry-After` the moment
    in seconds since 1970.
    """
    said = [
        _seconds(headers.get("Retry-After", "")),
        _until(headers.get("X-RateLimit-Retry-After", "")),
    ]
    return max((each for each in said if each is not None), default=None)


def _seconds(told: str) -> float | None:
    if told.strip().isdecimal():
        return float(told)
    try:
        return max(0.0, parsedate_to_datetime(told).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None


def _until(told: str) -> float | None:
    return max(0.0, float(told) - time.time()) if told.strip().isdecimal() else None


def _body(response: requests.Response, most: int, until: float) -> bytes:
    """All of it, unpacked; bounded in bytes after that, and in time."""
    told = bytearray()
    connection = getattr(response.raw, "connection", None)
    with cut_off(getattr(connection, "sock", None), until - time.monotonic()):
        while part := response.raw.read1(_CHUNK, decode_content=True):
            told += part
            if len(told) > most:
                raise UpstreamFailed("It answered with more than is read.", code="upstream_garbled")
            if time.monotonic() > until:
                raise _TryAgain(_TOO_SLOW)
    return bytes(told)


def _in_words(error: Exception, until: float) -> str:
    """What went wrong on the line, for people."""
    if time.monotonic() > until:
        return _TOO_SLOW
    return _NOT_IN_TIME if isinstance(error, Timeout | TimeoutError) else _BROKE


def _line() -> requests.Session:
    """This thread's connections to other servers, which are kept open between calls."""
    if not hasattr(_lines, "session"):
        session = requests.Session()
        # Neither proxies nor passwords of the environment, and no cookies.
        session.trust_env = False
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("http://", "https://"):
            session.mount(scheme, CheckedAdapter())
        _lines.session = session
    session = _lines.session
    assert isinstance(session, requests.Session)
    return session

"""Calls to another server that goes wrong in every way: bounded, obedient, and told in words."""

import gzip
import socket
import time
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from kiremisu.lib.errors import NotThere, Unavailable, UpstreamFailed
from metadata import addresses, breaking, fetching
from metadata.addresses import LedAway, addresses_of, origin_of
from metadata.models import Circuit
from metadata.models import Upstream as Row
from metadata.providers.mangadex import MangaDex
from tests.upstream import Upstream

pytestmark = [pytest.mark.quick, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a server asks for is written down, and not waited for here."""
    monkeypatch.setattr(fetching, "_PATIENCE", {True: 0.0, False: 0.0})


def row() -> Row:
    return Row.objects.get(name="mangadex")


def refusal(mangadex: MangaDex) -> tuple[str, str]:
    with pytest.raises((UpstreamFailed, Unavailable)) as refused:
        mangadex.search("salt")
    return refused.value.code, refused.value.detail


# ------------------------------------------------------------------ 102: too much


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "40"}, 40),
        ({"Retry-After": lambda: format_datetime(timezone.now() + timedelta(seconds=40))}, 40),
        ({"X-RateLimit-Retry-After": lambda: str(int(time.time()) + 40)}, 40),
        ({"Retry-After": "999999"}, 900),
        ({"Retry-After": "9" * 15}, 900),
        ({"X-RateLimit-Retry-After": "9" * 400}, 900),
        ({"Retry-After": "soon"}, 5),
        ({}, 5),
    ],
    ids=["seconds", "a date", "a moment", "capped", "ages", "for ever", "nonsense", "no word"],
)
def test_a_server_that_is_asked_too_much_is_left_alone_for_so_long(
    upstream: Upstream, mangadex: MangaDex, headers: dict[str, Any], seconds: int
) -> None:
    began, pause = timezone.now(), timedelta(seconds=seconds)
    told = {name: value() if callable(value) else value for name, value in headers.items()}
    upstream.faults.throttle(headers=told)
    with pytest.raises(Unavailable) as refused:
        mangadex.search("salt")
    assert (refused.value.code, len(upstream.asked)) == ("upstream_busy", 1)
    # Moments are said in whole seconds.
    assert began + pause - timedelta(seconds=1) <= row().next_at <= timezone.now() + pause
    assert 0 < (refused.value.retry_after or 0) <= seconds


def test_all_processes_leave_it_alone(upstream: Upstream, mangadex: MangaDex) -> None:
    upstream.faults.throttle(headers={"Retry-After": "900"})
    for client in (mangadex, MangaDex()):
        with pytest.raises(Unavailable):
            client.search("salt")
    assert len(upstream.asked) == 1


def test_after_that_it_is_called_more_slowly(
    upstream: Upstream, mangadex: MangaDex, settings: Settings
) -> None:
    settings.UPSTREAM_PAUSE = 20.0
    upstream.faults.throttle(headers={"Retry-After": "0"})
    with pytest.raises(Unavailable):
        mangadex.search("salt")
    Row.objects.update(next_at=timezone.now())
    began, pause = timezone.now(), timedelta(seconds=60)
    mangadex.search("salt")
    assert began + pause <= row().next_at <= timezone.now() + pause


def test_a_short_pause_is_waited_for_and_the_call_made_again(
    upstream: Upstream, mangadex: MangaDex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "_PATIENCE", {False: 60.0})
    upstream.faults.throttle(times=2, headers={"Retry-After": "0"})
    assert mangadex.search("salt").entries == []
    assert len(upstream.asked) == 3


# ------------------------------------------------------- 103: away, and broken lines


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failure_is_tried_three_times_and_its_reason_kept(
    upstream: Upstream, mangadex: MangaDex, status: int
) -> None:
    upstream.faults.say(status, b"<html>", kind="text/html", times=3)
    assert refusal(mangadex) == ("upstream_failed", f"It answered with status {status}.")
    assert len(upstream.asked) == 3
    assert row().problem == f"It answered with status {status}."
    assert mangadex.search("salt").entries == []
    assert row().problem == ""


def test_a_failure_that_is_over_soon_is_none(upstream: Upstream, mangadex: MangaDex) -> None:
    upstream.catalogue.add("Salt Road Diary")
    upstream.faults.say(503)
    upstream.faults.reset()
    assert len(mangadex.search("salt road").entries) == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda faults: faults.reset(times=3),
        lambda faults: faults.break_off(times=3),
    ],
    ids=["no answer", "half an answer"],
)
def test_a_broken_line_is_told_in_words(
    upstream: Upstream, mangadex: MangaDex, spoil: Callable[[Any], None]
) -> None:
    spoil(upstream.faults)
    assert refusal(mangadex) == ("upstream_failed", fetching._BROKE)
    assert len(upstream.asked) == 3


def test_a_server_that_says_nothing_is_given_up(
    upstream: Upstream, mangadex: MangaDex, settings: Settings
) -> None:
    settings.UPSTREAM_TIMEOUT = 0.05
    upstream.faults.hold(times=3)
    assert refusal(mangadex) == ("upstream_failed", fetching._NOT_IN_TIME)


def test_a_name_that_nobody_knows_is_told_in_words(
    mangadex: MangaDex, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(addresses, "resolve", unknown)
    settings.MANGADEX_URL = "http://api.example"
    with pytest.raises(UpstreamFailed) as refused:
        MangaDex().search("salt")
    assert refused.value.detail == fetching._BROKE


def test_after_some_failures_it_is_left_alone_tried_once_and_called_again(
    upstream: Upstream, mangadex: MangaDex, settings: Settings
) -> None:
    settings.UPSTREAM_FAILURES = 4
    upstream.faults.say(500, times=5)
    assert refusal(mangadex)[0] == "upstream_failed"
    # The fourth failure in a row opens the circuit, in the middle of the tries.
    assert refusal(mangadex)[0] == "upstream_resting"
    assert (row().circuit, len(upstream.asked)) == (Circuit.OPEN, 4)
    assert 50 < breaking.rest_left(row()) <= 60
    with pytest.raises(Unavailable) as refused:
        MangaDex().search("salt")
    assert (50 < (refused.value.retry_after or 0) <= 60, len(upstream.asked)) == (True, 4)
    _an_hour_passes()
    # One trial, which fails.
    assert (refusal(mangadex)[0], len(upstream.asked)) == ("upstream_resting", 5)
    _an_hour_passes()
    assert mangadex.search("salt").entries == []
    assert (row().circuit, row().failures) == (Circuit.CLOSED, 0)


def _an_hour_passes() -> None:
    Row.objects.update(opened_at=timezone.now() - timedelta(hours=1))


def test_what_a_server_says_in_words_does_not_count_as_its_failure(
    upstream: Upstream, mangadex: MangaDex, settings: Settings
) -> None:
    settings.UPSTREAM_FAILURES = 1
    for status in (400, 403, 404):
        upstream.faults.say(status, b"{}")
        with pytest.raises((UpstreamFailed, NotThere)):
            mangadex.search("salt")
    assert row().circuit == Circuit.CLOSED


# ---------------------------------------------------------------- 105: too much to read


@pytest.mark.parametrize(
    "which",
    [{"head": True}, {"head": False}, {"last": True}],
    ids=["the head", "the body", "the last body"],
)
def test_what_comes_byte_by_byte_is_cut_off(
    upstream: Upstream, mangadex: MangaDex, settings: Settings, which: dict[str, bool]
) -> None:
    settings.UPSTREAM_SECONDS, settings.UPSTREAM_TRIES = 1.0, 1
    upstream.faults.drip(**which)
    assert refusal(mangadex) == ("upstream_failed", fetching._TOO_SLOW)
    assert 0 < upstream.dripped < 300


def test_a_body_without_an_end_is_not_read_to_it(
    upstream: Upstream, mangadex: MangaDex, settings: Settings
) -> None:
    settings.UPSTREAM_LIMIT = 1 << 20
    upstream.faults.flood()
    assert refusal(mangadex) == ("upstream_garbled", "It answered with more than is read.")


def test_an_answer_is_bounded_after_it_was_unpacked(
    upstream: Upstream, mangadex: MangaDex, settings: Settings
) -> None:
    settings.UPSTREAM_LIMIT = 1 << 20
    bomb = gzip.compress(bytes(20 << 20))
    upstream.faults.say(200, bomb, headers={"Content-Encoding": "gzip"})
    assert refusal(mangadex)[0] == "upstream_garbled"


def test_an_answer_at_the_limit_is_read_and_one_past_it_is_not(
    upstream: Upstream, mangadex: MangaDex, settings: Settings
) -> None:
    settings.UPSTREAM_LIMIT = 1000
    whole = b'{"data":[]}'.ljust(1000)
    upstream.faults.say(200, whole)
    assert mangadex.search("salt").entries == []
    upstream.faults.say(200, whole + b" ")
    with pytest.raises(UpstreamFailed):
        mangadex.search("road")


# --------------------------------------------------------------- 106: led elsewhere


@pytest.mark.parametrize(
    "place",
    [
        "http://127.0.0.1:9/x",
        "http://[::1]/",
        "file:///etc/passwd",
        "ftp://a.example/",
        "https://a.example/",
    ],
)
def test_a_redirect_leads_nowhere_else(upstream: Upstream, mangadex: MangaDex, place: str) -> None:
    upstream.faults.lead(place)
    assert refusal(mangadex)[0] == "upstream_led_away"
    assert len(upstream.asked) == 1


def test_a_redirect_on_the_same_server_is_followed_and_counted(
    upstream: Upstream, mangadex: MangaDex
) -> None:
    made = upstream.catalogue.add("Salt Road Diary")
    upstream.faults.lead(f"/manga?ids[]={made.id}")
    assert [each.id for each in mangadex.search("other").entries] == [made.id]
    upstream.faults.lead("/manga", times=4)
    with pytest.raises(UpstreamFailed, match="from address to address"):
        mangadex.search("road")


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1", "fe80::1", "224.0.0.1"],
)
def test_a_name_that_leads_into_the_own_network_is_not_followed(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(addresses, "resolve", lambda *_: _resolved("93.184.216.34", address))
    with pytest.raises(LedAway):
        addresses_of("api.example", 443)


def test_a_name_is_looked_up_once_and_the_address_that_was_checked_is_called(
    upstream: Upstream, mangadex: MangaDex, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the second answer would lead into the own network."""
    told = [_resolved("93.184.216.34"), _resolved("127.0.0.1")]
    called: list[str] = []

    def connect(address: tuple[str, int], *_: Any, **__: Any) -> socket.socket:
        called.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(addresses, "resolve", lambda *_: told.pop(0))
    monkeypatch.setattr(addresses, "create_connection", connect)
    settings.MANGADEX_URL, settings.UPSTREAM_TRIES = "https://api.example", 1
    with pytest.raises(UpstreamFailed):
        MangaDex().search("salt")
    assert called == ["93.184.216.34"]
    with pytest.raises(UpstreamFailed) as refused:
        MangaDex().search("salt")
    assert (refused.value.code, called) == ("upstream_led_away", ["93.184.216.34"])


def _resolved(*told: str) -> list[Any]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in told]


@pytest.mark.parametrize(
    "address", ["https://user:word@a.example/", "https://", "a.example", "https://a:b/"]
)
def test_what_is_no_address_has_no_origin(address: str) -> None:
    with pytest.raises(LedAway):
        origin_of(address)

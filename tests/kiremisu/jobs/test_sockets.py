"""Events over a WebSocket, through the real web server."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from rest_framework_simplejwt.tokens import AccessToken

from kiremisu.accounts import access, keys, people, tickets
from kiremisu.accounts.models import User
from kiremisu.jobs.events import announce
from kiremisu.jobs.queue import enqueue
from library.models import Access, Library
from tests import sockets
from tests.factories import make_library
from tests.kiremisu.jobs.streams import cookie_of
from tests.kiremisu.jobs.test_api import FIELDS
from tests.sockets import Socket, opened

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("kinds"),
]
PATH = "/ws/events"


def token_of(user: User) -> str:
    return f"Bearer {AccessToken.for_user(user)}"


@pytest.fixture
def alices(live: str, alice: User) -> Iterator[Socket]:
    """A program of Alice's that follows jobs and libraries."""
    with opened(live, PATH, authorization=token_of(alice)) as socket:
        follow(socket, "job", "library")
        yield socket


def follow(socket: Socket, *topics: str, **more: str) -> None:
    socket.send({"type": "subscribe", "topics": topics, **more})
    socket.until(type="subscribed")


def event_of(socket: Socket) -> tuple[str, Any]:
    """Of the next event the topic, and what it is about."""
    told = socket.until(type="event")
    return told["topic"], told["data"]["id"]


def test_a_program_hears_what_it_subscribed_to(alices: Socket) -> None:
    job = enqueue("count")
    told = alices.until(type="event")
    assert (told["topic"], told["data"]["id"]) == ("job", str(job.pk))
    assert set(told["data"]) == FIELDS


def test_it_is_told_what_there_is(live: str, bob: User) -> None:
    with opened(live, PATH, authorization=token_of(bob)) as socket:
        hello = socket.next()
    assert hello["type"] == "hello"
    assert {"job", "library", "progress"} <= set(hello["topics"])


def test_what_it_does_not_follow_it_does_not_hear(alices: Socket) -> None:
    alices.send({"type": "unsubscribe", "topics": ["library"]})
    assert alices.until(type="subscribed")["topics"] == ["job"]
    announce("library", make_library().pk)
    job = enqueue("count")
    assert event_of(alices) == ("job", str(job.pk))


def test_a_ping_is_answered(alices: Socket) -> None:
    alices.send({"type": "ping"})
    assert alices.next() == {"type": "pong"}


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ((sockets.BINARY, b"{}"), 1003),
        ((sockets.TEXT, b"hello"), 1008),
        ((sockets.TEXT, b"[" * 4000), 1008),
        ((sockets.TEXT, b"x" * 4097), 1009),
        ((sockets.TEXT, b'{"type": "ping", "more": 1}'), 1008),
        ((sockets.TEXT, b'{"type": "shutdown"}'), 1008),
        ((sockets.TEXT, b'{"type": "subscribe", "topics": []}'), 1008),
        ((sockets.TEXT, b'{"type": "subscribe", "topics": ["access"]}'), 1008),
        ((sockets.TEXT, b'{"type": "subscribe", "topics": ["job"], "since": 7}'), 1008),
    ],
)
def test_anything_else_closes_it(alices: Socket, frame: tuple[int, bytes], code: int) -> None:
    alices.send_frame(*frame)
    assert alices.closed()[0] == code


def test_a_flood_closes_it(alices: Socket) -> None:
    for _ in range(60):
        alices.send({"type": "ping"})
    assert alices.closed() == (1008, "flood")


def test_a_stranger_is_refused(live: str, db: None) -> None:
    for headers in ({}, {"authorization": "Bearer nonsense"}, {"cookie": "sessionid=nonsense"}):
        with opened(live, PATH, origin=live, **headers) as socket:
            assert socket.closed() == (1008, "unauthenticated")


def test_a_page_of_ours_opens_it_with_the_cookie(live: str, bob: User) -> None:
    with opened(live, PATH, cookie=cookie_of(bob), origin=live) as socket:
        assert socket.next()["type"] == "hello"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_another_page_does_not(live: str, bob: User, origin: str) -> None:
    with opened(live, PATH, cookie=cookie_of(bob), origin=origin) as socket:
        assert socket.closed() == (1008, "foreign_origin")


def test_a_key_opens_it_if_it_may_read(live: str, bob: User) -> None:
    texts = [keys.make(bob, "Tablet", [scope])[1] for scope in ("read", "progress")]
    with opened(live, PATH, x_api_key=texts[0]) as socket:
        assert socket.next()["type"] == "hello"
    with opened(live, PATH, x_api_key=texts[1]) as socket:
        assert socket.closed() == (1008, "scope_lacks")


def test_a_ticket_opens_it_once(live: str, bob: User) -> None:
    path = f"{PATH}?ticket={tickets.issue(bob)}"
    with opened(live, path) as socket:
        assert socket.next()["type"] == "hello"
    with opened(live, path, cookie=cookie_of(bob), origin=live) as socket:
        assert socket.closed() == (1008, "dead_ticket")


@pytest.mark.parametrize("query", ["token=x", "ticket=x&more=1", "ticket=x&ticket=y", "&", "x"])
def test_its_address_takes_nothing_but_a_ticket(live: str, bob: User, query: str) -> None:
    with opened(live, f"{PATH}?{query}", authorization=token_of(bob)) as socket:
        assert socket.closed() == (1008, "invalid")


def test_there_is_no_other_socket(live: str) -> None:
    for path in ("/ws/other", "/api/v1/events", "/library"):
        with pytest.raises(sockets.Refused), opened(live, path):
            pass


def test_what_one_may_not_see_is_not_told(
    live: str, charlie: User, private: Library, alices: Socket
) -> None:
    with opened(live, PATH, authorization=token_of(charlie)) as charlies:
        follow(charlies, "library", "job")
        announce("library", private.pk)
        enqueue("scan", subject=private.pk)
        shared = make_library("Open")
        announce("library", shared.pk)
        assert event_of(charlies) == ("library", str(shared.pk))
    assert event_of(alices) == ("library", str(private.pk))


def test_whoever_comes_back_is_given_what_happened_meanwhile(
    live: str, bob: User, alices: Socket
) -> None:
    library = make_library()
    with opened(live, PATH, authorization=token_of(bob)) as first:
        last = first.next()["id"]
    announce("library", library.pk, version=2)
    alices.until(type="event")
    with opened(live, PATH, authorization=token_of(bob)) as again:
        follow(again, "library", since=last)
        assert event_of(again) == ("library", str(library.pk))


def test_whoever_was_away_too_long_is_told_to_load_again(live: str, bob: User) -> None:
    with opened(live, PATH, authorization=token_of(bob)) as socket:
        current = socket.next()["id"]
        follow(socket, "job", since="0badcafe-12")
        assert socket.next() == {"type": "resync", "id": current}


def test_the_socket_ends_with_the_right_to_it(live: str, bob: User) -> None:
    with opened(live, PATH, cookie=cookie_of(bob), origin=live) as socket:
        socket.until(type="hello")
        Session.objects.all().delete()
        access.raise_version(bob)
        assert socket.closed() == (1008, "unauthenticated")


@pytest.mark.parametrize(
    "end",
    [people.sign_out_everywhere, partial(people.administer, is_active=False)],
    ids=["signed out everywhere", "shut out"],
)
def test_a_bearer_token_that_dies_ends_what_it_opened(
    live: str, bob: User, end: Callable[[User], object]
) -> None:
    with opened(live, PATH, authorization=token_of(bob)) as socket:
        socket.until(type="hello")
        end(bob)
        assert socket.closed() == (1008, "unauthenticated")


def test_a_revoked_key_ends_what_it_opened(live: str, bob: User) -> None:
    key, text = keys.make(bob, "Tablet", ["read"])
    with opened(live, PATH, x_api_key=text) as socket:
        socket.until(type="hello")
        keys.revoke(key)
        assert socket.closed() == (1008, "unauthenticated")


def test_what_a_ticket_opened_ends_with_the_access_version(live: str, bob: User) -> None:
    with opened(live, f"{PATH}?ticket={tickets.issue(bob)}") as socket:
        socket.until(type="hello")
        access.raise_version(bob)
        assert socket.closed() == (1008, "unauthenticated")


def test_a_library_that_is_closed_to_somebody_is_not_told_of_any_more(
    live: str, bob: User, private: Library
) -> None:
    with opened(live, PATH, authorization=token_of(bob)) as socket:
        follow(socket, "library")
        announce("library", private.pk)
        assert event_of(socket) == ("library", str(private.pk))
        Access.objects.all().delete()
        access.raise_everybodys()
        announce("library", private.pk)
        shared = make_library("Open")
        announce("library", shared.pk)
        assert event_of(socket) == ("library", str(shared.pk))

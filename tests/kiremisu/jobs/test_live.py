"""Events as they happen, to those who may know of them."""

import asyncio
from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from pytest_django import Settings
from rest_framework_simplejwt.tokens import AccessToken

from kiremisu.accounts import access, people
from kiremisu.accounts.models import User
from kiremisu.jobs import watching
from kiremisu.jobs.consumers import BEHIND, Consumer, answer
from kiremisu.jobs.events import announce
from kiremisu.jobs.hub import hub
from kiremisu.jobs.live import application
from kiremisu.jobs.queue import enqueue
from kiremisu.lib.errors import NotAllowed, Throttled, Unauthenticated, Unavailable
from library.models import Library
from tests.factories import make_library
from tests.kiremisu.jobs.streams import PATH, cookie_of, do, following, play
from tests.kiremisu.jobs.test_api import FIELDS
from tests.raw import ask, scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("kinds")]


def test_nobody_follows_without_signing_in() -> None:
    async def scene() -> None:
        with pytest.raises(Unauthenticated):
            await ask(application, scope(PATH))
        with pytest.raises(Unauthenticated):
            await ask(application, scope(PATH, authorization="Bearer nonsense"))

    play(scene)


def test_events_can_only_be_read() -> None:
    async def scene() -> None:
        with pytest.raises(NotAllowed):
            await ask(application, scope(PATH, "POST"))

    play(scene)


def test_a_job_is_told_as_the_api_shows_it(alice: User) -> None:
    cookie = cookie_of(alice)

    async def scene() -> None:
        async with following(cookie) as stream:
            job = await do(enqueue, "count")
            told = await stream.next()
            assert told is not None
            assert (told[0], told[1]["id"], told[1]["state"]) == ("job", str(job.pk), "queued")
            assert set(told[1]) == FIELDS

    play(scene)


def test_when_the_server_stops_streams_end_and_none_begins(alice: User) -> None:
    cookie = cookie_of(alice)

    async def scene() -> None:
        async with following(cookie) as stream:
            hub().close()
            assert await stream.next() is None
        with pytest.raises(Unavailable):
            await ask(application, scope(PATH, cookie=cookie))

    play(scene)


def test_no_proxy_and_no_cache_may_keep_the_stream(alice: User) -> None:
    cookie = cookie_of(alice)

    async def scene() -> None:
        async with following(cookie) as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            assert stream.headers["cache-control"] == "no-store"
            assert stream.headers["x-accel-buffering"] == "no"

    play(scene)


def test_a_bearer_token_opens_the_stream_too(alice: User) -> None:
    token = str(AccessToken.for_user(alice))

    async def scene() -> None:
        async with following(authorization=f"Bearer {token}") as stream:
            assert stream.status == 200

    play(scene)


def test_what_one_may_not_see_is_not_told(bob: User, charlie: User, private: Library) -> None:
    cookies = cookie_of(bob), cookie_of(charlie)

    async def scene() -> None:
        async with following(cookies[0]) as bobs, following(cookies[1]) as charlies:
            secret = await do(enqueue, "scan", subject=private.pk)
            own = await do(enqueue, "count", asked_by=charlie)
            assert [(await told(bobs))["id"]] == [str(secret.pk)]
            assert [(await told(charlies))["id"]] == [str(own.pk)]

    play(scene)


async def told(stream: object) -> dict[str, object]:
    event = await stream.next()  # type: ignore[attr-defined]
    assert event is not None
    return event[1]


def test_a_change_in_a_library_is_told_to_those_who_may_open_it(
    charlie: User, private: Library
) -> None:
    cookie, library = cookie_of(charlie), make_library("Open")

    async def scene() -> None:
        async with following(cookie) as stream:
            await do(announce, "library", private.pk, version=7)
            await do(announce, "library", library.pk, version=2)
            assert await stream.next() == ("library", {"version": 2, "id": str(library.pk)})

    play(scene)


def test_who_comes_back_is_given_what_happened_meanwhile(alice: User) -> None:
    cookie = cookie_of(alice)

    async def scene() -> None:
        async with following(cookie) as other, following(cookie) as stream:
            last = stream.last_id
            job = await do(enqueue, "count")
            await other.next()
        async with following(cookie, last_event_id=last) as stream:
            assert (await told(stream))["id"] == str(job.pk)

    play(scene)


def test_who_was_away_too_long_is_told_to_load_again(alice: User) -> None:
    cookie = cookie_of(alice)

    async def scene() -> None:
        async with following(cookie, last_event_id="0badcafe-12") as stream:
            assert await stream.next() == ("resync", {})

    play(scene)


def test_a_lost_database_connection_means_load_again(alice: User) -> None:
    cookie = cookie_of(alice)

    async def scene() -> None:
        async with following(cookie) as stream:
            await do(end_listening_connection)
            assert await stream.next() == ("resync", {})
            job = await do(enqueue, "count")
            assert (await told(stream))["id"] == str(job.pk)

    play(scene)


def end_listening_connection() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query = 'LISTEN kiremisu' AND datname = current_database()"
        )
        # A server of this run may be listening as well.
        assert cursor.rowcount >= 1


def test_the_stream_ends_with_the_right_to_it(bob: User) -> None:
    cookie = cookie_of(bob)

    async def scene() -> None:
        async with following(cookie) as stream:
            await do(lambda: (Session.objects.all().delete(), access.raise_version(bob)))
            assert await stream.next() is None

    play(scene)


def test_the_stream_of_who_is_shut_out_ends(bob: User) -> None:
    cookie = cookie_of(bob)

    async def scene() -> None:
        async with following(cookie) as stream:
            await do(lambda: people.administer(bob, is_active=False))
            assert await stream.next() is None

    play(scene)


def test_one_person_opens_only_so_many_streams(alice: User, settings: Settings) -> None:
    settings.EVENT_STREAMS_EACH = 1
    cookie = cookie_of(alice)

    async def scene() -> None:
        async with following(cookie):
            with pytest.raises(Throttled):
                await ask(application, scope(PATH, cookie=cookie))

    play(scene)


def test_who_reads_too_slowly_is_let_go() -> None:
    async def scene() -> None:
        consumer = Consumer(User(pk=UUID(int=7)))
        for _ in range(BEHIND + 1):
            consumer.offer(answer("pong"))
        assert await consumer.queue.get() is None
        assert consumer.queue.empty()
        assert consumer.is_behind

    asyncio.run(scene())


def test_a_quiet_stream_says_that_it_lives(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    cookie = cookie_of(alice)
    monkeypatch.setattr(watching, "HEARTBEAT", 0.01)

    async def scene() -> None:
        async with following(cookie) as stream:
            assert await stream.line() == ": still here\n\n"

    play(scene)


def test_who_is_asking_is_looked_at_again_each_minute(
    bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookie = cookie_of(bob)
    monkeypatch.setattr(watching, "HEARTBEAT", 0.01)
    monkeypatch.setattr(watching, "SHOW_AGAIN", 0)

    async def scene() -> None:
        async with following(cookie) as stream:
            await do(lambda: User.objects.update(is_active=False))
            assert await stream.next() is None

    play(scene)


def test_a_client_that_takes_nothing_is_let_go(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookie = cookie_of(alice)
    monkeypatch.setattr(watching, "PATIENCE", 0)

    async def scene() -> None:
        asked = scope(PATH, cookie=cookie)

        async def send(message: dict[str, object]) -> None:
            if message["type"] == "http.response.body":
                await asyncio.Event().wait()

        async def receive() -> dict[str, str]:
            await asyncio.Event().wait()
            return {}

        began = asyncio.create_task(application(asked, receive, send))
        await asyncio.wait_for(began, 60)

    play(scene)

"""A stream ends, or falls silent, where the right to it does; and is bounded."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import orjson
import pytest
from django.db import OperationalError
from pytest_django import Settings

from kiremisu.accounts import access, people
from kiremisu.accounts.models import Role, User
from kiremisu.accounts.ratings import Rating
from kiremisu.jobs import watching
from kiremisu.jobs.consumers import BEHIND, answer
from kiremisu.jobs.events import announce
from kiremisu.jobs.hub import hub, topics
from kiremisu.jobs.sockets import Talk
from kiremisu.jobs.watching import Behind, Watch
from kiremisu.lib.errors import Unauthenticated, Unavailable
from library.models import Access, Library
from tests.factories import make_library, make_series
from tests.kiremisu.jobs.streams import do, play

pytestmark = pytest.mark.django_db(transaction=True)


async def until(is_so: Callable[[], object]) -> None:
    """Wait for what the process hears."""
    async with asyncio.timeout(60):
        while not is_so():  # noqa: ASYNC110 - of another thread's doing
            await asyncio.sleep(0.01)


async def next_of(watch: Watch) -> tuple[str, str]:
    """Of what is said next the topic and the subject."""
    async with aclosing(watch.says()) as saying:
        told = orjson.loads((await anext(saying)).message)
        return told["topic"], told["data"]["id"]


def test_what_waits_is_not_sent_to_whom_it_is_hidden_from_meanwhile(
    bob: User, private: Library
) -> None:
    shared = make_library("Open")

    async def scene() -> None:
        async with watching.watching(lambda: User.objects.get(pk=bob.pk)) as watch:
            watch.follow(topics())
            await do(announce, "library", private.pk)
            await until(watch.consumer.queue.qsize)
            await do(lambda: (Access.objects.all().delete(), access.raise_everybodys()))
            await until(lambda: watch.consumer.must_show_again)
            await do(announce, "library", shared.pk)
            assert await next_of(watch) == ("library", str(shared.pk))

    play(scene)


def test_what_is_rated_higher_than_one_may_see_is_not_told(charlie: User) -> None:
    library = make_library()
    high = make_series(library, "Ember", content_rating=Rating.EROTICA)
    low = make_series(library, "Salt")

    async def scene() -> None:
        async with watching.watching(lambda: charlie) as watch:
            watch.follow(topics())
            await do(announce, "series", high.pk)
            assert await next_of(watch) == ("series", str(high.pk))
            await do(people.administer, charlie, highest_rating=Rating.SAFE)
            await do(announce, "series", high.pk)
            await do(announce, "series", low.pk)
            assert await next_of(watch) == ("series", str(low.pk))

    play(scene)


def test_who_is_no_administrator_any_more_hears_as_a_reader(alice: User, private: Library) -> None:
    shared = make_library("Open")

    async def scene() -> None:
        # Alice as she was when the stream was opened.
        async with watching.watching(lambda: alice) as watch:
            watch.follow(topics())
            await do(User.objects.update, role=Role.READER, is_superuser=False)
            await do(announce, "library", private.pk)
            await do(announce, "library", shared.pk)
            assert await next_of(watch) == ("library", str(shared.pk))

    play(scene)


def test_who_comes_in_under_another_name_is_let_go(alice: User, bob: User) -> None:
    coming = iter([alice, bob])

    async def scene() -> None:
        async with watching.watching(lambda: next(coming)) as watch:
            watch.consumer.ask_again(0)
            with pytest.raises(Unauthenticated):
                await next_of(watch)

    play(scene)


def test_where_the_database_is_away_nothing_is_said(alice: User) -> None:
    coming = iter([alice])

    def look() -> User:
        for user in coming:
            return user
        raise OperationalError("gone")

    async def scene() -> None:
        async with watching.watching(look) as watch:
            watch.consumer.ask_again(0)
            with pytest.raises(Unavailable):
                await next_of(watch)

    play(scene)


def test_one_process_has_only_so_many_streams(alice: User, bob: User, settings: Settings) -> None:
    settings.EVENT_STREAMS = 1

    async def scene() -> None:
        async with watching.watching(lambda: alice):
            with pytest.raises(Unavailable):
                async with watching.watching(lambda: bob):
                    pass
        assert not hub().consumers

    play(scene)


def test_a_socket_that_falls_behind_is_told_where_to_go_on(alice: User) -> None:
    said: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        said.append(orjson.loads(message["text"]))

    async def scene() -> None:
        async with watching.watching(lambda: alice) as watch:
            for _ in range(BEHIND + 1):
                watch.consumer.offer(answer("pong"))
            with pytest.raises(Behind):
                await Talk(asyncio.Event().wait, send, watch).speak()
        hello, behind = said
        assert behind == {"type": "behind", "since": hello["id"]}

    play(scene)


def test_a_socket_that_takes_nothing_is_given_up(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "PATIENCE", 0)

    async def send(message: Any) -> None:
        await asyncio.Event().wait()

    async def scene() -> None:
        async with watching.watching(lambda: alice) as watch:
            with pytest.raises(TimeoutError):
                await Talk(asyncio.Event().wait, send, watch).speak()

    play(scene)

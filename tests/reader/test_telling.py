"""A person's other devices hear where one of them is."""

from datetime import UTC, datetime

import pytest

from kiremisu.accounts.models import User
from library.models import Chapter
from reader import progress
from tests.factories import make_chapter, make_library, make_series
from tests.kiremisu.jobs.streams import cookie_of, do, following, play

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def chapter(db: None) -> Chapter:
    return make_chapter(make_series(make_library()), pages=20)


def turn(user: User, chapter: Chapter, page: int) -> None:
    assert chapter.content
    progress.turn_to(user, chapter.content, page, NOON, "Kitchen tablet", chapter=chapter)


def test_a_place_is_told_to_the_same_person(bob: User, chapter: Chapter) -> None:
    cookie = cookie_of(bob)

    async def scene() -> None:
        async with following(cookie) as stream:
            await do(turn, bob, chapter, 7)
            event = await stream.next()
            assert event is not None
            assert event[0] == "progress"
            assert event[1].pop("id")
            assert event[1] == {
                "chapter": str(chapter.pk),
                "content": str(chapter.content_id),
                "page": 7,
                "fraction": 0.0,
                "finished": False,
                "at": "2026-03-01T12:00:00Z",
                "device": "Kitchen tablet",
            }

    play(scene)


def test_nobody_else_hears_of_it_not_even_who_runs_the_server(
    alice: User, bob: User, chapter: Chapter
) -> None:
    cookies = cookie_of(alice), cookie_of(bob)

    async def scene() -> None:
        async with following(cookies[0]) as alices, following(cookies[1]) as bobs:
            last = alices.last_id
            await do(turn, bob, chapter, 7)
            assert await bobs.next() is not None
            await do(turn, alice, chapter, 3)
            event = await alices.next()
            assert event is not None
            assert event[1]["page"] == 3
        # Nor does whoever comes back for what was missed.
        async with following(cookies[0], last_event_id=last) as alices:
            event = await alices.next()
            assert event is not None
            assert event[1]["page"] == 3

    play(scene)


def test_many_places_at_once_are_one_event_without_a_place(bob: User, chapter: Chapter) -> None:
    cookie = cookie_of(bob)

    async def scene() -> None:
        async with following(cookie) as stream:
            for verb in (progress.mark_read, progress.mark_unread):
                await do(verb, bob, [chapter])
                event = await stream.next()
                assert event is not None
                assert (event[0], event[1]["chapter"], event[1]["page"]) == ("progress", None, None)

    play(scene)

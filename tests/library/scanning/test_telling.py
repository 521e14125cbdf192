"""Series with new chapters are told to those who see them."""

from pathlib import Path

import pytest

from kiremisu.accounts.models import User
from library.models import Series
from tests.factories import make_library
from tests.kiremisu.jobs.streams import Stream, cookie_of, do, following, play
from tests.library.scanning.driving import Shelf

pytestmark = pytest.mark.django_db(transaction=True)


async def until(stream: Stream, topic: str) -> object:
    """The next event of this topic, and what it says."""
    while (event := await stream.next()) is not None:
        if event[0] == topic:
            return event[1]
    raise AssertionError("the stream has ended")


def test_a_series_with_new_chapters_is_named(shelf: Shelf, alice: User) -> None:
    shelf.put("Ember/Ember c001.cbz")
    shelf.put("Ember/Ember c002.cbz")
    shelf.write("Ember/Ember c003.cbz", b"nothing")
    cookie = cookie_of(alice)

    async def scene() -> None:
        async with following(cookie) as stream:
            await do(shelf.scan)
            told = await until(stream, "series")
            series = await do(Series.objects.get)
            assert told == {"id": str(series.pk), "library": str(shelf.library.pk), "added": 2}

    play(scene)


def test_a_series_one_may_not_see_is_not(shelf: Shelf, charlie: User, tmp_path: Path) -> None:
    library = make_library("Hidden", root=str(tmp_path / "hidden"), open_to_all=False)
    hidden = Shelf(library, tmp_path / "hidden")
    hidden.put("Secret/Secret c001.cbz")
    shelf.put("Ember/Ember c001.cbz")
    cookie = cookie_of(charlie)

    async def scene() -> None:
        async with following(cookie) as stream:
            await do(hidden.scan)
            await do(shelf.scan)
            told = await until(stream, "series")
            assert isinstance(told, dict)
            assert told["library"] == str(shelf.library.pk)

    play(scene)


def test_of_very_many_only_the_library_is_named(shelf: Shelf, alice: User) -> None:
    for number in range(21):
        shelf.put(f"Ember {number}/Ember {number} c001.cbz", first=number)
    cookie = cookie_of(alice)

    async def scene() -> None:
        async with following(cookie) as stream:
            await do(shelf.scan)
            shelf.put("Last/Last c001.cbz", first=50)
            await do(shelf.scan)
            told = await until(stream, "series")
            assert isinstance(told, dict)
            assert told["id"] == str((await do(Series.objects.get, title="Last")).pk)

    play(scene)

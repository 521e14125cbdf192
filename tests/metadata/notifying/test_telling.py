"""Pages hear how much is new."""

import pytest

from kiremisu.accounts.models import User
from metadata.models import Notice
from metadata.watching import news, watches
from tests.factories import make_library, make_series
from tests.kiremisu.jobs.streams import cookie_of, do, following, play
from tests.metadata.watching.test_watching_api import new

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_deals_with_a_chapter_hears_how_many_are_left(bob: User) -> None:
    series = make_series(make_library(), "Salt Road")
    watches.watch(bob, series)
    notices = [new(bob, series, number) for number in "23"]
    cookie = cookie_of(bob)

    async def scene() -> None:
        async with following(cookie) as stream:
            await do(news.put, bob, notices[0], Notice.State.READ)
            event = await stream.next()
            assert event == ("notices", {"unread": 1, "id": str(bob.pk)})

    play(scene)

"""How one is told, over the API."""

import pytest
from django.test import Client

from kiremisu.accounts.models import User
from library.models import Library, Series
from metadata.models import Notice
from metadata.watching import watches
from tests.asking import Asker
from tests.factories import make_library, make_series
from tests.metadata.watching.test_watching_api import new

pytestmark = [pytest.mark.quick, pytest.mark.django_db]


@pytest.fixture
def road(bob: User) -> Series:
    series = make_series(make_library(), "Salt Road")
    watches.watch(bob, series)
    return series


def test_it_says_how_much_is_new(bob: User, alice: User, road: Series) -> None:
    for number in "234":
        new(bob, road, number)
    Notice.objects.filter(key="c2").update(state=Notice.State.READ)
    assert Asker(bob).get("notifications")["unread"] == 2
    assert Asker(alice).get("notifications")["unread"] == 0


def test_what_one_may_not_see_any_more_is_not_counted(bob: User, road: Series) -> None:
    new(bob, road)
    Library.objects.update(open_to_all=False)
    assert Asker(bob).get("notifications")["unread"] == 0


def test_an_address_for_feed_readers_is_made_told_once_and_ended(bob: User, client: Client) -> None:
    assert Asker(bob).get("notifications")["feed"] is None
    made = Asker(bob).post("notifications/feed", status=201)
    assert Asker(bob).get("notifications")["feed"] == {"created": made["created"]}
    paths = [made[kind].removeprefix("http://testserver") for kind in ("atom", "rss")]
    assert [client.get(path).status_code for path in paths] == [200, 200]
    Asker(bob).delete("notifications/feed")
    assert [client.get(path).status_code for path in paths] == [404, 404]


def test_the_navigation_says_how_much_is_new(client: Client, bob: User, road: Series) -> None:
    client.force_login(bob)
    assert b"data-unread hidden" in client.get("/lists").content
    new(bob, road)
    page = client.get("/lists").content.decode()
    assert page.count("<b>1</b>") == 2
    assert "data-unread hidden" not in page


def test_who_watches_nothing_has_no_number_there(client: Client, alice: User, road: Series) -> None:
    client.force_login(alice)
    assert b"data-unread" not in client.get("/lists").content

"""New chapters in a feed reader."""

import re
from xml.etree import ElementTree

import pytest
from django.test import Client
from pytest_django import Settings

from kiremisu.accounts.models import AuditEntry, User
from library.models import Library, Series
from metadata.models import Notice, Subscription
from metadata.watching import subscribing
from tests.cast import PASSWORD
from tests.factories import make_chapter, make_library, make_series
from tests.metadata.watching.test_watching_api import new

pytestmark = [pytest.mark.quick, pytest.mark.django_db]

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def road() -> Series:
    return make_series(make_library(), "Salt <Road>")


@pytest.fixture
def address(bob: User) -> str:
    return f"/feeds/{subscribing.subscribe(bob)}"


def test_an_address_is_made_and_told_once(client: Client, bob: User) -> None:
    client.force_login(bob)
    page = client.post("/watching/feed", {"act": "make"}).content.decode()
    found = re.findall(r"http://testserver(/feeds/[\w-]+\.(?:atom|rss))", page)
    assert [client.get(one).status_code for one in found] == [200, 200]
    assert Subscription.objects.get().digest not in page
    assert found[0] not in client.get("/watching").content.decode()


def test_atom_tells_what_is_new(client: Client, bob: User, road: Series, address: str) -> None:
    new(bob, road, "2", title="Tide")
    new(bob, road, "3")
    chapter = make_chapter(road, "3")
    answer = client.get(f"{address}.atom")
    assert answer["Content-Type"].startswith("application/atom+xml")
    entries = ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")
    told = [
        (one.findtext(f"{ATOM}title"), one.find(f"{ATOM}link").attrib["href"])  # type: ignore[union-attr] # it has one
        for one in entries
    ]
    assert told == [
        ("Salt <Road>, Chapter 3", f"http://testserver/read/{chapter.pk}"),
        ("Salt <Road>, Chapter 2: Tide", "https://mangadex.org/chapter/2"),
    ]


def test_rss_tells_it_too(client: Client, bob: User, road: Series, address: str) -> None:
    notice = new(bob, road, "2")
    (item,) = ElementTree.fromstring(client.get(f"{address}.rss").content).iter("item")
    assert item.findtext("guid") == f"urn:uuid:{notice.pk}"


def test_what_did_not_change_is_not_sent_again(
    client: Client, bob: User, road: Series, address: str
) -> None:
    new(bob, road)
    tag = client.get(f"{address}.atom")["ETag"]
    again = client.get(f"{address}.atom", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    new(bob, road, "9")
    assert client.get(f"{address}.atom", headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_a_feed_of_nothing_is_not_of_now(client: Client, address: str, kind: str) -> None:
    # By the day it is sent again only where something is new.
    assert b"1970" in client.get(f"{address}.{kind}").content


def test_it_shows_what_its_owner_may_see_now(
    client: Client, bob: User, road: Series, address: str
) -> None:
    new(bob, road)
    Library.objects.update(open_to_all=False)
    assert b"Salt" not in client.get(f"{address}.atom").content


def test_what_is_withdrawn_is_not_told(
    client: Client, bob: User, road: Series, address: str
) -> None:
    new(bob, road)
    Notice.objects.update(state=Notice.State.WITHDRAWN)
    assert b"<entry>" not in client.get(f"{address}.atom").content


def test_an_address_ends(client: Client, bob: User, address: str) -> None:
    client.force_login(bob)
    client.post("/watching/feed", {"act": "stop"})
    assert client.get(f"{address}.atom").status_code == 404


def test_a_new_address_ends_the_one_before(client: Client, bob: User, address: str) -> None:
    other = subscribing.subscribe(bob)
    assert client.get(f"{address}.atom").status_code == 404
    assert client.get(f"/feeds/{other}.atom").status_code == 200


def test_who_signs_out_everywhere_ends_it(client: Client, bob: User, address: str) -> None:
    User.objects.filter(pk=bob.pk).update(sign_in_version=bob.sign_in_version + 1)
    assert client.get(f"{address}.atom").status_code == 404
    bob.refresh_from_db()
    assert subscribing.subscription(bob) is None


def test_a_new_password_ends_it(client: Client, bob: User, address: str) -> None:
    bob.set_password("another quiet harbour")
    bob.save()
    assert client.get(f"{address}.atom").status_code == 404


def test_a_password_that_is_kept_otherwise_ends_nothing(
    client: Client, bob: User, address: str, settings: Settings
) -> None:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    before = bob.password
    assert client.login(username="bob", password=PASSWORD)
    bob.refresh_from_db()
    assert bob.password != before
    assert client.get("/watching").status_code == 200
    assert client.get(f"{address}.atom").status_code == 200


def test_it_is_written_down_who_made_and_ended_one(bob: User, address: str) -> None:
    subscribing.unsubscribe(bob)
    subscribing.unsubscribe(bob)
    acts = AuditEntry.objects.order_by("id").values_list("act", "who_name")
    assert list(acts) == [("feed.made", "bob"), ("feed.ended", "bob")]


def test_who_may_not_come_in_reads_no_feed(client: Client, bob: User, address: str) -> None:
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert client.get(f"{address}.atom").status_code == 404


@pytest.mark.parametrize("path", ["/feeds/x.atom", "/feeds/.atom", "/feeds/x.json", "/feeds/"])
def test_other_addresses_are_none(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404

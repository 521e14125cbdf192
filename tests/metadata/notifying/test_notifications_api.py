"""How one is told, over the API."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from kiremisu.accounts.models import AuditEntry, User
from kiremisu.jobs.models import Job
from kiremisu.jobs.running import run_now
from library.models import Library, Series
from metadata.models import Channel, Notice
from metadata.notifying import outlets
from metadata.watching import watches
from tests.asking import Asker
from tests.metadata.notifying.receiving import Receiver
from tests.metadata.watching.test_watching_api import new

pytestmark = [pytest.mark.quick, pytest.mark.django_db]


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


def test_who_watches_nothing_has_no_number_there(
    client: Client, alice: User, bob: User, road: Series
) -> None:
    client.force_login(alice)
    assert b"data-unread" not in client.get("/lists").content
    watches.unwatch(bob, road)
    client.force_login(bob)
    assert b"data-unread" not in client.get("/lists").content


def channel(user: User, url: str, status: int = 201) -> Any:
    return Asker(user).post("notifications/channels", {"name": "My phone", "url": url}, status)


def test_a_channel_is_added_and_its_address_told_to_nobody(bob: User, receiver: Receiver) -> None:
    made = channel(bob, receiver.url)
    assert made["shown"] == f"json://{receiver.host}/…"
    assert "hook-of-bob" not in str(Asker(bob).get("notifications"))
    assert b"hook-of-bob" not in bytes(Channel.objects.get().sealed)


def test_a_channel_is_changed_tried_and_removed(bob: User, receiver: Receiver) -> None:
    path = f"notifications/channels/{channel(bob, receiver.url)['id']}"
    changed = Asker(bob).patch(path, {"name": "Hers", "paused": True})
    assert (changed["name"], changed["paused"]) == ("Hers", True)
    job = Job.objects.get(pk=Asker(bob).post(f"{path}/test", status=202)["id"])
    assert run_now(job).message == "It was taken"
    assert Asker(bob).get("notifications")["channels"][0]["sent"]
    Asker(bob).delete(path)
    assert Asker(bob).get("notifications")["channels"] == []
    acts = AuditEntry.objects.order_by("id").values_list("act", flat=True)
    assert list(acts) == ["channel.made", "channel.removed"]


@pytest.mark.parametrize("url", ["json://127.0.0.1:1/x", "x", "", "mailto://a:b@example.org"])
def test_addresses_that_may_not_be_used_are_refused(
    bob: User, receiver: Receiver, url: str
) -> None:
    made = channel(bob, receiver.url)
    assert channel(bob, url, 422)["errors"][0]["field"] == "url"
    Asker(bob).patch(f"notifications/channels/{made['id']}", {"url": url}, 422)


def test_one_has_so_many_channels(bob: User, receiver: Receiver, settings: Settings) -> None:
    settings.CHANNELS_EACH = 1
    channel(bob, receiver.url)
    assert channel(bob, receiver.url, 429)["code"] == "too_many_channels"


def test_nobody_else_sees_a_channel(bob: User, alice: User, receiver: Receiver) -> None:
    path = f"notifications/channels/{channel(bob, receiver.url)['id']}"
    Asker(alice).patch(path, {"paused": True}, 404)
    Asker(alice).post(f"{path}/test", status=404)
    Asker(alice).delete(path, 404)
    asks = Client()
    asks.force_login(alice)
    assert asks.post(f"/watching/{path.removeprefix('notifications/')}").status_code == 404
    assert Asker(alice).get("notifications")["channels"] == []


def test_without_apprise_there_are_no_channels(bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlets, "apprise", None)
    assert Asker(bob).get("notifications")["can_channel"] is False
    assert channel(bob, "tgram://1:x/1", 409)["code"] == "no_apprise"


def test_channels_are_seen_to_at_the_foot_of_watching(
    client: Client, bob: User, receiver: Receiver
) -> None:
    client.force_login(bob)
    given = {"name": "My phone", "url": receiver.url}
    assert "My phone" in client.post("/watching/channels", given, follow=True).content.decode()
    wrong = client.post("/watching/channels", {"name": "x", "url": "x"}, follow=True)
    assert b"One of these services" in wrong.content
    path = f"/watching/channels/{Channel.objects.get().pk}"
    assert b"hook-of-bob" not in client.post(path, {"act": "pause"}, follow=True).content
    assert Channel.objects.get().paused
    client.post(path, {"act": "test"})
    assert Job.objects.filter(kind="notify-test").exists()
    client.post(path, {"act": "remove"})
    assert not Channel.objects.exists()

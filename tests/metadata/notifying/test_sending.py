"""New chapters that are told over people's own channels, once."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job
from kiremisu.jobs.running import run_now
from library.models import Library, Series
from metadata.models import Channel, Notice, Pending
from metadata.notifying import channels, sending
from metadata.watching import watches
from tests.factories import make_library, make_series
from tests.metadata.notifying.receiving import Receiver
from tests.metadata.watching.test_watching_api import new

pytestmark = [pytest.mark.quick, pytest.mark.django_db]


@pytest.fixture
def channel(bob: User, receiver: Receiver) -> Channel:
    return channels.make(bob, "My phone", receiver.url)


def tell(*notices: Notice) -> None:
    """These were found by a check, and what waits is sent."""
    sending.await_delivery(notices)
    job = sending.ask()
    if job is not None:
        assert run_now(job).state == "done"


def test_many_chapters_are_one_message(bob: User, channel: Channel, receiver: Receiver) -> None:
    library = make_library()
    road, moss = (make_series(library, title) for title in ("Salt Road", "Moss"))
    for series in (road, moss):
        watches.watch(bob, series)
    tell(new(bob, road, "2"), new(bob, road, "2.5"), new(bob, moss, "", volume="7"))
    (said,) = receiver.said
    assert said["title"] == "3 new chapters"
    assert said["message"].split("\n") == ["Moss: Volume 7", "Salt Road: Chapter 2, Chapter 2.5"]


def test_a_message_is_sent_once(
    bob: User, road: Series, channel: Channel, receiver: Receiver
) -> None:
    tell(new(bob, road))
    tell()
    assert receiver.bodies == ["Salt Road: Chapter 2"]
    channel.refresh_from_db()
    assert (channel.problem, channel.failures) == ("", 0)
    assert channel.sent is not None


def test_what_was_not_taken_is_sent_again_later(
    bob: User, road: Series, channel: Channel, receiver: Receiver
) -> None:
    receiver.statuses = [503]
    tell(new(bob, road))
    tell()
    assert receiver.said == []
    channel.refresh_from_db()
    assert (channel.problem, channel.failures) == ("It answered with status 503.", 1)
    Channel.objects.update(not_before=timezone.now())
    tell()
    assert receiver.bodies == ["Salt Road: Chapter 2"]


def test_where_nobody_is_it_is_sent_again_later(
    bob: User, road: Series, channel: Channel, settings: Settings
) -> None:
    # Nobody listens at the port of "discard".
    settings.APPRISE_HOSTS = ["127.0.0.1:9"]
    channels.change(channel, url="json://127.0.0.1:9/")
    tell(new(bob, road))
    channel.refresh_from_db()
    assert (channel.problem, Pending.objects.count()) == ("It cannot be reached.", 1)


@pytest.mark.parametrize("status", [0, 400, 500, 307])
def test_what_may_have_arrived_is_not_sent_again(
    bob: User, road: Series, channel: Channel, receiver: Receiver, status: int
) -> None:
    receiver.statuses = [status]
    tell(new(bob, road))
    tell()
    assert len(receiver.said) == (status == 0)
    channel.refresh_from_db()
    assert channel.problem
    assert not Pending.objects.exists()


def test_it_is_off_the_list_before_it_goes(bob: User, road: Series, channel: Channel) -> None:
    # A server that dies from here on has told it at most once.
    sending.await_delivery([new(bob, road)])
    assert len(sending.take(channel, timezone.now())) == 1
    assert sending.ask() is None


def test_what_a_check_finds_gathers_first(
    bob: User, road: Series, channel: Channel, settings: Settings
) -> None:
    settings.CHANNEL_GATHERS = 30
    sending.await_delivery([new(bob, road)])
    assert sending.ask() is None
    Pending.objects.update(created=timezone.now() - timedelta(seconds=31))
    assert sending.ask() is not None


def test_what_one_has_read_or_may_not_see_any_more_is_not_told(
    bob: User, road: Series, channel: Channel, receiver: Receiver
) -> None:
    read, seen = new(bob, road, "2"), new(bob, road, "3")
    Notice.objects.filter(pk=read.pk).update(state=Notice.State.READ)
    Library.objects.update(open_to_all=False)
    tell(read, seen)
    assert (receiver.said, Pending.objects.count()) == ([], 0)


def test_who_was_shut_out_is_told_nothing(
    bob: User, road: Series, channel: Channel, receiver: Receiver
) -> None:
    sending.await_delivery([new(bob, road, "2")])
    job = channels.try_out(channel, bob)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    run_now(job)
    tell(new(bob, road, "3"))
    assert (receiver.said, Pending.objects.count()) == ([], 1)


def test_what_is_a_day_old_is_not_told(
    bob: User, road: Series, channel: Channel, receiver: Receiver
) -> None:
    notice = new(bob, road)
    Notice.objects.update(created=timezone.now() - timedelta(days=2))
    tell(notice)
    assert (receiver.said, Pending.objects.count()) == ([], 0)


def test_a_channel_that_pauses_tells_nothing(
    bob: User, road: Series, channel: Channel, receiver: Receiver
) -> None:
    sending.await_delivery([new(bob, road, "2")])
    channels.change(channel, paused=True)
    tell(new(bob, road, "3"))
    channels.change(channel, paused=False)
    tell()
    assert receiver.said == []


def test_nobody_elses_channel_is_told(
    bob: User, alice: User, road: Series, receiver: Receiver
) -> None:
    channels.make(alice, "Hers", receiver.url)
    tell(new(bob, road))
    assert receiver.said == []


def test_an_address_that_no_key_opens_is_to_be_set_again(
    bob: User, road: Series, channel: Channel, receiver: Receiver
) -> None:
    Channel.objects.update(sealed=b"x")
    tell(new(bob, road))
    channel.refresh_from_db()
    assert "Set it again" in channel.problem


def test_addresses_are_sealed_anew_with_all_secrets(channel: Channel, settings: Settings) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a newer key, of forty letters or more 3456"
    call_command("rotate_secrets")
    settings.SECRET_KEY_FALLBACKS = []
    channel.refresh_from_db()
    assert channels.vault.unsealed(channel.sealed, "x").startswith("json://")


def test_a_channel_is_tried_out(bob: User, channel: Channel, receiver: Receiver) -> None:
    job: Job = run_now(channels.try_out(channel, bob))
    assert (job.state, job.message, len(receiver.said)) == ("done", "It was taken", 1)
    receiver.statuses = [404]
    assert run_now(channels.try_out(channel, bob)).message == "It answered with status 404."

"""Activity says how the servers do that facts come from."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from kiremisu.accounts.models import User
from kiremisu.lib.errors import Refused
from metadata.models import Upstream as Row
from metadata.providers.mangadex import MangaDex
from tests.upstream import Upstream

pytestmark = [pytest.mark.quick, pytest.mark.django_db]


def said(user: User) -> str:
    client = Client()
    client.force_login(user)
    page = client.get("/activity").content.decode()
    return page.partition('id="sources"')[2].partition("</section>")[0]


def fail(mangadex: MangaDex) -> None:
    with pytest.raises(Refused):
        mangadex.search("salt")


def test_of_a_server_that_was_never_asked_nothing_is_said(bob: User) -> None:
    assert not said(bob)


def test_a_server_that_answers_is_said_to_work(mangadex: MangaDex, bob: User) -> None:
    mangadex.search("salt")
    assert "MangaDex" in said(bob)
    assert "Works, and was asked" in said(bob)


def test_the_breaker_is_shown_as_it_opens_and_closes(
    upstream: Upstream, mangadex: MangaDex, bob: User, settings: Settings
) -> None:
    settings.UPSTREAM_FAILURES = 3
    upstream.faults.say(500, times=3)
    fail(mangadex)
    assert "is left alone until" in said(bob)
    assert "It answered with status 500." in said(bob)
    Row.objects.update(opened_at=timezone.now() - timedelta(hours=1))
    assert "Is tried again at the next question" in said(bob)
    mangadex.search("salt")
    assert "Works" in said(bob)
    assert "500" not in said(bob)


def test_one_failure_is_shown_with_its_reason(
    upstream: Upstream, mangadex: MangaDex, bob: User
) -> None:
    upstream.faults.say(200, b"<html>")
    fail(mangadex)
    assert "Failed at the last question," in said(bob)
    assert "something that is not understood" in said(bob)


def test_a_server_that_asked_for_patience_is_shown_to_get_it(mangadex: MangaDex, bob: User) -> None:
    mangadex.search("salt")
    Row.objects.update(next_at=timezone.now() + timedelta(minutes=1))
    assert "Asked to be left alone until" in said(bob)

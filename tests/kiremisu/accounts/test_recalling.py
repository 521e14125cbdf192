"""People a process remembers, so that not every request asks the database who asks."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password

from kiremisu.accounts import access, people, tokens
from kiremisu.accounts.models import User
from kiremisu.lib.errors import Unauthenticated
from kiremisu.lib.notices import announce, stop_listening, wait_until_listening
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "another harbour"

type Asking = Callable[[int], Any]


@pytest.fixture(autouse=True)
def hearing() -> Iterator[None]:
    access.forget(access.EVERYBODY)
    access.follow()
    assert wait_until_listening(60)
    yield
    access.stop_following()
    stop_listening()


@pytest.fixture
def token(bob: User) -> str:
    token = tokens.issue("bob", PASSWORD, "192.0.2.1")["access"]
    assert tokens.bearer(token) == bob
    return token


def test_who_was_seen_is_not_asked_for_again(
    bob: User, token: str, django_assert_num_queries: Asking
) -> None:
    with django_assert_num_queries(0):
        assert tokens.bearer(token) == bob


def test_each_caller_gets_a_person_of_their_own(token: str) -> None:
    tokens.bearer(token).role = "admin"
    assert tokens.bearer(token).role == "reader"


def test_where_nothing_would_be_heard_the_database_is_asked(
    bob: User, token: str, django_assert_num_queries: Asking
) -> None:
    stop_listening()
    with django_assert_num_queries(1):
        assert tokens.bearer(token) == bob


@pytest.mark.parametrize(
    "act",
    [
        lambda bob: people.set_password(bob, NEW),
        lambda bob: people.administer(bob, is_active=False),
        people.sign_out_everywhere,
        people.remove,
    ],
)
def test_what_shuts_a_door_shuts_it_at_once(
    act: Callable[[User], object], bob: User, token: str
) -> None:
    act(bob)
    with pytest.raises(Unauthenticated):
        tokens.bearer(token)


def test_what_another_process_changes_is_heard(
    bob: User, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard, forget = threading.Event(), access.forget
    monkeypatch.setattr(access, "forget", lambda user_id: (forget(user_id), heard.set()))
    User.objects.filter(pk=bob.pk).update(role="curator")
    assert tokens.bearer(token).role == "reader"
    announce(access.TOPIC, bob.pk)
    assert heard.wait(60)
    assert tokens.bearer(token).role == "curator"


def test_a_new_address_is_known_to_the_next_request(bob: User, token: str) -> None:
    people.change(tokens.bearer(token), email="bob@example.org")
    assert tokens.bearer(token).email == "bob@example.org"


def test_what_nobody_told_of_holds_a_minute_at_most(bob: User, token: str) -> None:
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert tokens.bearer(token) == bob
    known = access._known[bob.pk]
    access._known[bob.pk] = replace(known, at=known.at - 60)
    with pytest.raises(Unauthenticated):
        tokens.bearer(token)


def test_a_memory_turns_nobody_away(bob: User, token: str) -> None:
    User.objects.filter(pk=bob.pk).update(password=make_password(NEW))
    assert tokens.bearer(tokens.issue("bob", NEW, "192.0.2.1")["access"]) == bob


def test_what_was_forgotten_while_it_was_read_is_not_kept(
    bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = access._Read

    def read(*given: Any) -> Any:
        access.forget(bob.pk)
        return copy(*given)

    monkeypatch.setattr(access, "_Read", read)
    assert access.recalled(bob.pk) == bob
    assert bob.pk not in access._known


def test_a_token_ends_with_its_time(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hour = timedelta(hours=1)
    later = tokens.timezone.now() + hour
    monkeypatch.setattr(tokens.timezone, "now", lambda: later)
    with pytest.raises(Unauthenticated):
        tokens.bearer(token)

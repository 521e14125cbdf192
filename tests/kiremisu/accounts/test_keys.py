"""API keys: made, shown once, used within their scopes, taken back."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from kiremisu.accounts import keys
from kiremisu.accounts.models import ApiKey, Scope, User
from kiremisu.accounts.sessions import user_of
from kiremisu.lib.errors import Forbidden
from kiremisu.lib.logs import harmless
from tests.asking import ROOT, Asker
from tests.factories import make_library

pytestmark = pytest.mark.quick

NEW: dict[str, Any] = {"name": "Tablet", "scopes": ["read", "progress"]}


def with_key(text: str) -> Asker:
    asker = Asker()
    asker.client = Client(headers={"x-api-key": text})
    return asker


def key_of(user: User, *scopes: str) -> str:
    return keys.make(user, "Tablet", scopes or ["read"])[1]


def test_a_key_opens_the_api_as_its_owner(bob: User) -> None:
    made = Asker(bob).post("auth/keys", NEW, 201)
    assert with_key(made["key"]).get("me")["username"] == "bob"


def test_a_key_is_told_once(bob: User) -> None:
    made = Asker(bob).post("auth/keys", NEW, 201)
    answer = Asker(bob).get_raw("auth/keys").content.decode()
    assert made["key"] not in answer
    (listed,) = json.loads(answer)["items"]
    assert (listed["name"], listed["scopes"]) == ("Tablet", ["read", "progress"])
    assert made["key"].startswith(listed["prefix"])


def test_the_database_keeps_no_key(bob: User) -> None:
    text = key_of(bob)
    assert text not in str(list(ApiKey.objects.values()))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"scopes": ["read"]}, "name"),
        ({**NEW, "name": ""}, "name"),
        ({**NEW, "name": " \n"}, "name"),
        ({**NEW, "name": "x" * 101}, "name"),
        ({**NEW, "scopes": []}, "scopes"),
        ({**NEW, "scopes": ["root"]}, "scopes.0"),
        ({**NEW, "expires": "2001-01-01T00:00:00Z"}, "expires"),
        ({**NEW, "expires": "2101-01-01T00:00:00"}, "expires"),
        ({**NEW, "user_id": "x"}, "user_id"),
    ],
)
def test_a_key_that_cannot_be_is_refused(bob: User, body: dict[str, Any], field: str) -> None:
    told = Asker(bob).post("auth/keys", body, 422)
    assert [error["field"] for error in told["errors"]] == [field]


def test_a_person_has_fifty_keys(bob: User) -> None:
    for _ in range(keys.MOST):
        key_of(bob)
    assert Asker(bob).post("auth/keys", NEW, 429)["code"] == "too_many_keys"
    assert Asker(bob).get("auth/keys", per_page=1)["total"] == keys.MOST


@pytest.mark.parametrize("text", ["", "km_x", "é", "km_" + "x" * 5000])
def test_a_forged_key_opens_nothing_and_no_session_makes_it_good(bob: User, text: str) -> None:
    answer = Asker(bob).client.get(f"{ROOT}/me", headers={"x-api-key": text})
    assert (answer.status_code, answer.json()["code"]) == (401, "dead_key")


def test_an_expired_key_opens_nothing(bob: User) -> None:
    text = key_of(bob)
    ApiKey.objects.update(expires=timezone.now() - timedelta(seconds=1))
    with_key(text).get("me", 401)


def test_a_key_of_somebody_shut_out_opens_nothing(bob: User) -> None:
    text = key_of(bob)
    User.objects.update(is_active=False)
    with_key(text).get("me", 401)


def test_a_revoked_key_opens_nothing_and_signed_links_end(bob: User) -> None:
    made = Asker(bob).post("auth/keys", NEW, 201)
    Asker(bob).delete(f"auth/keys/{made['id']}")
    with_key(made["key"]).get("me", 401)
    assert User.objects.get(pk=bob.pk).access_version == bob.access_version + 1


def test_nobody_revokes_or_sees_the_keys_of_others(alice: User, bob: User) -> None:
    key = keys.make(bob, "Tablet", ["read"])[0]
    Asker(alice).delete(f"auth/keys/{key.pk}", 404)
    assert Asker(alice).get("auth/keys")["items"] == []


def test_a_stranger_gets_no_key(db: None) -> None:
    Asker().get("auth/keys", 401)
    Asker().post("auth/keys", NEW, 401)


@pytest.mark.parametrize(
    ("scope", "statuses"),
    [("read", (200, 403, 403)), ("progress", (403, 200, 403)), ("admin", (200, 200, 200))],
)
def test_a_key_does_what_its_scope_says(
    alice: User, scope: str, statuses: tuple[int, int, int]
) -> None:
    asker = with_key(key_of(alice, scope))
    asker.get("series", statuses[0])
    asker.put("me/reading", {}, statuses[1])
    told = asker.get("auth/keys", statuses[2])
    assert statuses[2] == 200 or told["code"] == "scope_lacks"


def test_a_scope_gives_no_more_than_the_role(bob: User) -> None:
    library = make_library("Open")
    asker = with_key(key_of(bob, "admin", "curate"))
    assert asker.post(f"libraries/{library.pk}/scan", {}, 403)["code"] == "forbidden"


def test_when_a_key_was_used_is_written_once_a_minute(bob: User) -> None:
    text = key_of(bob)
    with_key(text).get("me")
    used = ApiKey.objects.get().last_used
    assert used is not None
    with_key(text).get("me")
    assert ApiKey.objects.get().last_used == used
    ApiKey.objects.update(last_used=used - timedelta(seconds=61))
    with_key(text).get("me")
    assert (ApiKey.objects.get().last_used or used) > used


def test_a_key_follows_events_if_it_may_read(bob: User) -> None:
    assert user_of([(b"X-API-Key", key_of(bob).encode())]) == bob
    assert user_of([(b"x-api-key", b"km_x")]) is None
    with pytest.raises(Forbidden):
        user_of([(b"x-api-key", key_of(bob, "progress").encode())])


def test_no_log_line_shows_a_key(bob: User) -> None:
    text = key_of(bob)
    assert text not in harmless(f"somebody sent {text} along")


def test_the_database_refuses_unknown_scopes(bob: User) -> None:
    with pytest.raises(IntegrityError):
        ApiKey.objects.create(user=bob, name="x", prefix="x", digest="x", scopes=["root"])


def test_a_key_says_what_it_is(bob: User) -> None:
    key = keys.make(bob, "Tablet", [Scope.READ])[0]
    assert str(key) == f"Tablet ({key.prefix}…)"

"""Signing in over the API, and what one may ask about oneself."""

import pytest
from django.contrib.auth.hashers import get_hasher
from django.test import Client
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from kiremisu.accounts import attempts, keys
from kiremisu.accounts.models import User
from tests.asking import ROOT, Asker
from tests.cast import PASSWORD

pytestmark = pytest.mark.quick


def sign_in(name: str = "bob") -> dict[str, str]:
    tokens: dict[str, str] = Asker().post("auth/token", {"username": name, "password": PASSWORD})
    return tokens


def with_token(token: str) -> Asker:
    asker = Asker()
    asker.client = Client(headers={"authorization": f"Bearer {token}"})
    return asker


def test_a_name_and_its_password_give_tokens_that_open_the_api(bob: User) -> None:
    told = with_token(sign_in()["access"]).get("me")
    assert (told["username"], told["role"], told["id"]) == ("bob", "reader", str(bob.pk))


@pytest.mark.parametrize(
    "body",
    [
        {"username": "bob", "password": "wrong"},
        {"username": "nobody", "password": PASSWORD},
        {"username": "bob\x00", "password": "wrong"},
    ],
)
def test_what_does_not_fit_is_told_alike(bob: User, body: dict[str, str]) -> None:
    told = Asker().post("auth/token", body, 401)
    assert told["code"] == "wrong_credentials"
    assert told["detail"] == "This name and password do not fit."


def test_a_wrong_name_takes_as_long_as_a_wrong_password(
    bob: User, charlie: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What takes long is the hashing: it is done once, whoever is meant."""
    User.objects.filter(pk=charlie.pk).update(is_active=False)
    hasher, hashed = type(get_hasher()), []
    encode = hasher.encode
    monkeypatch.setattr(hasher, "encode", lambda *given: hashed.append(1) or encode(*given))
    for name, password in (("bob", "wrong"), ("nobody", "wrong"), ("charlie", PASSWORD)):
        Asker().post("auth/token", {"username": name, "password": password}, 401)
        assert len(hashed) == 1, name
        hashed.clear()


def test_who_guesses_has_to_wait(bob: User) -> None:
    wrong = {"username": "bob", "password": "wrong"}
    for _ in range(attempts.AT_ONE_NAME):
        Asker().post("auth/token", wrong, 401)
    told = Asker().post("auth/token", {**wrong, "password": PASSWORD}, 429)
    assert told["code"] == "throttled"
    answer = Client().post(f"{ROOT}/auth/token", wrong, "application/json")
    assert int(answer["Retry-After"]) > 0


def test_who_is_shut_out_gets_no_token(bob: User) -> None:
    User.objects.update(is_active=False)
    body = {"username": "bob", "password": PASSWORD}
    assert Asker().post("auth/token", body, 401)["code"] == "wrong_credentials"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "username"),
        ({"username": "bob"}, "password"),
        ({"username": "bob", "password": "x", "admin": True}, "admin"),
        ({"username": ["bob"], "password": "x"}, "username"),
        ({"username": "x" * 151, "password": "x"}, "username"),
    ],
)
def test_nonsense_is_refused_by_field(db: None, body: dict[str, object], field: str) -> None:
    told = Asker().post("auth/token", body, 422)
    assert field in [error["field"] for error in told["errors"]]


def test_a_refresh_token_works_once(bob: User) -> None:
    first = sign_in()["refresh"]
    second = Asker().post("auth/token/refresh", {"refresh": first})
    assert with_token(second["access"]).get("me")["username"] == "bob"
    assert Asker().post("auth/token/refresh", {"refresh": first}, 401)["code"] == "dead_token"


def test_a_refresh_token_that_comes_again_kills_its_family(bob: User, charlie: User) -> None:
    first, others = sign_in()["refresh"], sign_in("charlie")["refresh"]
    second = Asker().post("auth/token/refresh", {"refresh": first})["refresh"]
    Asker().post("auth/token/refresh", {"refresh": first}, 401)
    Asker().post("auth/token/refresh", {"refresh": second}, 401)
    Asker().post("auth/token/refresh", {"refresh": others})


def test_the_database_keeps_no_refresh_token(bob: User) -> None:
    first = sign_in()["refresh"]
    Asker().post("auth/token/refresh", {"refresh": first})
    assert set(OutstandingToken.objects.values_list("token", flat=True)) == {""}
    assert OutstandingToken.objects.count() == 2


def test_an_access_token_in_the_wrong_place_kills_nothing(bob: User) -> None:
    tokens = sign_in()
    Asker().post("auth/token/refresh", {"refresh": tokens["access"]}, 401)
    Asker().post("auth/token/refresh", {"refresh": tokens["refresh"]})


def test_each_kind_of_token_opens_only_its_own_door(bob: User) -> None:
    tokens = sign_in()
    with_token(tokens["refresh"]).get("me", 401)
    Asker().post("auth/token/refresh", {"refresh": tokens["access"]}, 401)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "e30.e30.", "é"])
def test_a_forged_token_opens_nothing(db: None, token: str) -> None:
    with_token(token).get("me", 401)
    if token:
        Asker().post("auth/token/refresh", {"refresh": token}, 401)


def test_a_bad_token_is_not_made_good_by_a_session(bob: User) -> None:
    asker = Asker(bob)
    answer = asker.client.get(f"{ROOT}/me", headers={"authorization": "Bearer x"})
    assert answer.status_code == 401


def test_a_new_password_ends_tokens(bob: User) -> None:
    tokens = sign_in()
    with_token(tokens["access"]).patch(
        "me", {"password": "another harbour", "current_password": PASSWORD}
    )
    with_token(tokens["access"]).get("me", 401)
    Asker().post("auth/token/refresh", {"refresh": tokens["refresh"]}, 401)


def test_who_is_shut_out_is_out_at_once(bob: User) -> None:
    tokens = sign_in()
    User.objects.update(is_active=False)
    with_token(tokens["access"]).get("me", 401)
    Asker().post("auth/token/refresh", {"refresh": tokens["refresh"]}, 401)


def test_a_token_of_somebody_who_is_gone_opens_nothing(bob: User) -> None:
    tokens = sign_in()
    bob.delete()
    with_token(tokens["access"]).get("me", 401)
    Asker().post("auth/token/refresh", {"refresh": tokens["refresh"]}, 401)


def test_signing_out_kills_the_refresh_token(bob: User) -> None:
    tokens = sign_in()
    with_token(tokens["access"]).post("auth/logout", {"refresh": tokens["refresh"]}, 204)
    Asker().post("auth/token/refresh", {"refresh": tokens["refresh"]}, 401)


def test_signing_out_ends_the_session(bob: User) -> None:
    asker = Asker(bob)
    asker.post("auth/logout", {"refresh": "long dead"}, 204)
    asker.get("me", 401)


def test_a_session_changes_nothing_without_its_csrf_token(bob: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(bob)
    answer = client.patch(f"{ROOT}/me", {"email": "b@example.org"}, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
    assert client.get(f"{ROOT}/me").status_code == 200


def test_a_session_with_its_csrf_token_may_change_things(bob: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(bob)
    client.cookies["csrftoken"] = "a" * 32
    answer = client.patch(
        f"{ROOT}/me",
        {"email": "b@example.org"},
        "application/json",
        headers={"x-csrftoken": "a" * 32},
    )
    assert (answer.status_code, answer.json()["email"]) == (200, "b@example.org")


@pytest.mark.parametrize("body", [{"email": "no address"}, {"password": "long enough to pass"}])
def test_a_change_of_oneself_that_cannot_be_is_refused(bob: User, body: dict[str, str]) -> None:
    assert Asker(bob).patch("me", body, 422)["errors"]


def test_the_server_tells_its_version_and_limits(bob: User) -> None:
    told = Asker(bob).get("server")
    assert (told["limits"]["per_page"], told["limits"]["keys"]) == (100, keys.MOST)
    assert told["limits"]["page_widths"] == [240, 800, 1200, 1600]
    assert told["version"]


def test_a_stranger_learns_nothing_of_the_server(db: None) -> None:
    Asker().get("server", 401)
    Asker().get("me", 401)
    Asker().patch("me", {}, 401)
    Asker().post("auth/logout", {}, 401)

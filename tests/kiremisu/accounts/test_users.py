"""Accounts over the API: administrators make, change and remove them, and stay in charge."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kiremisu.accounts import keys, people
from kiremisu.accounts.models import Role, User
from kiremisu.accounts.sessions import user_of
from kiremisu.lib.errors import Conflict
from library.models import Access, Library
from tests.asking import ROOT, Asker
from tests.cast import PASSWORD
from tests.kiremisu.accounts.test_api import sign_in, with_token

pytestmark = pytest.mark.quick

NEW = {"username": "dora", "password": "a lamp at sea"}


def path(user: User) -> str:
    return f"users/{user.pk}"


# ------------------------------------------------------------------------------- looking


def test_people_are_listed_by_name_with_what_they_were_given(
    alice: User, bob: User, private: Library
) -> None:
    told = Asker(alice).get("users")
    assert [user["username"] for user in told["items"]] == ["alice", "bob"]
    assert [user["libraries"] for user in told["items"]] == [[], [str(private.pk)]]
    assert Asker(alice).get(path(bob)) == told["items"][1]
    assert "password" not in told["items"][1]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"search": "LIC"}, ["alice"]),
        ({"role": "reader"}, ["bob", "charlie"]),
        ({"is_active": False}, ["charlie"]),
        ({"role": "reader", "is_active": True}, ["bob"]),
        ({"per_page": 1, "page": 2}, ["bob"]),
    ],
)
def test_people_are_asked_for(
    alice: User, bob: User, charlie: User, query: dict[str, Any], names: list[str]
) -> None:
    User.objects.filter(pk=charlie.pk).update(is_active=False)
    assert [user["username"] for user in Asker(alice).get("users", **query)["items"]] == names


def test_a_list_of_people_costs_few_queries(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    User.objects.bulk_create(User(username=f"reader {number}") for number in range(30))
    asker = Asker(alice)
    # Session, user; the rows, what they were given, their number.
    with django_assert_num_queries(5):
        assert asker.get("users", per_page=30)["total"] == 31


def test_only_administrators_know_of_others(bob: User, charlie: User) -> None:
    asker = Asker(bob)
    asker.get("users", 403)
    asker.post("users", NEW, 403)
    for known, status in ((bob, 403), (charlie, 404)):
        asker.get(path(known), status)
        asker.patch(path(known), {"role": "admin"}, status)
        asker.delete(path(known), status)
    bob.refresh_from_db()
    assert bob.role == Role.READER


# -------------------------------------------------------------------------------- making


def test_a_new_account_may_come_in_and_see_what_it_was_given(alice: User, private: Library) -> None:
    rights = {"role": "curator", "highest_rating": "suggestive", "libraries": [str(private.pk)]}
    told = Asker(alice).post("users", {**NEW, **rights, "email": "dora@example.org"}, 201)
    assert {name: told[name] for name in rights} == rights
    assert (told["username"], told["is_active"], told["last_login"]) == ("dora", True, None)
    signed_in = Asker().post("auth/token", NEW)
    (seen,) = with_token(signed_in["access"]).get("libraries")["items"]
    assert seen["id"] == str(private.pk)


def test_without_more_it_reads(alice: User) -> None:
    told = Asker(alice).post("users", NEW, 201)
    assert (told["role"], told["highest_rating"], told["libraries"]) == (
        "reader",
        "pornographic",
        [],
    )
    assert not User.objects.get(username="dora").is_staff


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": "no spaces"}, "username"),
        ({"username": ""}, "username"),
        ({"password": "short"}, "password"),
        ({"password": "dora"}, "password"),
        ({"email": "no address"}, "email"),
        ({"role": "owner"}, "role"),
        ({"highest_rating": "mild"}, "highest_rating"),
        ({"libraries": ["019a4c1e-8f3b-7d20-9c55-3e1f60a7b842"]}, "libraries"),
        ({"is_superuser": True}, "is_superuser"),
        ({"access_version": 7}, "access_version"),
    ],
)
def test_an_account_that_cannot_be_is_not_made(
    alice: User, bob: User, change: dict[str, Any], field: str
) -> None:
    told = Asker(alice).post("users", {**NEW, **change}, 422)
    assert field in {error["field"].split(".")[0] for error in told["errors"]}
    assert User.objects.count() == 2


def test_a_name_is_taken_in_any_case(alice: User, bob: User) -> None:
    for name in ("bob", "BOB"):
        assert Asker(alice).post("users", {**NEW, "username": name}, 409)["code"] == "duplicate"
        Asker(alice).patch(path(alice), {"username": name}, 409)


# ------------------------------------------------------------------------------ changing


def test_only_what_is_named_changes(alice: User, bob: User, private: Library) -> None:
    before = Asker(alice).get(path(bob))
    told = Asker(alice).patch(path(bob), {"email": "bob@example.org"})
    assert {**told, "updated": 0} == {**before, "email": "bob@example.org", "updated": 0}
    assert version(bob) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"role": "curator"},
        {"highest_rating": "safe"},
        {"libraries": []},
        {"is_active": False},
        {"password": "a lamp at sea"},
    ],
)
def test_a_change_of_rights_ends_links(
    alice: User, bob: User, private: Library, change: dict[str, Any]
) -> None:
    Asker(alice).patch(path(bob), change)
    assert version(bob) > 1


@pytest.mark.parametrize("change", [{"role": "reader"}, {"is_active": True}, {}])
def test_what_stays_as_it_is_ends_nothing(alice: User, bob: User, change: dict[str, Any]) -> None:
    Asker(alice).patch(path(bob), change)
    assert version(bob) == 1


def test_libraries_are_given_and_taken_back(alice: User, charlie: User, private: Library) -> None:
    Asker(alice).patch(path(charlie), {"libraries": [str(private.pk)] * 2})
    Asker(charlie).get(f"libraries/{private.pk}")
    Asker(alice).patch(path(charlie), {"libraries": []})
    Asker(charlie).get(f"libraries/{private.pk}", 404)
    assert Access.objects.filter(user__username="bob").exists()


@pytest.mark.parametrize(
    "change",
    [
        {"username": "no spaces"},
        {"username": None},
        {"role": "owner"},
        {"is_staff": True},
    ],
)
def test_a_change_that_makes_no_sense_changes_nothing(
    alice: User, bob: User, change: dict[str, Any]
) -> None:
    Asker(alice).patch(path(bob), {"email": "b@example.org", **change}, 422)
    bob.refresh_from_db()
    assert (bob.username, bob.email) == ("bob", "")


@pytest.mark.parametrize("field", ["role", "is_staff", "highest_rating", "id", "access_version"])
def test_nobody_raises_themselves(bob: User, field: str) -> None:
    Asker(bob).patch("me", {field: "admin"}, 422)


def version(user: User) -> int:
    return User.objects.get(pk=user.pk).access_version


# ------------------------------------------------------------------------- doors that shut


Shut = Callable[[User, User], object]


def by_deactivation(alice: User, bob: User) -> None:
    """Coming back later must not open the old doors."""
    Asker(alice).patch(path(bob), {"is_active": False})
    Asker(alice).patch(path(bob), {"is_active": True})


def by_password(alice: User, bob: User) -> None:
    Asker(alice).patch(path(bob), {"password": "a lamp at sea"})


def by_themself(alice: User, bob: User) -> None:
    Asker(bob).post("auth/logout", {"everywhere": True}, 204)


@pytest.mark.parametrize("shut", [by_deactivation, by_password, by_themself])
def test_sessions_tokens_links_and_streams_end(alice: User, bob: User, shut: Shut) -> None:
    session, tokens = Asker(bob), sign_in()
    cookie = session.client.cookies["sessionid"].value
    before = version(bob)
    shut(alice, bob)
    session.get("me", 401)
    with_token(tokens["access"]).get("me", 401)
    Asker().post("auth/token/refresh", {"refresh": tokens["refresh"]}, 401)
    # What streams ask each time that the version is raised.
    assert user_of([(b"cookie", f"sessionid={cookie}".encode())]) is None
    assert user_of([(b"authorization", f"Bearer {tokens['access']}".encode())]) is None
    assert version(bob) > before


def test_keys_outlive_a_sign_out_everywhere_and_wait_while_shut_out(alice: User, bob: User) -> None:
    _, text = keys.make(bob, "Script", ["read"])
    client = Client(headers={"x-api-key": text})
    by_themself(alice, bob)
    assert client.get(f"{ROOT}/me").status_code == 200
    Asker(alice).patch(path(bob), {"is_active": False})
    assert client.get(f"{ROOT}/me").status_code == 401


def test_other_people_stay_signed_in(alice: User, bob: User, charlie: User) -> None:
    session, tokens = Asker(charlie), sign_in("charlie")
    by_themself(alice, bob)
    session.get("me")
    with_token(tokens["access"]).get("me")
    Asker().post("auth/token/refresh", {"refresh": tokens["refresh"]})


def test_an_ordinary_sign_out_leaves_the_other_sessions(bob: User) -> None:
    here, there = Asker(bob), Asker(bob)
    here.post("auth/logout", {}, 204)
    here.get("me", 401)
    there.get("me")


# ----------------------------------------------------------------- the last administrator


@pytest.mark.parametrize("change", [{"role": "curator"}, {"is_active": False}])
def test_the_last_administrator_stays(alice: User, change: dict[str, Any]) -> None:
    assert Asker(alice).patch(path(alice), change, 409)["code"] == "last_admin"
    assert Asker(alice).delete(path(alice), 409)["code"] == "last_admin"
    Asker(alice).patch(path(alice), {"email": "alice@example.org"})


def test_one_of_two_administrators_may_go(alice: User) -> None:
    dora = Asker(alice).post("users", {**NEW, "role": "admin"}, 201)
    Asker(alice).patch(path(alice), {"role": "reader"})
    Asker(User.objects.get(pk=dora["id"])).delete(path(alice))
    assert [user.username for user in User.objects.all()] == ["dora"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_each_others_role_one_stays() -> None:
    pair = [people.make(name, PASSWORD, role=Role.ADMIN) for name in ("anna", "bert")]
    ready = Barrier(2)

    def demote(user: User) -> bool:
        ready.wait(120)
        try:
            people.administer(user, role=Role.READER)
        except Conflict:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as crowd:
        assert sorted(crowd.map(demote, pair)) == [False, True]
    assert User.objects.filter(role=Role.ADMIN).count() == 1


def test_an_account_goes_with_its_keys(alice: User, bob: User) -> None:
    _, text = keys.make(bob, "Script", ["read"])
    Asker(alice).delete(path(bob))
    assert not User.objects.filter(pk=bob.pk).exists()
    assert Client(headers={"x-api-key": text}).get(f"{ROOT}/me").status_code == 401
    Asker(alice).get(path(bob), 404)

"""Guessing passwords is slowed down, for all processes together."""

import re
import threading
from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from kiremisu.accounts import attempts, rates
from kiremisu.accounts.addresses import address_of
from kiremisu.accounts.models import Rate, User
from kiremisu.accounts.rates import Bound
from kiremisu.lib import env
from kiremisu.lib.env import Misconfigured
from kiremisu.lib.errors import Throttled
from tests.asking import Asker
from tests.cast import PASSWORD
from tests.factories import make_library
from tests.saying import heard

pytestmark = pytest.mark.quick

HERE, WRONG = "10.0.0.1", {"username": "bob", "password": "wrong"}


def guess(times: int, name: str = "bob", address: str = HERE) -> None:
    for _ in range(times):
        attempts.begin(name, address)


@pytest.mark.usefixtures("db")
def test_one_name_from_one_address_has_so_many_tries() -> None:
    guess(attempts.AT_ONE_NAME)
    with pytest.raises(Throttled) as refused:
        attempts.begin("BOB", HERE)
    assert 0 < (refused.value.retry_after or 0) <= attempts.WINDOW
    attempts.begin("bob", "10.0.0.2")


@pytest.mark.parametrize(
    ("name", "address", "most"),
    [
        ("name {}", HERE, attempts.FROM_ONE_ADDRESS),
        ("name {}", "2001:db8:1:2::{}", attempts.FROM_ONE_ADDRESS),
        ("bob", "10.0.0.{}", attempts.AT_ONE_ACCOUNT),
    ],
)
@pytest.mark.usefixtures("db")
def test_many_names_and_many_addresses_are_stopped_too(name: str, address: str, most: int) -> None:
    for n in range(most):
        attempts.begin(name.format(n), address.format(n))
    with pytest.raises(Throttled):
        attempts.begin(name.format(most), address.format(most))


@pytest.mark.usefixtures("db")
def test_the_right_password_forgets_the_wrong_ones() -> None:
    guess(attempts.AT_ONE_NAME)
    attempts.passed("bob", HERE)
    guess(1)


@pytest.mark.usefixtures("db")
def test_a_window_ends_and_is_swept_away() -> None:
    guess(attempts.AT_ONE_NAME)
    Rate.objects.update(until=timezone.now() - timedelta(seconds=1))
    guess(1)
    attempts.begin("somebody else", "10.0.0.9")
    assert Rate.objects.filter(until__lt=timezone.now()).count() == 0


@pytest.mark.usefixtures("db")
def test_what_was_typed_is_not_kept() -> None:
    attempts.begin("a password in the wrong field", HERE)
    assert "password" not in str(list(Rate.objects.values()))


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_each_counted() -> None:
    bound, refused = Bound(("race",), 5, 60), []

    def spend() -> None:
        try:
            rates.spend(bound)
        except Throttled:
            refused.append(1)
        finally:
            connection.close()

    several = [threading.Thread(target=spend) for _ in range(8)]
    for one in several:
        one.start()
    for one in several:
        one.join()
    assert len(refused) == 3


def test_each_wrong_password_is_one_line_for_fail2ban(bob: User) -> None:
    with heard() as lines:
        Asker().post("auth/token", WRONG, 401)
        Asker().post("auth/token", {**WRONG, "password": PASSWORD})
    told = [line for line in lines if line["event"] == "sign-in failed"]
    assert [(line["log_level"], line["address"]) for line in told] == [("warning", "127.0.0.1")]


@pytest.mark.parametrize(
    ("nearest", "forwarded", "address"),
    [
        ("192.0.2.7", "", "192.0.2.7"),
        ("192.0.2.7", "203.0.113.9", "192.0.2.7"),
        ("172.18.0.2", "203.0.113.9", "203.0.113.9"),
        ("172.18.0.2", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("172.18.0.2", "203.0.113.9, 172.18.0.3", "203.0.113.9"),
        ("172.18.0.2", "203.0.113.9, rubbish", "172.18.0.2"),
        ("::ffff:172.18.0.2", "2001:db8::1", "2001:db8::1"),
        ("", "203.0.113.9", ""),
    ],
)
def test_a_forwarded_address_is_believed_from_our_proxies_alone(
    settings: LazySettings, nearest: str, forwarded: str, address: str
) -> None:
    settings.PROXIES = [ip_network("172.18.0.0/16")]
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=nearest)
    assert address_of(request) == address


def test_proxies_are_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_PROXIES", "10.0.0.0/8, ::1")
    assert env.networks("SOME_PROXIES") == [ip_network("10.0.0.0/8"), ip_network("::1")]
    monkeypatch.setenv("SOME_PROXIES", "my proxy")
    with pytest.raises(Misconfigured, match="SOME_PROXIES must list"):
        env.networks("SOME_PROXIES")


@pytest.mark.usefixtures("db")
def test_an_address_nobody_can_read_counts_as_it_is() -> None:
    guess(attempts.AT_ONE_NAME, address="unix:")
    with pytest.raises(Throttled):
        attempts.begin("bob", "unix:")


def test_the_desks_own_door_is_guarded_too(alice: User, client: Client) -> None:
    right = {"username": "alice", "password": PASSWORD}
    for _ in range(attempts.AT_ONE_NAME):
        client.post("/admin/login/", {**right, "password": "wrong"})
    assert "Too many tries." in client.post("/admin/login/", right).content.decode()
    elsewhere = client.post("/admin/login/?next=/admin/", right, REMOTE_ADDR="10.0.0.9")
    assert elsewhere.status_code == 302


def test_scans_may_be_asked_for_so_often(alice: User) -> None:
    path = f"libraries/{make_library().pk}/scan"
    for _ in range(30):
        Asker(alice).post(path, {}, 202)
    assert Asker(alice).post(path, {}, 429)["code"] == "throttled"


def test_a_count_says_what_it_is() -> None:
    text = str(Rate(key="x", count=3, until=timezone.now()))
    assert re.fullmatch(r"3 times until \d{4}-.*", text)

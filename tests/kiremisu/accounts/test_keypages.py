"""The settings page of API keys, without a line of JavaScript."""

import re

import pytest
from django.test import Client

from kiremisu.accounts import keys
from kiremisu.accounts.models import ApiKey, User

pytestmark = pytest.mark.quick

PAGE = "/settings/keys"
NEW = {"name": "Tablet", "scopes": ["read"], "days": "30"}


def test_a_stranger_is_sent_to_sign_in(db: None) -> None:
    assert Client().get(PAGE)["Location"].startswith("/login")
    assert Client().post(PAGE, NEW)["Location"].startswith("/login")


def test_a_new_key_is_shown_once(bob: User, client: Client) -> None:
    client.force_login(bob)
    answer = client.post(PAGE, NEW)
    (text,) = re.findall(r"km_[\w-]{43}", answer.content.decode())
    assert keys.bearer(text).user == bob
    assert "no-store" in answer["Cache-Control"]
    page = client.get(PAGE).content.decode()
    assert text not in page
    assert "Tablet" in page


def test_a_key_may_have_no_end(bob: User, client: Client) -> None:
    client.force_login(bob)
    client.post(PAGE, {**NEW, "days": "0"})
    assert ApiKey.objects.get().expires is None


@pytest.mark.parametrize("wrong", [{"name": ""}, {"scopes": []}, {"days": "7"}])
def test_a_wrong_form_comes_back(bob: User, client: Client, wrong: dict[str, object]) -> None:
    client.force_login(bob)
    assert client.post(PAGE, {**NEW, **wrong}).status_code == 422
    assert not ApiKey.objects.exists()


def test_the_page_says_when_there_are_too_many(bob: User, client: Client) -> None:
    for _ in range(keys.MOST):
        keys.make(bob, "Tablet", ["admin"])
    client.force_login(bob)
    assert "revoke one first" in client.post(PAGE, NEW).content.decode()


def test_revoking_takes_a_key_away(bob: User, client: Client) -> None:
    key = keys.make(bob, "Tablet", ["read"])[0]
    client.force_login(bob)
    client.post(f"{PAGE}/{key.pk}/revoke")
    assert "Tablet opens nothing any more" in client.get(PAGE).content.decode()
    assert not ApiKey.objects.exists()


def test_nobody_sees_or_revokes_the_keys_of_others(alice: User, bob: User, client: Client) -> None:
    key = keys.make(bob, "Bob’s tablet", ["read"])[0]
    client.force_login(alice)
    assert "tablet" not in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}/{key.pk}/revoke").status_code == 404

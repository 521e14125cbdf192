"""Guessing names and passwords, however often and from wherever it claims to come."""

from collections import Counter
from typing import Any

import pytest
from django.contrib.auth.hashers import get_hasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kiremisu.accounts import attempts
from kiremisu.accounts.models import User
from tests.asking import ROOT

CROWD = 50


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each password that was looked at."""
    hasher, seen = type(get_hasher()), list[int]()
    encode = hasher.encode
    monkeypatch.setattr(hasher, "encode", lambda *given: seen.append(1) or encode(*given))
    return seen


def guess(client: Client, name: str, number: int) -> int:
    answer = client.post(
        f"{ROOT}/auth/token",
        {"username": name, "password": f"guess {number}"},
        "application/json",
        headers={"x-forwarded-for": f"203.0.113.{number % 250}", "x-real-ip": "198.51.100.7"},
    )
    return answer.status_code


def test_of_a_thousand_guesses_under_made_up_addresses_a_hundred_are_looked_at(
    bob: User, hashed: list[int]
) -> None:
    """Over many accounts, from one machine that claims to be two hundred and fifty."""
    User.objects.bulk_create(User(username=f"reader {number}") for number in range(CROWD))
    hashed.clear()
    client = Client()
    told = Counter(guess(client, f"reader {n % CROWD}", n) for n in range(1000))
    assert told == {401: attempts.FROM_ONE_ADDRESS, 429: 1000 - attempts.FROM_ONE_ADDRESS}
    assert len(hashed) == attempts.FROM_ONE_ADDRESS


def test_of_guesses_at_one_account_ten_are_looked_at(bob: User, hashed: list[int]) -> None:
    hashed.clear()
    client = Client()
    told = Counter(guess(client, "bob", n) for n in range(60))
    assert told == {401: attempts.AT_ONE_NAME, 429: 60 - attempts.AT_ONE_NAME}
    assert len(hashed) == attempts.AT_ONE_NAME


NAMES = ("bob", "charlie", "nobody")


def test_nothing_tells_a_name_that_exists_from_one_that_does_not(bob: User, charlie: User) -> None:
    """Charlie is shut out. Time is counted in questions to the database and hashed passwords."""
    User.objects.filter(pk=charlie.pk).update(is_active=False)
    for path, kind in ((f"{ROOT}/auth/token", "json"), ("/login", "form")):
        # The first of all clears away old counts.
        _said(path, kind, "somebody")
        known, shut_out, unknown = (_said(path, kind, name) for name in NAMES)
        assert known == unknown
        assert shut_out == unknown


def test_nothing_tells_them_apart_once_there_were_too_many(bob: User) -> None:
    for name in ("bob", "nobody"):
        for _ in range(attempts.AT_ONE_NAME + 1):
            _said(f"{ROOT}/auth/token", "json", name)
    told = [_said(f"{ROOT}/auth/token", "json", name) for name in ("bob", "nobody")]
    assert told[0] == told[1]
    assert told[0][0] == 429


def _said(path: str, kind: str, name: str) -> tuple[int, str, list[str], int]:
    """Status, text, headers and number of questions of a wrong sign-in."""
    client, body = Client(), {"username": name, "password": "wrong"}
    more: dict[str, Any] = {"content_type": "application/json"} if kind == "json" else {}
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(path, body, **more)
    if kind == "json":
        told = answer.json()
        del told["request_id"]
        text = str(told)
    else:
        token, nonce = str(answer.context["csrf_token"]), str(answer.context["csp_nonce"])
        text = answer.content.decode().replace(token, "").replace(nonce, "").replace(name, "")
    return answer.status_code, text, sorted(answer.headers), len(asked)

"""A POST with an idempotency key works once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.utils import timezone

from kiremisu.accounts.models import User
from kiremisu.models import KeyedRequest
from library.models import Library
from tests.asking import ROOT, Asker
from tests.cast import PASSWORD


def post(user: User, path: str, body: dict[str, Any], key: str) -> Any:
    client = Asker(user).client
    return client.post(f"{ROOT}/{path}", body, "application/json", headers={"idempotency-key": key})


@pytest.fixture
def body(tmp_path: Path) -> dict[str, str]:
    return {"root": str(tmp_path), "name": "Shelf"}


@pytest.mark.quick
def test_a_repeated_request_gets_the_first_answer(alice: User, body: dict[str, str]) -> None:
    first = post(alice, "libraries", body, "k1")
    Library.objects.all().delete()
    again = post(alice, "libraries", body, "k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.content, again["ETag"]) == (first.content, first["ETag"])
    assert (first.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert not Library.objects.exists()


@pytest.mark.quick
def test_a_key_belongs_to_one_request(alice: User, body: dict[str, str]) -> None:
    post(alice, "libraries", body, "k1")
    other = post(alice, "libraries", body | {"name": "Other"}, "k1")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


@pytest.mark.quick
def test_a_key_belongs_to_one_person(alice: User, bob: User, body: dict[str, str]) -> None:
    post(alice, "libraries", body, "k1")
    assert post(bob, "libraries", body, "k1").status_code == 403


@pytest.mark.quick
def test_a_request_that_failed_frees_its_key(alice: User, body: dict[str, str]) -> None:
    assert post(alice, "libraries", {"root": "/no/such"}, "k1").status_code == 422
    assert post(alice, "libraries", body, "k1").status_code == 201


@pytest.mark.quick
@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb"])
def test_what_is_no_key_is_refused(alice: User, body: dict[str, str], key: str) -> None:
    assert post(alice, "libraries", body, key).status_code == 422


@pytest.mark.quick
def test_a_key_is_kept_for_a_day(alice: User, body: dict[str, str]) -> None:
    post(alice, "libraries", body, "k1")
    KeyedRequest.objects.update(created=timezone.now() - timedelta(hours=25))
    again = post(alice, "libraries", body, "k1")
    assert again.get("Idempotency-Replayed") is None
    assert KeyedRequest.objects.count() == 1


@pytest.mark.quick
def test_who_died_at_work_frees_the_key_after_a_while(alice: User, body: dict[str, str]) -> None:
    post(alice, "libraries", body, "k1")
    KeyedRequest.objects.update(status=None)
    waiting = post(alice, "libraries", body, "k1")
    assert (waiting.status_code, waiting["Retry-After"]) == (409, "1")
    KeyedRequest.objects.update(created=timezone.now() - timedelta(minutes=6))
    assert post(alice, "libraries", body, "k1").status_code == 201


@pytest.mark.quick
def test_secrets_shown_once_are_kept_nowhere(alice: User) -> None:
    signing_in = {"username": "alice", "password": PASSWORD}
    assert post(alice, "auth/token", signing_in, "k1").status_code == 200
    assert not KeyedRequest.objects.exists()


@pytest.mark.quick
def test_an_address_that_is_a_secret_is_kept_nowhere(bob: User) -> None:
    first, again = (post(bob, "notifications/feed", {}, "k1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["atom"] != again.json()["atom"]
    assert not KeyedRequest.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_key_sent_twenty_times_at_once_works_once(
    live: str, alice: User, tmp_path: Path
) -> None:
    with httpx.Client(base_url=f"{live}/api/v1/", timeout=60) as client:
        signed = client.post("auth/token", json={"username": "alice", "password": PASSWORD})
        client.headers["Authorization"] = f"Bearer {signed.json()['access']}"
        client.headers["Idempotency-Key"] = "one"

        def send(_: int) -> httpx.Response:
            return client.post("libraries", json={"root": str(tmp_path)})

        with ThreadPoolExecutor(10) as crowd:
            told = list(crowd.map(send, range(20)))
    worked = [t for t in told if t.status_code == 201 and "idempotency-replayed" not in t.headers]
    assert len(worked) == 1
    assert {t.status_code for t in told} <= {201, 409}
    assert {t.content for t in told if t.status_code == 201} == {worked[0].content}

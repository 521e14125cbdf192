"""Whatever goes wrong, what is told of it is a problem, and nothing of this machine."""

import errno
import http.client
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
from django.core.exceptions import (
    FieldError,
    ImproperlyConfigured,
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404
from django.test import Client
from ninja.errors import ConfigError, HttpError

from kiremisu.accounts.models import User
from tests.asking import ROOT

# Words of this machine, as they stand in what is raised below.
PLACE, QUERY, INSIDE = "/srv/hoard/secret.cbz", "SELECT digest FROM accounts_apikey", "zq7 inside"
NEVER = (PLACE, QUERY, INSIDE, "Traceback", 'File "', "site-packages", ".py", "psycopg", "/tmp/")
TOLD = {"type", "title", "status", "code", "detail", "errors", "request_id"}

FAULTS: list[tuple[BaseException, int]] = [
    (RuntimeError(INSIDE), 500),
    (KeyError(PLACE), 500),
    (AssertionError(INSIDE), 500),
    (RecursionError(INSIDE), 500),
    (MemoryError(INSIDE), 500),
    (TimeoutError(INSIDE), 500),
    (OSError(errno.EIO, INSIDE, PLACE), 500),
    (FileNotFoundError(errno.ENOENT, INSIDE, PLACE), 500),
    (PermissionError(errno.EACCES, INSIDE, PLACE), 500),
    (UnicodeDecodeError("utf-8", INSIDE.encode(), 0, 1, PLACE), 500),
    (DatabaseError(QUERY), 500),
    (IntegrityError(QUERY), 500),
    (OperationalError(QUERY), 503),
    (InterfaceError(QUERY), 503),
    (FieldError(QUERY), 500),
    (ImproperlyConfigured(PLACE), 500),
    (ConfigError(PLACE), 500),
    (ExceptionGroup(INSIDE, [RuntimeError(PLACE)]), 500),
    (Http404(PLACE), 404),
    (ObjectDoesNotExist(QUERY), 404),
    (PermissionDenied(PLACE), 403),
    (RequestDataTooBig(PLACE), 413),
    (SuspiciousOperation(PLACE), 400),
    (HttpError(409, INSIDE), 409),
]


def check(status: int, headers: Mapping[str, str], body: bytes) -> Any:
    """The problem that was told, which tells nothing else."""
    assert headers["Content-Type"] == "application/problem+json"
    raw = repr(dict(headers)) + body.decode()
    assert not [word for word in NEVER if word in raw]
    told = orjson.loads(body)
    assert told.keys() == TOLD
    assert told["status"] == status
    return told


@pytest.mark.quick
@pytest.mark.parametrize(("fault", "status"), FAULTS, ids=lambda one: type(one).__name__)
def test_a_fault_tells_nothing_of_this_machine(
    fault: BaseException, status: int, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise fault

    monkeypatch.setattr("library.browsing.series", broken)
    client = Client()
    client.force_login(alice)
    answer = client.get(f"{ROOT}/series")
    assert answer.status_code == status
    check(status, answer.headers, answer.content)


@pytest.mark.quick
def test_an_answer_that_is_not_as_declared_is_our_fault(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiremisu.jobs.listing.jobs", lambda *_: {"items": [{"id": PLACE}]})
    client = Client()
    client.force_login(alice)
    answer = client.get(f"{ROOT}/jobs")
    assert check(500, answer.headers, answer.content)["code"] == "internal_error"


@pytest.mark.quick
def test_a_fault_outside_every_operation_is_a_problem_too(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(PLACE)

    monkeypatch.setattr("kiremisu.conditional._tagged", broken)
    answer = Client(raise_request_exception=False).get(f"{ROOT}/series")
    assert check(500, answer.headers, answer.content)["code"] == "internal_error"


DEEP = b'{"email": ' + b"[" * 20_000 + b"]" * 20_000 + b"}"
ASKED: list[tuple[str, str, dict[str, str], bytes, int]] = [
    ("GET", "/nothing/here", {}, b"", 404),
    ("GET", "/series/../../../etc/passwd", {}, b"", 404),
    ("GET", "/series/%2e%2e%2f%2e%2e%2fetc%2fpasswd", {}, b"", 404),
    ("GET", "/series/%00", {}, b"", 404),
    ("GET", "/series/%ff%fe", {}, b"", 404),
    ("GET", "/series/%", {}, b"", 404),
    ("GET", "/series?page=0", {}, b"", 422),
    ("GET", "/series?page=1000000000000", {}, b"", 422),
    ("GET", "/series?per_page=1000000000", {}, b"", 422),
    ("GET", "/series?page=%ff", {}, b"", 422),
    ("GET", "/series?sort=%27;DROP TABLE".replace(" ", "%20"), {}, b"", 422),
    ("DELETE", "/server", {}, b"", 405),
    ("BREW", "/server", {}, b"", 405),
    ("PATCH", "/me", {}, b"x", 415),
    ("PATCH", "/me", {"Content-Type": "application/json"}, b"{", 400),
    ("PATCH", "/me", {"Content-Type": "application/json"}, b"\xff\xfe", 400),
    ("PATCH", "/me", {"Content-Type": "application/json"}, DEEP, 400),
    ("PATCH", "/me", {"Content-Type": "application/json"}, b"[]", 422),
    ("PATCH", "/me", {"Content-Type": "application/json"}, b'{"email": 1e999999}', 400),
    ("PATCH", "/me", {"Content-Type": "application/json"}, b'{"is_staff": true}', 422),
    ("PATCH", "/me", {"Content-Type": "application/json"}, b"1" * (2 << 20), 413),
    ("GET", "/me", {"Host": "evil.example"}, b"", 400),
    ("GET", "/me", {"Authorization": "Bearer x"}, b"", 401),
    ("GET", "/me", {"X-API-Key": "x" * 5000}, b"", 401),
    ("GET", "/events", {"X-API-Key": "km_dead"}, b"", 401),
    ("POST", "/uploads", {"Tus-Resumable": "0.0.1"}, b"", 412),
]


@pytest.mark.django_db(transaction=True)
def test_whoever_refuses_answers_with_a_problem(live: str, alice: User) -> None:
    client = Client()
    client.force_login(alice)
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    place = urlsplit(live)
    for number, (method, path, headers, body, status) in enumerate(ASKED):
        asked = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
        mine = f"asked-{number:04}"
        known = {"Cookie": f"{cookie}; csrftoken={'c' * 32}", "X-CSRFToken": "c" * 32}
        sent = (known if "Authorization" not in headers else {}) | {"X-Request-ID": mine} | headers
        asked.request(method, f"/api/v1{path}", body or None, sent)
        answer = asked.getresponse()
        assert answer.status == status, (method, path, body[:40], answer.read())
        told = check(status, answer.headers, answer.read())
        asked.close()
        assert told["request_id"] == mine

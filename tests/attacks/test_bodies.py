"""Bodies no client would send: endless, bottomless, twice the same, in other alphabets."""

import socket
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client

from kiremisu.accounts.models import User
from tests.asking import ROOT, Asker
from tests.attacks.asking import Sender, bearer
from tests.live import Served

GIGABYTE = 1 << 30
_BLOCK = bytes(1 << 20)


def resident(served: Served) -> int:
    """Bytes of memory that the server's processes have together."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            told = dict(line.split(":\t", 1) for line in status.read_text().splitlines())
            if served.pid in {int(told["Pid"]), int(told["PPid"])}:
                total += int(told.get("VmRSS", "0 kB").split()[0]) << 10
    return total


def poured(served: Served, head: str, *, chunked: bool) -> int:
    """The status with which the server answers who pours a gigabyte of zeros at it."""
    place = urlsplit(served.url)
    with socket.create_connection((str(place.hostname), place.port), timeout=60) as connection:
        connection.sendall(head.encode())
        with suppress(OSError):  # it does not take them
            for _ in range(GIGABYTE // len(_BLOCK)):
                connection.sendall(b"%x\r\n%s\r\n" % (len(_BLOCK), _BLOCK) if chunked else _BLOCK)
        told = b""
        with suppress(OSError):
            while part := connection.recv(1 << 16):
                told += part
        return int(told.split()[1]) if told else 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("chunked", [False, True], ids=["announced", "in chunks"])
@pytest.mark.parametrize("path", [f"{ROOT}/auth/token", "/login", f"{ROOT}/uploads"])
def test_a_gigabyte_is_let_go_at_flat_memory(
    served: Served, alice: User, path: str, chunked: bool
) -> None:
    before = resident(served)
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {GIGABYTE}"
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: {bearer(alice)}\r\n{length}\r\n\r\n"
    )
    # Whoever is cut off while sending may never see the answer.
    assert poured(served, head, chunked=chunked) in {0, 400, 403, 412, 413}
    assert resident(served) - before < 64 << 20


WRONG: dict[str, bytes] = {
    "bottomless lists": b"[" * 500_000,
    "lists to the bottom and back": b"[" * 100_000 + b"]" * 100_000,
    "bottomless objects": b'{"email":' * 100_000 + b"1" + b"}" * 100_000,
    "bottomless inside": b'{"email": ' + b"[" * 400_000 + b"]" * 400_000 + b"}",
    "an email that is a huge number": b'{"email": ' + b"9" * 500_000 + b"}",
    "a number without end": b'{"email": 1e99999999}',
    "a name twice": b'{"email": "a@example.org", "email": "b@example.org"}',
    "a name twice, spelt otherwise": b'{"email": "a@example.org", "\\u0065mail": "b@example.org"}',
    "a name twice, deep inside": b'{"email": {"a": [{"b": 1, "b": 2}]}}',
    "NaN": b'{"email": NaN}',
    "Infinity": b'{"email": Infinity}',
    "a comment": b'{"email": "a@example.org"} // admin',
    "two bodies": b'{"email": "a@example.org"}{"email": "b@example.org"}',
    "Latin-1": '{"email": "é@example.org"}'.encode("latin-1"),
    "UTF-16": '{"email": "a@example.org"}'.encode("utf-16"),
    "UTF-7": b'{"email": +AGEAQA-"}',
    "a byte order mark": b'\xef\xbb\xbf{"email": "a@example.org"}',
    "half a surrogate": b'{"email": "\xed\xa0\x80@example.org"}',
    "an overlong letter": b'{"email": "\xc0\xae@example.org"}',
    "a NUL outside": b'\0{"email": "a@example.org"}',
    "nothing": b"",
    "null": b"null",
    "a list": b'[{"email": "a@example.org"}]',
    "a word": b'"email"',
    "true": b"true",
}


@pytest.mark.quick
@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG)
def test_a_body_that_makes_no_sense_is_refused(alice: User, body: bytes) -> None:
    answer = Asker(alice).client.generic("PATCH", f"{ROOT}/me", body, "application/json")
    assert answer.status_code in {400, 413, 422}, answer.content[:300]
    assert answer["Content-Type"] == "application/problem+json"
    alice.refresh_from_db()
    assert alice.email == ""


@pytest.mark.quick
@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "utf-7", "nonsense", "", "utf-8; x="])
def test_what_is_said_of_the_alphabet_changes_nothing(alice: User, charset: str) -> None:
    """JSON is UTF-8 (RFC 8259), whatever a header says."""
    body = '{"email": "é@example.org"}'.encode("latin-1")
    kind = f"application/json; charset={charset}"
    answer = Asker(alice).client.generic("PATCH", f"{ROOT}/me", body, kind)
    assert answer.status_code in {400, 415}


@pytest.mark.django_db(transaction=True)
def test_an_alphabet_with_a_nul_in_its_name_is_none(as_alice: Sender) -> None:
    for kind in ("application/json; charset*=utf-8''%00", "text/html; charset*=utf-8''a%00b"):
        told = as_alice.send("PATCH", f"{ROOT}/me", b"{}", content_type=kind)
        assert told.status == 400, kind
        assert as_alice.get("/login", content_type=kind).status == 400, kind


@pytest.mark.quick
def test_of_a_thousand_wrong_fields_a_hundred_are_named(alice: User) -> None:
    told = Asker(alice).patch("me", {f"n{number}": 1 for number in range(1000)}, 422)
    assert len(told["errors"]) == 100


@pytest.mark.quick
@pytest.mark.parametrize("number", ["9" * 30, "9" * 4000, "-1", "1e400", "1.5", "0.1e1", "true"])
def test_a_number_that_no_column_holds_is_refused(alice: User, number: str) -> None:
    body = f'{{"username": "dora", "password": "a lamp at sea", "libraries": [{number}]}}'
    client = Asker(alice).client
    answer = client.generic("POST", f"{ROOT}/users", body.encode(), "application/json")
    assert answer.status_code in {400, 422}
    library = f'{{"name": "x", "kind": {number}}}'
    answer = client.generic("POST", f"{ROOT}/libraries", library.encode(), "application/json")
    assert answer.status_code in {400, 422}


@pytest.mark.quick
def test_a_form_has_so_many_fields(bob: User) -> None:
    many = "&".join(f"n{number}=1" for number in range(2000))
    answer = Client().post("/login", many, "application/x-www-form-urlencoded")
    assert answer.status_code == 400

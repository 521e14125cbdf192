"""A real server and real sockets, cut wherever they like."""

import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import httpx
import pytest
from rest_framework_simplejwt.tokens import AccessToken

from kiremisu.accounts.models import Role, User
from kiremisu.jobs.models import Job
from kiremisu.jobs.running import run_now
from library.models import Library, Upload
from library.uploads import staging
from tests.factories import make_library
from tests.files import make_zip
from tests.library.uploads.sending import OFFSET, said

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = "/api/v1/uploads"
_PATIENCE = 600.0  # seconds, on a machine that does other things as well


@pytest.fixture
def library(tmp_path: Path) -> Library:
    (tmp_path / "manga").mkdir()
    return make_library(root=str(tmp_path / "manga"))


@pytest.fixture
def client(live: str, db: None) -> Iterator[httpx.Client]:
    """Carol's client of tus."""
    carol = User.objects.create_user("carol", role=Role.CURATOR)
    headers = {
        "Tus-Resumable": "1.0.0",
        "Authorization": f"Bearer {AccessToken.for_user(carol)}",
    }
    with httpx.Client(base_url=live, headers=headers, timeout=_PATIENCE) as client:
        yield client


def begun(client: httpx.Client, library: Library, length: int) -> str:
    """The address of a new upload."""
    metadata = said(filename="Salt Road c001.cbz", library=str(library.pk))
    told = {"Upload-Length": str(length), "Upload-Metadata": metadata}
    answer = client.post(ROOT, headers=told)
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"]


def offset(client: httpx.Client, address: str) -> int:
    answer = client.head(address)
    assert answer.status_code == 200
    return int(answer.headers["Upload-Offset"])


def staged() -> bytes:
    """What the server has of the one upload."""
    return staging.path(Upload.objects.get().pk).read_bytes()


def some_is_staged() -> bool:
    """Whether bytes of the one upload were written, so whoever sends it holds it."""
    return staging.size(Upload.objects.get().pk) > 0


def patch(client: httpx.Client, address: str, at: int, data: bytes) -> httpx.Response:
    told = {"Content-Type": OFFSET, "Upload-Offset": str(at)}
    return client.patch(address, headers=told, content=data)


def sent(client: httpx.Client, address: str, data: bytes) -> httpx.Response:
    """The rest of it, as clients of tus send it: who meets a connection of one's own that was
    cut before its request was looked at asks once more how far it came."""
    latest = time.monotonic() + _PATIENCE
    while True:
        at = offset(client, address)
        answer = patch(client, address, at, data[at:])
        if answer.status_code not in {409, 423} or time.monotonic() > latest:
            return answer


def opened(client: httpx.Client, address: str, at: int, size: int) -> socket.socket:
    """A connection on which a PATCH of so many bytes has begun."""
    host = urlsplit(str(client.base_url))
    connection = socket.create_connection((host.hostname, host.port), timeout=_PATIENCE)
    lines = [
        f"PATCH {address} HTTP/1.1",
        f"Host: {host.netloc}",
        f"Authorization: {client.headers['Authorization']}",
        "Tus-Resumable: 1.0.0",
        f"Content-Type: {OFFSET}",
        f"Content-Length: {size}",
        f"Upload-Offset: {at}",
    ]
    connection.sendall("\r\n".join([*lines, "", ""]).encode())
    return connection


def reset(connection: socket.socket) -> None:
    """Cut it as a broken network does, without a goodbye."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def until(call: Callable[[], bool]) -> None:
    """Wait for this to be so."""
    latest = time.monotonic() + _PATIENCE
    while not call():
        assert time.monotonic() < latest
        time.sleep(0.02)


def test_a_file_that_is_cut_again_and_again_arrives_whole(
    client: httpx.Client, library: Library, tmp_path: Path
) -> None:
    pages = {f"{n}.png": Random(n).randbytes(500_000) for n in range(6)}
    data = make_zip(tmp_path / "a.cbz", pages).read_bytes()
    address = begun(client, library, len(data))
    at = 0
    for cut in range(5):
        connection = opened(client, address, at, len(data) - at)
        connection.sendall(data[at : at + 300_000])
        (reset if cut % 2 else socket.socket.close)(connection)
        at = offset(client, address)
    answer = sent(client, address, data)
    assert answer.status_code == 204, answer.text
    assert answer.headers["Upload-Offset"] == str(len(data))
    assert staged() == data


def test_two_who_send_at_once_never_mix(client: httpx.Client, library: Library) -> None:
    address = begun(client, library, 1_000_000)
    with closing(opened(client, address, 0, 1_000_000)) as first:
        first.sendall(b"a" * 600_000)
        until(some_is_staged)
        assert patch(client, address, 0, b"b" * 1000).status_code == 423
        first.sendall(b"a" * 400_000)
        assert first.recv(1000).startswith(b"HTTP/1.1 204")
    assert staged() == b"a" * 1_000_000


def test_who_comes_back_takes_over_from_a_dead_connection(
    client: httpx.Client, library: Library
) -> None:
    data = Random(1).randbytes(1_000_000)
    address = begun(client, library, len(data))
    with closing(opened(client, address, 0, len(data))) as dead:
        dead.sendall(data[:600_000])
        until(some_is_staged)
        at = offset(client, address)
        assert 0 < at <= 600_000
        assert patch(client, address, at, data[at:]).status_code == 204
        assert dead.recv(1000).startswith(b"HTTP/1.1 503")
    assert staged() == data


def test_a_refusal_reaches_who_sends_too_much(client: httpx.Client, library: Library) -> None:
    address = begun(client, library, 10)
    answer = patch(client, address, 0, b"x" * 11)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert answer.headers["Tus-Resumable"] == "1.0.0"


def test_a_checksum_that_is_wrong_is_told_by_its_own_status(
    client: httpx.Client, library: Library
) -> None:
    address = begun(client, library, 10)
    told = {
        "Content-Type": OFFSET,
        "Upload-Offset": "0",
        "Upload-Checksum": "md5 " + "A" * 22 + "==",
    }
    answer = client.patch(address, headers=told, content=b"hello")
    assert (answer.status_code, answer.json()["code"]) == (460, "mismatched")
    assert offset(client, address) == 0


def test_bytes_in_chunks_of_unknown_number_count(client: httpx.Client, library: Library) -> None:
    address = begun(client, library, 10)
    told = {"Content-Type": OFFSET, "Upload-Offset": "0"}
    answer = client.patch(address, headers=told, content=iter([b"hello", b"world"]))
    assert answer.headers["Upload-Offset"] == "10"


def test_an_upload_is_taken_back(client: httpx.Client, library: Library) -> None:
    address = begun(client, library, 10)
    assert patch(client, address, 0, b"hello").status_code == 204
    answer = client.delete(address)
    assert (answer.status_code, answer.headers["Tus-Resumable"]) == (204, "1.0.0")
    assert client.head(address).status_code == 404
    assert patch(client, address, 5, b"world").status_code == 404


def test_what_was_sent_lies_in_the_library(
    client: httpx.Client, library: Library, tmp_path: Path
) -> None:
    data = make_zip(tmp_path / "a.cbz").read_bytes()
    address = begun(client, library, len(data))
    patch(client, address, 0, data)
    run_now(Job.objects.get(kind="upload"))
    told = client.get(address).json()
    assert (told["state"], told["path"]) == ("done", "Salt Road c001.cbz")
    assert (Path(library.root) / told["path"]).read_bytes() == data
    assert offset(client, address) == len(data)

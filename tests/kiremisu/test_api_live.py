"""The API as a program uses it: a real server, tokens, and a page's bytes in the end."""

import asyncio
import gzip
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kiremisu.accounts.models import User
from library.models import Library
from tests.cast import PASSWORD
from tests.factories import make_library
from tests.files import image, make_7z, make_zip, pages
from tests.reader.paging import make_book

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return make_library(root=str(tmp_path))


@pytest.fixture
def program(live: str, bob: User) -> Iterator[httpx.Client]:
    """Bob's program, signed in."""
    root = f"{live}/api/v1/"
    with httpx.Client(base_url=root, follow_redirects=True, timeout=60) as client:
        tokens = client.post("auth/token", json={"username": "bob", "password": PASSWORD}).json()
        client.headers["Authorization"] = f"Bearer {tokens['access']}"
        yield client


def test_from_a_name_and_password_to_a_page(
    program: httpx.Client, library: Library, tmp_path: Path
) -> None:
    make_book(make_zip(tmp_path / "a.cbz", method=zipfile.ZIP_DEFLATED), library)
    (series,) = program.get("series").json()["items"]
    (chapter,) = program.get(f"series/{series['id']}/chapters").json()["items"]
    told = program.get(f"chapters/{chapter['id']}/pages").json()
    assert [(page["width"], page["height"]) for page in told] == [(60, 90)] * 3
    # Signed: no other credentials needed.
    with httpx.stream("GET", f"{program.base_url.join(told[1]['url'])}") as answer:
        assert answer.headers["content-encoding"] == "gzip"
        assert gzip.decompress(b"".join(answer.iter_raw())) == image(2)
    assert program.get(f"chapters/{chapter['id']}/pages/3").content == image(3)
    assert program.get(f"chapters/{chapter['id']}/file").content[:2] == b"PK"


def test_a_raised_version_reaches_the_server(
    program: httpx.Client, library: Library, tmp_path: Path
) -> None:
    chapter = make_book(make_zip(tmp_path / "a.cbz"), library)
    (first, *_) = program.get(f"chapters/{chapter.pk}/pages").json()
    url = program.base_url.join(first["url"])
    assert httpx.get(url).status_code == 200
    body = {"password": "another harbour", "current_password": PASSWORD}
    assert program.patch("me", json=body).status_code == 200
    told = httpx.get(url)
    assert (told.status_code, told.json()["code"]) == (410, "gone")


def test_errors_are_problems_on_a_real_server_too(program: httpx.Client) -> None:
    for method, path, status in [
        ("GET", "nothing", 404),
        ("DELETE", "series", 405),
        ("GET", "series?page=0", 422),
        ("PATCH", "me", 415),
    ]:
        answer = program.request(method, path, content=b"x" if method == "PATCH" else None)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["request_id"] == answer.headers["x-request-id"]


def test_many_readers_of_a_solid_archive_at_once(
    program: httpx.Client, library: Library, tmp_path: Path
) -> None:
    chapter = make_book(make_7z(tmp_path / "a.cb7", pages(8)), library)
    told = program.get(f"chapters/{chapter.pk}/pages").json()
    urls = [program.base_url.join(page["url"]) for page in told] * 4

    # Making it reads certificates.
    client = httpx.AsyncClient(timeout=60)

    async def story() -> list[bytes]:
        async with client:
            answers = await asyncio.gather(*(client.get(url) for url in urls))
            return [answer.content for answer in answers]

    assert asyncio.run(story()) == [image(number) for number in range(1, 9)] * 4

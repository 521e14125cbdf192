"""One person's book behind a real server."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiremisu.accounts import links
from kiremisu.accounts.models import User
from library.models import Chapter
from tests.attacks.asking import Sender, bearer
from tests.factories import make_library
from tests.files import make_zip
from tests.reader.paging import make_book


@pytest.fixture
def chapter(alice: User, tmp_path: Path) -> Chapter:
    """A book on disk, in a library that is open to all."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    return make_book(make_zip(folder / "a.cbz"), make_library(root=str(folder)))


@pytest.fixture
def anybody(live: str, transactional_db: None) -> Iterator[Sender]:
    with closing(Sender(live)) as sender:
        yield sender


@pytest.fixture
def as_alice(live: str, alice: User) -> Iterator[Sender]:
    with closing(Sender(live, authorization=bearer(alice))) as sender:
        yield sender


@pytest.fixture
def addresses(alice: User, chapter: Chapter) -> dict[str, str]:
    """One address of each kind of answer there is."""
    content = chapter.content
    assert content is not None
    return {
        "a page for people": "/login",
        "a way elsewhere": "/library",
        "a page that is not there": "/nowhere",
        "the admin's door": "/admin/login/",
        "the API's description": "/api/v1/openapi.json",
        "the API, to read": "/api/docs",
        "the API": "/api/v1/series",
        "a wrong parameter": "/api/v1/series?page=0",
        "no such operation": "/api/v1/nothing",
        "an export": "/api/v1/export/series.csv",
        "events": "/api/v1/events",
        "an upload that is not there": "/api/v1/uploads/x",
        "a style sheet": "/static/css/base.css",
        "an icon": "/static/icon.svg",
        "no such file": "/static/nothing.js",
        "a page of a book": links.page_url(alice, chapter.pk, 1),
        "a page too many": links.page_url(alice, chapter.pk, 9),
        "a book's file": links.file_url(alice, chapter.pk),
        "a cover": links.cover_url(alice, content.key, 200),
        "a forged link": f"/p/{chapter.pk.hex}/1/AAAA",
        "health": "/healthz",
        "readiness": "/readyz",
    }

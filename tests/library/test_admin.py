import pytest
from django.test import Client

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job
from tests.factories import make_chapter, make_library, make_series
from tests.library.scanning.conftest import shelf
from tests.library.scanning.driving import Shelf

__all__ = ["shelf"]


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


@pytest.mark.parametrize("model", ["library", "series", "chapter", "content"])
def test_the_desk_lists_and_shows(desk: Client, model: str) -> None:
    chapter = make_chapter(make_series(make_library()))
    known = {
        "library": chapter.library_id,
        "series": chapter.series_id,
        "chapter": chapter.pk,
        "content": chapter.content_id,
    }
    assert desk.get(f"/admin/library/{model}/").status_code == 200
    assert desk.get(f"/admin/library/{model}/{known[model]}/change/").status_code == 200
    assert desk.get(f"/admin/library/{model}/add/").status_code == 403


@pytest.mark.parametrize(("state", "shown"), [("problem", "bad"), ("missing", "away")])
def test_the_desk_finds_what_is_wrong(desk: Client, state: str, shown: str) -> None:
    series = make_series(make_library())
    make_chapter(series, path="good.cbz")
    make_chapter(series, path="bad.cbz", problem="damaged")
    make_chapter(series, path="away.cbz", missing_since="2026-01-01T00:00Z")
    page = desk.get("/admin/library/chapter/", {"state": state}).content.decode()
    listed = {name for name in ("good", "bad", "away") if f"{name}.cbz" in page}
    assert listed == {shown}


def test_the_desk_asks_for_scans(desk: Client, shelf: Shelf) -> None:
    asked = {"action": "scan", "_selected_action": [str(shelf.library.pk)]}
    assert desk.post("/admin/library/library/", asked).status_code == 302
    assert Job.objects.get(kind="scan").subject == shelf.library.pk

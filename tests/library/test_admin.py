import pytest
from django.test import Client

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job
from tests.factories import make_chapter, make_library, make_series, make_sidecar
from tests.library.scanning.conftest import shelf
from tests.library.scanning.driving import Shelf

__all__ = ["shelf"]


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


@pytest.mark.parametrize("model", ["library", "series", "chapter", "content", "sidecar"])
def test_the_desk_lists_and_shows(desk: Client, model: str) -> None:
    chapter = make_chapter(make_series(make_library()))
    known = {
        "library": chapter.library_id,
        "series": chapter.series_id,
        "chapter": chapter.pk,
        "content": chapter.content_id,
        "sidecar": make_sidecar(chapter.series, "Salt/details.json").pk,
    }
    assert desk.get(f"/admin/library/{model}/").status_code == 200
    assert desk.get(f"/admin/library/{model}/{known[model]}/change/").status_code == 200
    assert desk.get(f"/admin/library/{model}/add/").status_code == 403


@pytest.mark.parametrize(
    ("state", "shown"), [("problem", "bad"), ("missing", "away"), ("sidecar", "odd")]
)
def test_the_desk_finds_what_is_wrong(desk: Client, state: str, shown: str) -> None:
    series = make_series(make_library())
    make_chapter(series, path="good.cbz")
    make_chapter(series, path="bad.cbz", problem="damaged")
    make_chapter(series, path="away.cbz", missing_since="2026-01-01T00:00Z")
    make_chapter(series, path="odd.cbz", sidecar="comicinfo", sidecar_problem="not_xml")
    page = desk.get("/admin/library/chapter/", {"state": state}).content.decode()
    listed = {name for name in ("good", "bad", "away", "odd") if f"{name}.cbz" in page}
    assert listed == {shown}


def test_the_desk_finds_sidecars_of_which_nothing_was_learnt(desk: Client) -> None:
    series = make_series(make_library())
    make_sidecar(series, "Salt/details.json")
    make_sidecar(series, "Salt/series.json", problem="")
    page = desk.get("/admin/library/sidecar/", {"state": "problem"}).content.decode()
    assert "Salt/details.json" in page
    assert "Salt/series.json" not in page


def test_what_is_set_at_the_desk_is_set_by_hand(desk: Client) -> None:
    chapter = make_chapter(make_series(make_library()), "3")
    told = {"number": "4a", "title": "Rain"}
    assert desk.post(f"/admin/library/chapter/{chapter.pk}/change/", told).status_code == 302
    chapter.refresh_from_db()
    assert (chapter.number, chapter.number_order, chapter.title) == ("4a", 4, "Rain")
    assert chapter.by_hand == ["number", "title"]


def test_the_desk_asks_for_scans(desk: Client, shelf: Shelf) -> None:
    asked = {"action": "scan", "_selected_action": [str(shelf.library.pk)]}
    assert desk.post("/admin/library/library/", asked).status_code == 302
    assert Job.objects.get(kind="scan").subject == shelf.library.pk

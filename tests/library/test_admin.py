import pytest
from django.test import Client

from kiremisu.accounts.desk import lists
from kiremisu.accounts.models import Role, User
from kiremisu.jobs.models import Job
from library import titles
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


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("lacks=gaps", "Gaps"),
        ("lacks=twice", "Twice"),
        ("lacks=broken", "Broken"),
        ("lacks=files", "Gone"),
        ("locked=yes", "Locked"),
        ("q=SHIO+no", "Named"),
        ("match=review", "Review"),
    ],
)
def test_the_desk_finds_series_by_what_is_wrong(desk: Client, asked: str, shown: str) -> None:
    library = make_library()
    facts: dict[str, dict[str, object]] = {
        "Gaps": {"gap_count": 2},
        "Twice": {"duplicate_count": 1},
        "Broken": {"problem_count": 1},
        "Gone": {"missing_count": 3},
        "Locked": {"locks": ["title"]},
        "Review": {"match_state": "review"},
        "Named": {},
    }
    series = {title: make_series(library, title, **given) for title, given in facts.items()}
    titles.also_call(series["Named"], [("Shio no Michi", "ja-Latn")])
    found = desk.get(f"/admin/library/series/?{asked}").context["cl"].result_list
    assert [one.title for one in found] == [shown]


def test_the_desk_finds_chapters_by_any_title_of_their_series(desk: Client) -> None:
    series = make_series(make_library())
    titles.also_call(series, [("Shio no Michi", "ja-Latn")])
    one = make_chapter(series, "1")
    make_chapter(make_series(series.library, "Moss"), "2")
    other = make_chapter(make_series(series.library, "Iron"), "3", title="Shio again")
    found = desk.get("/admin/library/chapter/?q=shio").context["cl"].result_list
    assert {*found} == {one, other}


def test_the_desk_counts_no_million(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MOST", 2)
    series = make_series(make_library())
    for number in ("1", "2", "3"):
        make_chapter(series, number)
    assert desk.get("/admin/library/chapter/").context["cl"].result_count == 2


def test_a_target_is_found_among_what_one_may_see(client: Client, db: None) -> None:
    dora = User.objects.create_user("dora", role=Role.CURATOR)
    client.force_login(dora)
    here = make_series(make_library())
    make_series(make_library("Private", open_to_all=False), "Canary")
    told = {"action": "merge_into", "_selected_action": [str(here.pk)], "step": "preview"}
    page = client.post("/admin/library/series/", {**told, "target": "Canary"}).content
    assert b"There is no such series" in page

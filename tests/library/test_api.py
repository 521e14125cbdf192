"""Libraries, series and chapters over the API."""

from pathlib import Path
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job
from library.models import Chapter, Content, Library, PageGeometries, Series
from library.shapes import GeometryList, PageGeometry
from reader.models import Progress
from tests.asking import Asker
from tests.factories import (
    make_chapter,
    make_content,
    make_library,
    make_series,
    make_sidecar,
)

pytestmark = pytest.mark.quick


@pytest.fixture
def series(private: Library) -> Series:
    return make_series(private, cover=make_content(cover_state="ready", tint="#aabbcc"))


@pytest.fixture
def chapter(series: Series) -> Chapter:
    return make_chapter(series)


# --------------------------------------------------------------------------- libraries


def test_libraries_are_listed_by_name(bob: User, chapter: Chapter) -> None:
    make_library("Another")
    told = Asker(bob).get("libraries")
    assert [library["name"] for library in told["items"]] == ["Another", "Private"]
    assert (told["total"], told["has_next"], told["has_prev"]) == (2, False, False)
    assert [library["chapter_count"] for library in told["items"]] == [0, 1]


def test_only_administrators_learn_where_a_library_lies(
    alice: User, bob: User, private: Library
) -> None:
    path = f"libraries/{private.pk}"
    assert Asker(alice).get(path)["root"] == private.root
    assert Asker(bob).get(path)["root"] is None


def test_a_folder_becomes_a_library(alice: User, tmp_path: Path) -> None:
    body = {"root": str(tmp_path), "name": "Shelf"}
    told = Asker(alice).post("libraries", body, 201)
    assert (told["name"], told["root"], told["series_count"]) == ("Shelf", str(tmp_path), 0)
    assert Asker(alice).post("libraries", body, 201)["id"] == told["id"]


@pytest.mark.parametrize(
    "body", [{}, {"root": ""}, {"root": "/no/such/folder"}, {"root": "/tmp", "colour": "red"}]
)
def test_what_is_no_folder_is_refused(alice: User, body: dict[str, str]) -> None:
    told = Asker(alice).post("libraries", body, 422)
    assert told["errors"][0]["field"] in {"root", "colour"}


def test_readers_add_no_libraries(bob: User, tmp_path: Path) -> None:
    Asker(bob).post("libraries", {"root": str(tmp_path)}, 403)


def test_a_library_is_renamed(alice: User, private: Library) -> None:
    path = f"libraries/{private.pk}"
    told = Asker(alice).patch(path, {"name": " Cellar ", "kind": "webtoon"})
    assert (told["name"], told["kind"], told["open_to_all"]) == ("Cellar", "webtoon", False)


@pytest.mark.parametrize(
    "body", [{"name": ""}, {"name": None}, {"kind": "cookery"}, {"root": "/x"}, {"name": "x" * 201}]
)
def test_a_change_that_makes_no_sense_is_refused(
    alice: User, private: Library, body: dict[str, object]
) -> None:
    Asker(alice).patch(f"libraries/{private.pk}", body, 422)


def test_opening_a_library_to_all_ends_links(alice: User, bob: User, private: Library) -> None:
    Asker(alice).patch(f"libraries/{private.pk}", {"open_to_all": True})
    bob.refresh_from_db()
    assert bob.access_version == 2


def test_a_forgotten_library_leaves_peoples_places(
    alice: User, bob: User, chapter: Chapter
) -> None:
    body = {"page": 5}
    Asker(bob).put(f"chapters/{chapter.pk}/progress", body)
    Asker(alice).delete(f"libraries/{chapter.library_id}")
    assert not Chapter.objects.exists()
    assert Progress.objects.get(user=bob).page == 5


def test_a_library_at_work_is_not_forgotten(alice: User, private: Library) -> None:
    Job.objects.create(kind="scan", subject=private.pk)
    Asker(alice).delete(f"libraries/{private.pk}", 409)


def test_readers_change_no_library(bob: User, private: Library) -> None:
    path = f"libraries/{private.pk}"
    Asker(bob).patch(path, {"name": "Mine"}, 403)
    Asker(bob).delete(path, 403)
    Asker(bob).post(f"{path}/scan", status=403)


def test_a_scan_is_a_job_that_others_join(alice: User, private: Library) -> None:
    path = f"libraries/{private.pk}/scan"
    job = Asker(alice).post(path, {"full": True}, 202)
    assert (job["kind"], job["state"]) == ("scan", "queued")
    assert Asker(alice).post(path, status=202)["id"] == job["id"]
    assert Asker(alice).client.generic("POST", f"/api/v1/{path}").status_code == 202


def test_a_scan_takes_no_other_wish(alice: User, private: Library) -> None:
    Asker(alice).post(f"libraries/{private.pk}/scan", {"fast": True}, 422)


# ------------------------------------------------------------------------------ series


def test_series_are_listed_with_their_covers(bob: User, series: Series) -> None:
    (told,) = Asker(bob).get("series")["items"]
    assert (told["id"], told["library"]) == (str(series.pk), str(series.library_id))
    assert (told["title"], told["tint"]) == ("Salt Road Diary", "#aabbcc")
    assert told["cover"].startswith(f"/c/{series.cover.key}/400/")
    assert told["created"].endswith("Z")


def test_a_list_of_series_costs_few_queries(
    bob: User, private: Library, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        make_series(private, f"Series {number:02}", cover=make_content())
    asker = Asker(bob)
    # Session, user; the libraries' versions; the rows and their number, which is kept then.
    with django_assert_num_queries(5):
        told = asker.get("series", per_page=25)
    with django_assert_num_queries(4):
        asker.get("series", per_page=25)
    assert (len(told["items"]), told["total"], told["has_next"]) == (25, 30, True)


def test_the_last_part_of_a_list_knows_that_it_is_the_last(bob: User, private: Library) -> None:
    for number in range(5):
        make_series(private, f"Series {number}")
    told = Asker(bob).get("series", per_page=2, page=3)
    assert [row["title"] for row in told["items"]] == ["Series 4"]
    assert (told["has_next"], told["has_prev"]) == (False, True)
    assert Asker(bob).get("series", per_page=2, page=9)["items"] == []


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"search": "road salt"}, ["Salt Road"]),
        ({"search": "SALT"}, ["Salt Road", "Salt Sea"]),
        ({"sort": "-title"}, ["Salt Sea", "Salt Road", "Moss"]),
        ({"sort": "chapters"}, ["Moss", "Salt Road", "Salt Sea"]),
        ({"language": "ja"}, ["Moss"]),
        ({"library": uuid4()}, []),
        ({"sort": "-added", "per_page": 1}, ["Salt Sea"]),
    ],
)
def test_series_are_searched_and_sorted(
    bob: User, private: Library, query: dict[str, object], titles: list[str]
) -> None:
    make_series(private, "Moss", language="ja")
    make_series(private, "Salt Road", chapter_count=1)
    make_series(private, "Salt Sea", chapter_count=2, last_added="2026-01-01T00:00Z")
    assert [row["title"] for row in Asker(bob).get("series", **query)["items"]] == titles


def test_one_series_is_shown(bob: User, series: Series) -> None:
    assert Asker(bob).get(f"series/{series.pk}")["title"] == series.title


def test_a_series_is_changed_by_hand_and_remembers_that(alice: User, series: Series) -> None:
    path = f"series/{series.pk}"
    Asker(alice).patch(path, {"title": "The Salt Road", "year": 2001})
    told = Asker(alice).patch(path, {"summary": "Salt."})
    assert (told["title"], told["sort_title"], told["summary"]) == (
        "The Salt Road",
        "salt road",
        "Salt.",
    )
    series.refresh_from_db()
    assert series.user_metadata == {"title": "The Salt Road", "year": 2001, "summary": "Salt."}


@pytest.mark.parametrize(
    "body",
    [{"title": ""}, {"title": "  "}, {"title": "x" * 501}, {"year": 0}, {"year": "x"}, {"id": "x"}],
)
def test_a_change_of_a_series_that_makes_no_sense_is_refused(
    alice: User, series: Series, body: dict[str, object]
) -> None:
    Asker(alice).patch(f"series/{series.pk}", body, 422)


def test_readers_change_no_series(bob: User, series: Series) -> None:
    Asker(bob).patch(f"series/{series.pk}", {"title": "Mine"}, 403)


def test_the_cover_is_elsewhere(bob: User, series: Series) -> None:
    answer = Asker(bob).get_raw(f"series/{series.pk}/cover?width=200")
    assert (answer.status_code, answer["Cache-Control"]) == (302, "no-store")
    assert answer["Location"].startswith(f"/c/{series.cover.key}/200/")


def test_a_cover_has_three_widths(bob: User, series: Series) -> None:
    told = Asker(bob).get(f"series/{series.pk}/cover", 422, width=300)
    assert told["errors"][0]["field"] == "width"


def test_a_series_without_a_cover_says_so(bob: User, private: Library) -> None:
    Asker(bob).get(f"series/{make_series(private).pk}/cover", 404)


# ---------------------------------------------------------------------------- chapters


def test_chapters_are_listed_as_one_reads_them(bob: User, series: Series) -> None:
    make_chapter(series, "2")
    make_chapter(series, "1", title="First")
    make_chapter(series, "3", special=True)
    told = Asker(bob).get(f"series/{series.pk}/chapters")
    assert [row["number"] for row in told["items"]] == ["1", "2", "3"]
    first = told["items"][0]
    assert (first["label"], first["title"]) == ("Chapter 1", "First")
    assert (first["series"], first["series_title"]) == (str(series.pk), series.title)


def test_a_list_of_chapters_costs_few_queries(
    bob: User, series: Series, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        make_chapter(series, str(number))
    asker = Asker(bob)
    # Session, user; the series; the rows. Where not all fit into one part, their number too.
    for per_page, queries in ((100, 4), (20, 5)):
        with django_assert_num_queries(queries):
            told = asker.get(f"series/{series.pk}/chapters", per_page=per_page)
        assert (len(told["items"]), told["total"]) == (min(30, per_page), 30)


def test_one_chapter_is_shown(bob: User, chapter: Chapter) -> None:
    told = Asker(bob).get(f"chapters/{chapter.pk}")
    assert (told["page_count"], told["content"]) == (12, str(chapter.content_id))


def test_a_chapter_changed_by_hand_finds_its_place(alice: User, series: Series) -> None:
    second = make_chapter(series, "2")
    make_chapter(series, "3")
    Asker(alice).patch(f"chapters/{second.pk}", {"number": "4-5", "special": False})
    told = Asker(alice).get(f"series/{series.pk}/chapters")
    assert [row["number"] for row in told["items"]] == ["3", "4-5"]


@pytest.mark.parametrize(
    "body", [{"number": "one"}, {"number": None}, {"volume": "1-"}, {"page_count": 3}, {"year": -1}]
)
def test_a_change_of_a_chapter_that_makes_no_sense_is_refused(
    alice: User, chapter: Chapter, body: dict[str, object]
) -> None:
    Asker(alice).patch(f"chapters/{chapter.pk}", body, 422)


def test_readers_change_no_chapter(bob: User, chapter: Chapter) -> None:
    Asker(bob).patch(f"chapters/{chapter.pk}", {"number": "9"}, 403)


def test_pages_are_listed_with_their_addresses(bob: User, chapter: Chapter) -> None:
    told = Asker(bob).get(f"chapters/{chapter.pk}/pages")
    assert [page["number"] for page in told] == list(range(1, 13))
    assert told[4]["url"].startswith(f"/p/{chapter.pk.hex}/5/")
    assert (told[4]["width"], told[4]["height"], told[4]["wide"]) == (840, 1200, False)
    assert (told[4]["media_type"], told[4]["bytes"]) == ("image/jpeg", 1000)


def test_pages_say_how_they_look_as_far_as_that_was_measured(bob: User, chapter: Chapter) -> None:
    seen = PageGeometry(box=(52, 38, 961, 970), tint="#e3e1dd", rtl=0.97)
    row = PageGeometries(content=chapter.content)
    row.list = GeometryList(pages=[seen, PageGeometry()])
    row.save()
    first, broken, after, *_ = Asker(bob).get(f"chapters/{chapter.pk}/pages")
    assert first["looks"] == {
        "box": {"left": 52, "top": 38, "right": 961, "bottom": 970},
        "tint": "#e3e1dd",
        "blank": False,
        "grey": True,
        "continues": {"rtl": 0.97, "ltr": 0.0},
    }
    assert (broken["looks"], after["looks"]) == (None, None)


def test_a_list_of_pages_costs_few_queries(
    bob: User, series: Series, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    chapter, asker = make_chapter(series, pages=300), Asker(bob)
    # Session, user; the chapter; its index.
    with django_assert_num_queries(4):
        assert len(asker.get(f"chapters/{chapter.pk}/pages")) == 300


def test_a_chapter_that_cannot_be_read_says_why(bob: User, series: Series) -> None:
    locked = make_chapter(series, problem="locked", problem_detail="It is locked.")
    Chapter.objects.update(content=None)
    told = Asker(bob).get(f"chapters/{locked.pk}/pages", 422)
    assert (told["code"], told["detail"]) == ("locked", "It is locked.")
    Asker(bob).get(f"chapters/{locked.pk}/pages/1", 422)


def test_a_chapter_whose_file_is_missing_says_so(bob: User, series: Series) -> None:
    missing = make_chapter(series, missing_since="2026-01-01T00:00Z")
    assert Asker(bob).get(f"chapters/{missing.pk}/pages", 422)["code"] == "missing"


@pytest.mark.parametrize(
    ("path", "start", "end"),
    [("pages/3", "/3/", ""), ("pages/3?width=800", "/3/", "?width=800"), ("file", "/file/", "")],
)
def test_pages_and_the_file_are_elsewhere(
    bob: User, chapter: Chapter, path: str, start: str, end: str
) -> None:
    answer = Asker(bob).get_raw(f"chapters/{chapter.pk}/{path}")
    assert (answer.status_code, answer["Cache-Control"]) == (302, "no-store")
    assert answer["Location"].startswith(f"/p/{chapter.pk.hex}{start}")
    assert answer["Location"].endswith(end)


@pytest.mark.parametrize(
    ("path", "status"), [("0", 404), ("13", 404), ("1?width=801", 422), ("1?width=x", 422)]
)
def test_a_page_that_cannot_be_is_refused(
    bob: User, chapter: Chapter, path: str, status: int
) -> None:
    assert Asker(bob).get_raw(f"chapters/{chapter.pk}/pages/{path}").status_code == status


def test_a_folder_of_images_is_no_file(bob: User, series: Series) -> None:
    Asker(bob).get(f"chapters/{make_chapter(series, format='folder').pk}/file", 404)


# --------------------------------------------------------------------------- strangers


def test_a_stranger_sees_nothing(charlie: User, chapter: Chapter) -> None:
    asker = Asker(charlie)
    assert asker.get("libraries")["items"] == []
    assert asker.get("series")["items"] == []
    assert asker.get("series", library=chapter.library_id)["total"] == 0
    library, series = f"libraries/{chapter.library_id}", f"series/{chapter.series_id}"
    for path in (library, series, f"{series}/chapters", f"{series}/cover"):
        asker.get(path, 404)
    for path in ("", "/pages", "/pages/1", "/file"):
        asker.get(f"chapters/{chapter.pk}{path}", 404)


def test_a_stranger_changes_nothing(charlie: User, chapter: Chapter) -> None:
    asker = Asker(charlie)
    User.objects.filter(pk=charlie.pk).update(role="curator")
    library = f"libraries/{chapter.library_id}"
    asker.patch(library, {"name": "Mine"}, 404)
    asker.delete(library, 404)
    asker.post(f"{library}/scan", status=404)
    asker.patch(f"series/{chapter.series_id}", {"title": "Mine"}, 404)
    asker.patch(f"chapters/{chapter.pk}", {"number": "9"}, 404)


def test_who_is_not_signed_in_sees_nothing(chapter: Chapter) -> None:
    asker = Asker()
    paths = ["libraries", "series", f"libraries/{chapter.library_id}"]
    paths += [f"series/{chapter.series_id}{rest}" for rest in ("", "/chapters", "/cover")]
    paths += [f"chapters/{chapter.pk}{rest}" for rest in ("", "/pages", "/pages/1", "/file")]
    for path in paths:
        asker.get(path, 401)
    assert Content.objects.exists()


def test_curators_see_what_lies_beside_a_series(alice: User, series: Series) -> None:
    make_sidecar(series, "Salt/details.json", problem_detail="It is no JSON.")
    (told,) = Asker(alice).get(f"series/{series.pk}/sidecars")["items"]
    assert (told["path"], told["source"]) == ("Salt/details.json", "details.json")
    assert (told["problem"], told["problem_detail"]) == ("not_json", "It is no JSON.")
    Asker(alice).get(f"series/{series.pk}/sidecars", 422, page=0)


def test_readers_see_nothing_of_what_lies_beside_a_series(bob: User, series: Series) -> None:
    Asker(bob).get(f"series/{series.pk}/sidecars", 403)


def test_a_chapter_tells_what_told_of_it(alice: User, series: Series) -> None:
    told = {"sidecar": "comicinfo", "sidecar_problem": "not_xml", "sidecar_detail": "No XML."}
    chapter = make_chapter(series, **told)
    assert Asker(alice).get(f"chapters/{chapter.pk}").items() >= told.items()

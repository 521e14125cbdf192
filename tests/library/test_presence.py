"""Series that come without files, are hidden, and are shown again."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from kiremisu.accounts.models import Role, User
from library.models import Access, Chapter, Library, Series
from reader import notes, progress
from reader.models import Progress
from tests.asking import Asker
from tests.factories import make_chapter, make_series
from tests.library.scanning.conftest import shelf
from tests.library.scanning.driving import Shelf

__all__ = ["shelf"]

pytestmark = pytest.mark.quick


@pytest.fixture
def dora(private: Library) -> User:
    """A curator who may open the private library."""
    dora = User.objects.create_user("dora", role=Role.CURATOR)
    Access.objects.create(library=private, user=dora)
    return dora


@pytest.fixture
def chapter(private: Library) -> Chapter:
    return make_chapter(make_series(private, "Canary Bay"), title="Canary comes home")


def hide(user: User, series: Series) -> None:
    Asker(user).delete(f"series/{series.pk}")


# ------------------------------------------------------------------------------ hidden


def test_a_hidden_series_is_gone_with_its_chapters_for_everybody(
    alice: User, dora: User, bob: User, chapter: Chapter
) -> None:
    hide(dora, chapter.series)
    for user in (alice, dora, bob):
        asker = Asker(user)
        asker.get(f"series/{chapter.series_id}", 404)
        asker.get(f"series/{chapter.series_id}/chapters", 404)
        asker.get(f"chapters/{chapter.pk}/pages", 404)
        for path in ("series", "search?q=canary", "export/chapters.csv", "export/series.jsonl"):
            assert b"Canary" not in b"".join(asker.get_raw(path))


def test_libraries_count_no_hidden_series(alice: User, chapter: Chapter) -> None:
    hide(alice, chapter.series)
    told = Asker(alice).get(f"libraries/{chapter.library_id}")
    assert (told["series_count"], told["chapter_count"]) == (0, 0)


def test_readers_hide_and_restore_nothing(bob: User, charlie: User, chapter: Chapter) -> None:
    path = f"series/{chapter.series_id}"
    Asker(bob).delete(path, 403)
    Asker(bob).post(f"{path}/restore", status=403)
    Asker(charlie).delete(path, 404)
    Asker(charlie).post(f"{path}/restore", status=404)


def test_hiding_ends_signed_links(alice: User, bob: User, chapter: Chapter) -> None:
    hide(alice, chapter.series)
    bob.refresh_from_db()
    assert bob.access_version == 2


def test_a_restored_series_is_as_it_was(dora: User, bob: User, chapter: Chapter) -> None:
    assert chapter.content
    progress.mark_read(bob, Chapter.objects.all())
    notes.write(bob, chapter.content, page=2, text="Remember this")
    hide(dora, chapter.series)
    assert Asker(bob).get("notes")["total"] == 0
    told = Asker(dora).post(f"series/{chapter.series_id}/restore")
    assert told["id"] == str(chapter.series_id)
    assert Asker(bob).get("notes")["total"] == 1
    assert Progress.objects.get(user=bob).is_finished
    Asker(bob).get(f"chapters/{chapter.pk}")


def test_restoring_what_is_not_hidden_changes_nothing(dora: User, chapter: Chapter) -> None:
    told = Asker(dora).get(f"series/{chapter.series_id}")
    assert Asker(dora).post(f"series/{chapter.series_id}/restore") == told
    Asker(dora).post(f"series/{uuid4()}/restore", status=404)


@pytest.mark.parametrize(("days", "status"), [(29, 200), (31, 410)])
def test_a_series_can_be_restored_for_thirty_days(
    dora: User, chapter: Chapter, days: int, status: int
) -> None:
    hide(dora, chapter.series)
    Series.objects.update(hidden_at=timezone.now() - timedelta(days=days))
    Asker(dora).post(f"series/{chapter.series_id}/restore", status=status)


def test_curators_restore_only_what_they_might_see(dora: User, chapter: Chapter) -> None:
    hide(dora, chapter.series)
    Access.objects.filter(user=dora).delete()
    Asker(dora).post(f"series/{chapter.series_id}/restore", status=404)


def test_no_scan_brings_a_hidden_series_back(alice: User, shelf: Shelf) -> None:
    place = shelf.put("Alpha/Alpha v01.cbz")
    shelf.scan()
    before = place.stat()
    hide(alice, Series.objects.get())
    shelf.put("Alpha/Alpha v02.cbz", first=11)
    shelf.scan(full=True)
    assert Series.objects.get().chapter_count == 2
    assert not Chapter.objects.visible_to(alice).exists()
    assert (place.stat().st_mtime_ns, place.stat().st_size) == (before.st_mtime_ns, before.st_size)
    Asker(alice).post(f"series/{Series.objects.get().pk}/restore")
    assert Chapter.objects.visible_to(alice).count() == 2


# ----------------------------------------------------------------------- without files


def test_a_series_without_files_is_added(dora: User, private: Library) -> None:
    body = {"title": " Salt Road ", "library": str(private.pk), "year": 2019, "status": "ongoing"}
    told = Asker(dora).post("series", {**body, "content_rating": "suggestive"}, 201)
    assert (told["title"], told["sort_title"], told["year"]) == ("Salt Road", "salt road", 2019)
    assert (told["content_rating"], told["chapter_count"]) == ("suggestive", 0)
    assert [row["id"] for row in Asker(dora).get("series")["items"]] == [told["id"]]
    (found,) = Asker(dora).get("search", q="salt road")["series"]
    assert found["series"]["id"] == told["id"]


def test_files_of_that_name_join_it(alice: User, shelf: Shelf) -> None:
    body = {"title": "ALPHA: the Beginning", "library": str(shelf.library.pk)}
    told = Asker(alice).post("series", body, 201)
    shelf.put("Alpha - The Beginning/Alpha - The Beginning v01.cbz")
    shelf.scan()
    series = Series.objects.get()
    assert (str(series.pk), series.title) == (told["id"], "ALPHA: the Beginning")
    assert series.chapter_count == 1


def test_a_name_is_taken_once_hidden_or_not(alice: User, chapter: Chapter) -> None:
    body = {"title": "canary bay!", "library": str(chapter.library_id)}
    assert Asker(alice).post("series", body, 409)["code"] == "duplicate"
    hide(alice, chapter.series)
    Asker(alice).post("series", body, 409)


@pytest.mark.parametrize(
    "change", [{"title": ""}, {"title": None}, {"title": "x" * 501}, {"colour": 1}, {"year": 0}]
)
def test_a_series_that_cannot_be_is_not_added(
    alice: User, private: Library, change: dict[str, object]
) -> None:
    body = {"title": "Salt Road", "library": str(private.pk)}
    Asker(alice).post("series", {**body, **change}, 422)
    assert not Series.objects.exists()


def test_a_series_needs_a_library_one_sees_and_a_curator(
    alice: User, bob: User, dora: User, private: Library
) -> None:
    body = {"title": "Salt Road", "library": str(private.pk)}
    Asker(bob).post("series", body, 403)
    Asker(alice).post("series", {"title": "Salt Road"}, 422)
    Asker(alice).post("series", {**body, "library": str(uuid4())}, 404)
    Access.objects.filter(user=dora).delete()
    Asker(dora).post("series", body, 404)


# ------------------------------------------------------------------------- on the desk


def test_the_desk_hides_shows_and_restores(alice: User, chapter: Chapter) -> None:
    desk, path = Asker(alice).client, "/admin/library/series/"
    make_series(chapter.library, "Filed Away")
    chosen = {"_selected_action": [str(chapter.series_id)], "step": "do"}
    desk.post(path, {"action": "hide", **chosen})
    for state, title in (("hidden", b"Canary Bay"), ("fileless", b"Filed Away")):
        page = desk.get(path, {"presence": state}).content
        assert [name in page for name in (b"Canary Bay", b"Filed Away")].count(True) == 1
        assert title in page
    desk.post(path, {"action": "restore", **chosen})
    assert Asker(alice).get(f"series/{chapter.series_id}")["title"] == "Canary Bay"
    Series.objects.update(hidden_at=timezone.now() - timedelta(days=31))
    page = desk.post(path, {"action": "restore", **chosen}, follow=True).content
    assert b"hidden too long ago" in page

"""A page picked as the cover of a series."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from kiremisu.accounts.models import Role, User
from library import covers, scanning
from library.models import Chapter, Content, Series
from tests import files
from tests.asking import Asker
from tests.factories import make_chapter
from tests.library.scanning.conftest import shelf
from tests.library.scanning.driving import Shelf
from tests.library.test_covers import picture

__all__ = ["shelf"]

RED, BLUE = (200, 30, 30), (30, 30, 200)


@pytest.fixture(autouse=True)
def _covers_of_this_test(tmp_path: Path, settings: Any) -> None:
    settings.COVERS_DIR = tmp_path / "covers"


@pytest.fixture
def curator(db: None) -> User:
    return User.objects.create_user("carol", password="a quiet harbour", role=Role.CURATOR)


@pytest.fixture
def chapter(shelf: Shelf) -> Chapter:
    """Two pages, a red one and a blue one; the cover of its series is red."""
    book(shelf, "T v01.cbz", RED, BLUE)
    shelf.scan()
    chapter = shelf.at("T/T v01.cbz")
    assert chapter.content
    assert covers.make(chapter.content)
    return chapter


def book(shelf: Shelf, name: str, *colours: tuple[int, int, int]) -> None:
    place = shelf.root / "T" / name
    place.parent.mkdir(exist_ok=True)
    pages = [picture("RGB", (300, 450), colour) for colour in colours]
    files.make_zip(place, {f"{n}.png": page for n, page in enumerate(pages)})


def pick(user: User, of: Chapter, status: int = 200, /, **body: Any) -> Any:
    given = {"chapter": str(of.pk), **body}
    return Asker(user).put(f"series/{of.series_id}/cover", given, status)


def shown(user: User, chapter: Chapter) -> tuple[str, str]:
    """The address of the cover without its signature, and the tint."""
    told = Asker(user).get(f"series/{chapter.series_id}")
    return told["cover"].rpartition("/")[0], told["tint"]


def test_a_page_is_picked_as_the_cover(curator: User, chapter: Chapter) -> None:
    before = shown(curator, chapter)
    told = pick(curator, chapter, page=2)
    assert told["tint"] == "#1e1ec8"
    key = chapter.content and chapter.content.key
    assert (before[0], shown(curator, chapter)[0]) == (f"/c/{key}/400", f"/c/{key}-2/400")
    with Image.open(covers.file(f"{key}-2", 200)) as made:
        assert made.size == (200, 300)
    sent = Asker(curator).get_raw(f"series/{chapter.series_id}/cover?width=200")
    assert sent["Location"].startswith(f"/c/{key}-2/200/")


def test_what_was_picked_is_written_down_and_taken_back(curator: User, chapter: Chapter) -> None:
    before = shown(curator, chapter)
    pick(curator, chapter, page=2)
    said = Series.objects.get().user_metadata
    assert said == {"cover": {"chapter": str(chapter.pk), "page": 2}}
    pick(curator, chapter, chapter=None)
    assert Series.objects.get().user_metadata == {}
    assert shown(curator, chapter) == before


def test_a_scan_keeps_what_was_picked(curator: User, shelf: Shelf, chapter: Chapter) -> None:
    pick(curator, chapter, page=2)
    picked = shown(curator, chapter)
    book(shelf, "T v00.cbz", BLUE, RED)
    shelf.scan()
    shelf.scan(full=True)
    assert shown(curator, chapter) == picked
    pick(curator, chapter, chapter=None)
    assert Series.objects.get().cover == shelf.at("T/T v00.cbz").content


def test_a_file_that_is_replaced_shows_the_same_page(
    curator: User, shelf: Shelf, chapter: Chapter
) -> None:
    pick(curator, chapter, page=2)
    book(shelf, "T v01.cbz", BLUE)
    shelf.scan()
    series = Series.objects.get()
    assert series.cover == shelf.at("T/T v01.cbz").content
    assert series.cover_page == 1


def test_a_picture_that_was_lost_is_made_again_of_what_was_picked_alone(
    curator: User, chapter: Chapter
) -> None:
    pick(curator, chapter, page=2)
    assert chapter.content
    source = covers.picked(chapter.content.key, 2)
    assert source
    assert source.key == f"{chapter.content.key}-2"
    assert covers.render(source).tint == "#1e1ec8"
    assert covers.picked(chapter.content.key, 1) is None


@pytest.mark.parametrize(
    "body", [{"page": 0}, {"page": 3}, {"page": "x"}, {"chapter": "x"}, {"x": 1}]
)
def test_nonsense_picks_nothing(curator: User, chapter: Chapter, body: dict[str, Any]) -> None:
    pick(curator, chapter, 422, **body)
    assert Series.objects.get().cover_page is None


def test_a_page_that_cannot_be_shown_is_not_picked(curator: User, shelf: Shelf) -> None:
    (shelf.root / "T").mkdir()
    files.make_zip(shelf.root / "T/T v01.cbz", {"1.jpg": b"no image"})
    shelf.scan()
    chapter = shelf.at("T/T v01.cbz")
    assert pick(curator, chapter, 422, page=1)["code"] == "unreadable"
    Chapter.objects.update(missing_since=chapter.created)
    assert pick(curator, chapter, 422, page=1)["code"] == "missing"


def test_only_a_chapter_of_its_own_is_picked(curator: User, chapter: Chapter) -> None:
    pick(curator, chapter, 404, chapter=str(uuid4()))
    other = make_chapter(Series.objects.create(library=chapter.library, key="x", title="X"))
    pick(curator, chapter, 404, chapter=str(other.pk))


def test_readers_pick_none_and_strangers_see_none(
    bob: User, charlie: User, curator: User, chapter: Chapter
) -> None:
    pick(bob, chapter, 403, page=2)
    chapter.library.open_to_all = False
    chapter.library.save()
    pick(curator, chapter, 404, page=2)
    pick(charlie, chapter, 404, page=2)


def test_the_nightly_check_leaves_what_was_picked(curator: User, chapter: Chapter) -> None:
    pick(curator, chapter, page=2)
    Content.objects.filter(pk=chapter.content_id).update(tint="#000000")
    assert scanning.series.miscounted([chapter.series_id]) == []

"""A page picked as the cover of a series."""

import base64
import io
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from PIL import Image

from kiremisu.accounts.models import Role, User
from kiremisu.jobs.models import Job
from kiremisu.jobs.running import run_now
from library import covers, scanning
from library.models import Chapter, Content, Memo, Series
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
    settings.PICTURES_DIR = tmp_path / "pictures"


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


def send(user: User, data: bytes, status: int = 201) -> Any:
    body = {"data": base64.b64encode(data).decode()}
    return Asker(user).post("pictures", body, status)


def wear(user: User, chapter: Chapter, key: str, status: int = 200) -> Any:
    body = {"ids": [str(chapter.series_id)], "operation": "set_cover"}
    return Asker(user).post("series/batch", body | {"options": {"picture": key}}, status)


def test_a_picture_that_is_sent_becomes_the_cover(curator: User, chapter: Chapter) -> None:
    sent = send(curator, picture("RGB", (300, 450), BLUE))
    assert (sent["width"], sent["height"]) == (300, 450)
    wear(curator, chapter, sent["picture"])
    assert shown(curator, chapter) == (f"/c/{sent['picture']}-1/400", sent["tint"])
    with Image.open(covers.file(f"{sent['picture']}-1", 400)) as cover:
        assert cover.format == "WEBP"


def test_a_picture_that_was_sent_outlives_the_cache(curator: User, chapter: Chapter) -> None:
    key = send(curator, picture("RGB", (300, 450), BLUE))["picture"]
    wear(curator, chapter, key)
    covers.file(f"{key}-1", 400).unlink()
    source = covers.picked(key, 1)
    assert source is not None
    assert covers.render(source).width == 300
    assert covers.file(f"{key}-1", 400).exists()


@pytest.mark.parametrize("picked", [False, True])
def test_the_earlier_cover_comes_back(curator: User, chapter: Chapter, picked: bool) -> None:
    if picked:
        pick(curator, chapter, page=2)
    before = shown(curator, chapter)
    key = send(curator, picture("RGB", (300, 450), (30, 200, 30)))["picture"]
    run = wear(curator, chapter, key)["run"]
    assert shown(curator, chapter) != before
    Asker(curator).post(f"acts/{run}/undo", status=202)
    run_now(Job.objects.get(kind="undo"))
    assert shown(curator, chapter) == before


def test_a_cover_that_was_picked_since_stays(curator: User, chapter: Chapter) -> None:
    run = wear(curator, chapter, send(curator, picture("RGB", colour=BLUE))["picture"])["run"]
    pick(curator, chapter, page=2)
    since = shown(curator, chapter)
    Asker(curator).post(f"acts/{run}/undo", status=202)
    run_now(Job.objects.get(kind="undo"))
    assert shown(curator, chapter) == since
    assert Memo.objects.get().refused == "Somebody picked another cover since."


def test_no_picture_and_nobody_elses_is_shown(curator: User, bob: User, chapter: Chapter) -> None:
    assert send(curator, b"GIF89a, or so", 422)["code"] == "not_an_image"
    wear(curator, chapter, "0" * 32, 404)
    wear(curator, chapter, "../../etc", 422)
    send(bob, picture("RGB", colour=BLUE), 403)


def test_the_desk_keeps_the_picture_between_looking_and_doing(
    client: Client, alice: User, chapter: Chapter
) -> None:
    client.force_login(alice)
    told = {"action": "set_cover", "index": "0", "_selected_action": str(chapter.series_id)}
    sent = io.BytesIO(picture("RGB", colour=BLUE))
    sent.name = "cover.png"
    page = client.post("/admin/library/series/", told | {"step": "preview", "sent": sent})
    key = page.context["form"].data["picture"]
    assert f"/c/{key}-1/200/" in page.content.decode()
    client.post("/admin/library/series/", told | {"step": "do", "picture": key})
    assert shown(alice, chapter)[0] == f"/c/{key}-1/400"

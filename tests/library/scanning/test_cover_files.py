"""Pictures beside the files of a series."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kiremisu.lib.errors import Unavailable
from library import covers, picking
from library.models import Series, Sidecar
from tests import files
from tests.library.scanning.driving import Shelf


@pytest.fixture(autouse=True)
def _covers_of_this_test(tmp_path: Path, settings: Any) -> None:
    settings.COVERS_DIR = tmp_path / "covers"


def key_of(series: Series) -> str:
    assert series.picture is not None
    return series.picture.key


def test_a_picture_beside_the_files_is_the_cover(shelf: Shelf) -> None:
    shelf.put("Tide/Tide v01.cbz")
    shelf.write("Tide/cover.jpg", files.image(9, "JPEG", (300, 450)))
    shelf.scan()
    shelf.scan(full=True)
    series, beside = Series.objects.get(), Sidecar.objects.get()
    assert (beside.source, beside.problem, beside.content) == ("cover", "", series.cover)
    assert series.cover != shelf.at("Tide/Tide v01.cbz").content
    with Image.open(covers.file(key_of(series), 200)) as made:
        assert made.size == (200, 300)


def test_it_is_made_again_where_it_is_lost(shelf: Shelf) -> None:
    shelf.put("Tide/Tide v01.cbz")
    shelf.write("Tide/cover.png", files.image(9))
    shelf.scan()
    content_key, _, page = key_of(Series.objects.get()).rpartition("-")
    source = covers.picked(content_key, int(page))
    assert source is not None
    assert covers.render(source).tint


def test_a_page_that_people_picked_stays_the_cover(shelf: Shelf) -> None:
    shelf.put("Tide/Tide v01.cbz")
    shelf.scan()
    Series.objects.update(cover_page=2, user_metadata={"cover": {"page": 2}})
    shelf.write("Tide/cover.jpg", files.image(9, "JPEG"))
    shelf.scan()
    series = Series.objects.get()
    assert (series.cover, series.cover_page) == (shelf.at("Tide/Tide v01.cbz").content, 2)


def test_without_the_picture_the_first_page_is_the_cover_again(shelf: Shelf) -> None:
    shelf.put("Tide/Tide v01.cbz")
    shelf.write("Tide/cover.jpg", files.image(9, "JPEG"))
    shelf.scan()
    shelf.remove("Tide/cover.jpg")
    shelf.scan()
    series = Series.objects.get()
    assert (series.cover, series.cover_page) == (shelf.at("Tide/Tide v01.cbz").content, None)


def test_a_picture_that_is_none_is_a_finding(shelf: Shelf) -> None:
    shelf.put("Tide/Tide v01.cbz")
    shelf.write("Tide/cover.jpg", b"nothing")
    shelf.scan()
    assert Sidecar.objects.get().problem == "no_picture"
    assert Series.objects.get().cover == shelf.at("Tide/Tide v01.cbz").content


def test_a_picture_that_broke_before_it_went_is_the_cover_no_more(shelf: Shelf) -> None:
    shelf.put("Tide/Tide v01.cbz")
    shelf.write("Tide/cover.jpg", files.image(9, "JPEG"))
    shelf.scan()
    shelf.write("Tide/cover.jpg", b"nothing")
    shelf.scan()
    shelf.remove("Tide/cover.jpg")
    shelf.scan()
    series = Series.objects.get()
    assert (series.cover, series.cover_page) == (shelf.at("Tide/Tide v01.cbz").content, None)


def test_a_cover_for_which_there_was_no_room_is_made_by_the_next_scan(
    shelf: Shelf, settings: Any, tmp_path: Path
) -> None:
    shelf.put("Tide/Tide v01.cbz")
    settings.COVERS_DIR = shelf.write("Tide/cover.jpg", files.image(9, "JPEG"))
    with pytest.raises(Unavailable):
        shelf.scan()
    settings.COVERS_DIR = tmp_path / "covers"
    shelf.scan()
    assert Series.objects.get().cover == Sidecar.objects.get().content


def test_where_nothing_is_picked_any_more_the_picture_is_the_cover(shelf: Shelf) -> None:
    shelf.put("Tide/Tide v01.cbz")
    shelf.write("Tide/cover.jpg", files.image(9, "JPEG"))
    shelf.scan()
    before = Series.objects.get().picture
    picking.pick(Series.objects.get(), shelf.at("Tide/Tide v01.cbz"), 2)
    assert Series.objects.get().picture != before
    picking.unpick(Series.objects.get())
    assert Series.objects.get().picture == before

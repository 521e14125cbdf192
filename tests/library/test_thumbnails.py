from pathlib import Path

from library import thumbnails
from library.archives import open_book
from tests import files

WIDTHS = (200, 400, 600)


def cover_of(path: Path) -> thumbnails.Cover | None:
    places = [
        (page.name, page.offset, page.compressed, page.size, page.method, page.crc32)
        for page in open_book(str(path)).pages
    ]
    return thumbnails.unpacked(thumbnails.cover(str(path), "zip", places, WIDTHS))


def test_a_cover_comes_in_every_width(tmp_path: Path) -> None:
    path = files.make_zip(tmp_path / "a.cbz", files.pages(1, "JPEG", (1000, 1500)))
    cover = cover_of(path)
    assert cover
    assert (cover.width, cover.height, set(cover.pictures)) == (600, 900, set(WIDTHS))
    assert all(data.startswith(b"RIFF") for data in cover.pictures.values())


def test_a_small_page_is_not_blown_up(tmp_path: Path) -> None:
    cover = cover_of(files.make_zip(tmp_path / "a.cbz", files.pages(1, size=(60, 90))))
    assert cover
    assert (cover.width, cover.height) == (60, 90)


def test_pages_that_are_no_pictures_are_passed_over(tmp_path: Path) -> None:
    pages = {"1.jpg": b"nothing", "2.png": files.image(1)[:60], "3.png": files.image(7)}
    cover = cover_of(files.make_zip(tmp_path / "a.cbz", pages))
    assert cover
    assert cover.tint == thumbnails.tint_of(thumbnails.decoded(files.image(7), 600))


def test_without_a_picture_there_is_no_cover(tmp_path: Path) -> None:
    assert cover_of(files.make_zip(tmp_path / "a.cbz", {"1.jpg": b"nothing"})) is None

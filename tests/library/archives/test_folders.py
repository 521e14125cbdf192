"""Folders of images as books."""

import os
from pathlib import Path

import pytest

from kiremisu.lib.errors import Unreadable
from library.archives import Limits, measure, measure_each, open_book, read_page
from tests.archives import code_of
from tests.files import image, make_folder, make_zip, pages

pytestmark = pytest.mark.quick


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return make_folder(tmp_path / "book")


def test_the_images_right_inside_are_the_pages(book: Path) -> None:
    make_folder(book / "deeper")
    (book / "notes.txt").write_text("not a page")
    found = open_book(str(book))
    assert (found.format, found.skipped) == ("folder", 0)
    assert [page.name for page in found.pages] == ["001.png", "002.png", "003.png"]
    assert read_page(str(book), "folder", found.pages, 3) == image(3)


def test_a_page_is_measured_by_its_head(book: Path) -> None:
    assert measure(str(book), "folder", open_book(str(book)).pages, 1).width == 60


def test_several_pages_are_measured_and_faults_told(book: Path) -> None:
    (book / "002.png").write_bytes(b"noise")
    found = open_book(str(book)).pages
    (one, first), (two, second) = measure_each(str(book), "folder", found, [1, 2])
    assert (one, first) == (1, measure(str(book), "folder", found, 1))
    assert two == 2
    assert isinstance(second, Unreadable)


def test_links_are_never_followed(tmp_path: Path, book: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(image(9))
    (book / "004.png").symlink_to(secret)
    found = open_book(str(book))
    assert (len(found.pages), found.skipped) == (3, 1)


def test_a_page_that_became_a_link_is_refused(tmp_path: Path, book: Path) -> None:
    found = open_book(str(book))
    (tmp_path / "secret.png").write_bytes(image(1))
    (book / "001.png").unlink()
    (book / "001.png").symlink_to(tmp_path / "secret.png")
    assert code_of(read_page, str(book), "folder", found.pages, 1) == "link"


def test_a_pipe_among_the_pages_is_left_out(book: Path) -> None:
    os.mkfifo(book / "000.png")
    found = open_book(str(book))
    assert (len(found.pages), found.skipped) == (3, 1)


def test_a_page_of_another_size_than_listed_is_damaged(book: Path) -> None:
    found = open_book(str(book))
    (book / "002.png").write_bytes(image(2) + b"more")
    assert code_of(read_page, str(book), "folder", found.pages, 2) == "damaged"


def test_a_page_gone_is_gone(book: Path) -> None:
    found = open_book(str(book))
    (book / "002.png").unlink()
    assert code_of(read_page, str(book), "folder", found.pages, 2) == "gone"
    assert read_page(str(book), "folder", found.pages, 1) == image(1)


@pytest.mark.parametrize("name", ["../secret.png", "", ".", "..", "a/b.png", "x\0.png"])
def test_a_name_that_leads_elsewhere_is_no_page(book: Path, name: str) -> None:
    page = open_book(str(book)).pages[0]
    other = type(page)(name, 0, 4, 4, 0, 0)
    assert code_of(read_page, str(book), "folder", [other], 1) == "no_such_page"


def test_a_name_that_is_no_utf8_survives_as_text(tmp_path: Path) -> None:
    book = make_folder(tmp_path / "book", {})
    with open(os.fsencode(book) + b"/caf\xe9.png", "wb") as file:
        file.write(image(5))
    found = open_book(str(book))
    assert found.pages[0].name.encode("utf-8")
    assert read_page(str(book), "folder", found.pages, 1) == image(5)


def test_a_folder_without_images_has_no_pages(tmp_path: Path) -> None:
    make_zip(make_folder(tmp_path / "shelf", {}) / "1.cbz")
    assert code_of(open_book, str(tmp_path / "shelf")) == "books_inside"


def test_the_number_of_files_is_bounded(book: Path) -> None:
    assert len(open_book(str(book), Limits(entries=3)).pages) == 3
    assert code_of(open_book, str(book), Limits(entries=2)) == "too_many_entries"


def test_other_pages_are_another_signature(tmp_path: Path, book: Path) -> None:
    other = make_folder(tmp_path / "other", pages(3, first=2))
    again = make_folder(tmp_path / "again")
    assert open_book(str(book)).signature == open_book(str(again)).signature
    assert open_book(str(book)).signature != open_book(str(other)).signature

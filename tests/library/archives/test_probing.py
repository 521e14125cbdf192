"""`probe` and `manage.py probe`."""

import io
import json
import os
from pathlib import Path

import pytest
from django.core.management import call_command

from library.archives import probe, probing
from library.archives.probing import Probe
from library.archives.shelves import Shelf
from tests.files import image, make_7z, make_folder, make_pdf, make_zip, pages

pytestmark = pytest.mark.quick


def test_a_book_is_readable(tmp_path: Path) -> None:
    book = str(make_zip(tmp_path / "book.cbz"))
    assert probe(book) == Probe(book, "readable", None, None, "zip", 3, 0)


def test_what_is_no_book_is_an_error_with_its_cause(tmp_path: Path) -> None:
    found = probe(str(tmp_path / "gone.cbz"))
    assert (found.status, found.code, found.format, found.pages) == ("error", "gone", None, 0)
    assert found.detail == "There is no such file any more."


def test_pages_that_cannot_be_shown_count_as_skipped(tmp_path: Path) -> None:
    book = make_zip(tmp_path / "book.cbz", {**pages(2), "3.png": b"noise", "4.svg": b"<svg/>"})
    found = probe(str(book))
    assert (found.pages, found.skipped) == (2, 2)


def test_a_book_none_of_whose_pages_can_be_shown_is_an_error(tmp_path: Path) -> None:
    book = make_zip(tmp_path / "book.cbz", {"1.png": b"noise"})
    assert probe(str(book)).code == "not_an_image"


def test_only_so_much_time_is_spent_on_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = make_zip(tmp_path / "book.cbz", {"1.png": b"noise"})
    monkeypatch.setattr(probing, "_LOOK_SECONDS", -1)
    assert probe(str(book)).pages == 1


@pytest.mark.parametrize(("make", "form"), [(make_7z, "7z"), (make_pdf, "pdf")])
def test_pages_that_are_dear_to_read_are_only_counted(
    tmp_path: Path, make: object, form: str
) -> None:
    assert callable(make)
    found = probe(str(make(tmp_path / "book.x")))
    assert (found.format, found.pages, found.skipped) == (form, 3, 0)


def test_a_folder_of_images_is_a_book(tmp_path: Path) -> None:
    found = probe(str(make_folder(tmp_path / "book.cbz")))
    assert (found.status, found.format, found.pages) == ("readable", "folder", 3)


def test_a_folder_of_books_answers_once(tmp_path: Path) -> None:
    make_zip(tmp_path / "1.cbz")
    make_zip(make_folder(tmp_path / "deep/er", {}) / "2.cbz", pages(2))
    (tmp_path / "bad.cbz").write_bytes(b"noise")
    (tmp_path / "3.cbz.part").write_bytes(b"half")
    found = probe(str(tmp_path))
    assert (found.status, found.format, found.pages, found.skipped) == ("readable", "zip", 5, 2)


def test_a_cover_beside_books_is_no_book(tmp_path: Path) -> None:
    make_zip(tmp_path / "1.cbz")
    (tmp_path / "cover.jpg").write_bytes(image(1, "JPEG"))
    assert probe(str(tmp_path)).pages == 3


def test_books_of_several_formats_are_mixed(tmp_path: Path) -> None:
    make_zip(tmp_path / "1.cbz")
    make_folder(tmp_path / "2")
    assert probe(str(tmp_path)).format == "mixed"


def test_a_folder_without_a_book_is_an_error(tmp_path: Path) -> None:
    assert probe(str(tmp_path)).code == "no_pages"
    (tmp_path / "1.cbz").write_bytes(b"")
    assert probe(str(tmp_path)).code == "empty"


def test_links_in_a_folder_are_never_followed(tmp_path: Path) -> None:
    outside = make_folder(tmp_path / "outside")
    shelf = make_folder(tmp_path / "shelf", {})
    make_zip(shelf / "1.cbz")
    (shelf / "escape").symlink_to(outside)
    (shelf / "self").symlink_to(".")
    (shelf / "2.cbz").symlink_to(make_zip(outside / "secret.cbz"))
    found = probe(str(shelf))
    assert (found.pages, found.skipped) == (3, 3)


def test_a_folder_that_cannot_be_read_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_zip(make_folder(tmp_path / "closed", {}) / "1.cbz")
    make_zip(tmp_path / "2.cbz")
    real = os.scandir

    def scandir(path: str) -> object:
        if path.endswith("closed"):
            raise PermissionError
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = probe(str(tmp_path))
    assert (found.pages, found.skipped) == (3, 1)


def test_hidden_folders_are_passed_over(tmp_path: Path) -> None:
    make_zip(make_folder(tmp_path / ".trash", {}) / "1.cbz")
    assert list(Shelf(str(tmp_path)).books()) == []


def test_books_come_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b/2.cbz", "a/1.cbz", "0.cbz"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        make_zip(tmp_path / name)
    found = [os.path.relpath(book, tmp_path) for book in Shelf(str(tmp_path)).books()]
    assert found == ["0.cbz", "a/1.cbz", "b/2.cbz"]


def test_the_command_prints_one_object_for_each_argument_in_order(tmp_path: Path) -> None:
    book = str(make_zip(tmp_path / "book.cbz"))
    out = io.StringIO()
    call_command("probe", "nowhere", book, book, stdout=out)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["file"] for line in lines] == ["nowhere", book, book]
    assert list(lines[1].items()) == [
        ("file", book),
        *[("status", "readable"), ("code", None), ("detail", None), ("format", "zip")],
        *[("pages", 3), ("skipped", 0)],
    ]


def test_the_command_prints_names_that_are_no_utf8(tmp_path: Path) -> None:
    make_zip(tmp_path / "book.cbz").rename(tmp_path / "caf\udce9\n.cbz")
    out = io.StringIO()
    call_command("probe", str(tmp_path / "caf\udce9\n.cbz"), stdout=out)
    assert json.loads(out.getvalue())["file"].endswith("caf\udce9\n.cbz")

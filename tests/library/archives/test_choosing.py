"""Which entries become pages, and the limits: at each, and one past it."""

from pathlib import Path

import pytest

from library.archives import Limits, is_book_name, is_image_name, measure, open_book, read_page
from library.archives.book import Entry
from library.archives.choosing import choose
from library.archives.naming import is_unfinished, reading_order, shown_name
from tests.archives import code_of
from tests.files import image, make_folder, make_zip, pages

pytestmark = pytest.mark.quick


def entry(name: str = "1.png", size: int = 100, compressed: int = 100, fault: str = "") -> Entry:
    return Entry(name, 0, compressed, size, 0, 1, fault)


@pytest.mark.parametrize(
    "name",
    [
        *("Thumbs.db", ".DS_Store", "desktop.ini", "__MACOSX/._001.png", "._002.png"),
        *("a/.hidden/1.png", "@eaDir/1.png", "x/.1.png", "page.svg", "page.bmp"),
    ],
)
def test_litter_and_drawings_are_left_out_and_counted(name: str) -> None:
    found = choose("zip", [entry(), entry(name)], Limits())
    assert (len(found.pages), found.skipped) == (1, 1)


@pytest.mark.parametrize("name", ["ComicInfo.xml", "readme.txt", "noextension", "a.b/c"])
def test_other_files_are_passed_over_in_silence(name: str) -> None:
    found = choose("zip", [entry(), entry(name)], Limits())
    assert (len(found.pages), found.skipped) == (1, 0)


@pytest.mark.parametrize("name", ["1.JPG", "a/../2.jpeg", "x.png", "x.webp", "x.AvIf", "...gif"])
def test_names_of_images(name: str) -> None:
    assert is_image_name(name) is not name.startswith(".")


@pytest.mark.parametrize(
    "name", ["a.cbz", "a.CBR", "a/b.cb7", "a.pdf", "a.tar", "-rf.cbt", "a.zip"]
)
def test_names_of_books(name: str) -> None:
    assert is_book_name(name)
    assert not is_unfinished(name)


@pytest.mark.parametrize(
    "name", [".hidden.cbz", "._a.cbz", "x.cbz.part", "~x.cbz.tmp", "x.cbz.!qB"]
)
def test_names_of_unfinished_books(name: str) -> None:
    assert not is_book_name(name)
    assert is_unfinished(name)


@pytest.mark.parametrize("name", ["cbz", ".cbz", "a.epub", "a.txt", "", "a.cbz/"])
def test_names_of_no_books(name: str) -> None:
    assert not is_book_name(name)


@pytest.mark.parametrize(
    ("raw", "utf8", "name"),
    [
        (b"a\\b.png", False, "a/b.png"),
        (b"1.png\0.php", False, "1.png"),
        (b"1\r\n\x1b.png", False, "1 .png"),
        ("é.png".encode(), False, "é.png"),
        (b"\xff\xfe\x80.png", True, "���.png"),
        (b"caf\x82.png", False, "café.png"),
        ("表紙.png".encode("cp932"), False, "表紙.png"),
    ],
)
def test_names_are_made_readable(raw: bytes, utf8: bool, name: str) -> None:
    assert shown_name(raw, utf8=utf8) == name


def test_names_of_one_shape_sort_as_numbers_do() -> None:
    names = [f"p{number:02}.png" for number in (10, 9, 1)]
    assert [names[at] for at in reading_order(names)] == ["p01.png", "p09.png", "p10.png"]


def test_equal_names_keep_their_order() -> None:
    assert reading_order(["2.png", "1.png", "2.png", "10.png"]) == [1, 0, 2, 3]


def test_the_commonest_fault_is_the_cause() -> None:
    faulty = [entry("1.png", fault="locked"), entry("2.png", fault="locked"), entry("3.png", 0)]
    assert code_of(choose, "zip", faulty, Limits()) == "locked"


def test_archives_inside_are_named_as_the_cause() -> None:
    assert code_of(choose, "zip", [entry("a.cbz"), entry("b.cbz")], Limits()) == "books_inside"


def test_no_entry_is_no_page() -> None:
    assert code_of(choose, "zip", [], Limits()) == "no_pages"
    assert code_of(choose, "zip", [entry("Thumbs.db")], Limits()) == "no_pages"


@pytest.mark.parametrize(
    ("limits", "good", "bad", "code"),
    [
        (Limits(page_bytes=10), entry(size=10), entry(size=11), "too_large"),
        (Limits(ratio=10, ratio_free_bytes=0), entry(size=1000), entry(size=1001), "bomb"),
        (Limits(ratio=1, ratio_free_bytes=200), entry(size=200), entry(size=201), "bomb"),
        (Limits(name_length=6), entry("12.png"), entry("123.png"), "unsupported"),
        (Limits(total_bytes=9), entry(size=9), entry(size=10), "too_large"),
        (Limits(), entry(size=1), entry(size=0), "not_an_image"),
        (Limits(), entry("a..b/1.png"), entry("a/../1.png"), "unsupported"),
    ],
)
def test_limits_of_an_entry(limits: Limits, good: Entry, bad: Entry, code: str) -> None:
    assert len(choose("zip", [good], limits).pages) == 1
    assert code_of(choose, "zip", [bad], limits) == code


def test_the_number_of_pages_is_bounded() -> None:
    two = [entry("1.png"), entry("2.png")]
    assert len(choose("zip", two, Limits(pages=2)).pages) == 2
    assert code_of(choose, "zip", two, Limits(pages=1)) == "too_many_pages"


def test_the_numbers_are_those_of_the_contract() -> None:
    limits = Limits()
    assert (limits.entries, limits.pages, limits.page_bytes) == (20_000, 10_000, 64 << 20)
    assert (limits.total_bytes, limits.ratio, limits.pixels) == (4 << 30, 200, 80_000_000)
    assert (limits.pdf_open_seconds, limits.pdf_render_seconds) == (8, 30)
    assert (limits.pdf_long_side, limits.child_bytes) == (4_000, 512 << 20)


def test_the_number_of_pixels_is_bounded(tmp_path: Path) -> None:
    book = str(make_zip(tmp_path / "book.cbz", {"1.png": image(1, "PNG", (40, 50))}))
    found = open_book(book).pages
    assert measure(book, "zip", found, 1, Limits(pixels=2000)).height == 50
    assert code_of(measure, book, "zip", found, 1, Limits(pixels=1999)) == "too_many_pixels"
    assert code_of(read_page, book, "zip", found, 1, Limits(pixels=1999)) == "too_many_pixels"


@pytest.mark.parametrize("number", [0, -1, 4, 10**12])
def test_a_page_number_out_of_range_is_no_page(tmp_path: Path, number: int) -> None:
    book = str(make_zip(tmp_path / "book.cbz"))
    assert code_of(read_page, book, "zip", open_book(book).pages, number) == "no_such_page"


def test_an_index_with_impossible_sizes_is_refused(tmp_path: Path) -> None:
    book = str(make_zip(tmp_path / "book.cbz"))
    page = type(open_book(book).pages[0])("1.png", 0, 10, 1 << 40, 0, 0)
    assert code_of(read_page, book, "zip", [page], 1) == "too_large"


@pytest.mark.parametrize("read", [read_page, measure])
def test_an_unknown_format_is_refused(tmp_path: Path, read: object) -> None:
    assert callable(read)
    book = str(make_zip(tmp_path / "book.cbz"))
    assert code_of(read, book, "arj", open_book(book).pages, 1) == "unsupported"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<html><script>alert(1)</script></html>", "not_an_image"),
        (image(1, "BMP"), "unsupported"),
        (image(1, "TIFF"), "unsupported"),
        (b"GIF89a" + bytes(20), "not_an_image"),
    ],
)
def test_a_page_is_what_its_bytes_say(tmp_path: Path, data: bytes, code: str) -> None:
    book = str(make_zip(tmp_path / "book.cbz", {"1.png": data, **pages(1)}))
    found = open_book(book).pages
    number = [page.name for page in found].index("1.png") + 1
    assert code_of(read_page, book, "zip", found, number) == code
    assert code_of(measure, book, "zip", found, number) == code


def test_the_media_type_comes_from_the_bytes(tmp_path: Path) -> None:
    book = str(make_folder(tmp_path / "book", {"1.jpg": image(1, "WEBP")}))
    assert measure(book, "folder", open_book(book).pages, 1).media_type == "image/webp"

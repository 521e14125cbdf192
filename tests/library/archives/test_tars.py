"""TAR and CBT."""

import io
import tarfile
from pathlib import Path

import pytest

from library.archives import Limits, measure, open_book, read_page
from tests.archives import code_of
from tests.files import image, make_folder, make_tar, pages

pytestmark = pytest.mark.quick

FORMS = [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]
LONG = "ひらがな" * 10 + "/" + "y" * 90


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "book.cbt"


def with_entry(book: Path, kind: bytes, name: str = "002.png", size: int = 0) -> Path:
    """A book of one page and one entry of this kind."""
    with tarfile.open(book, "w") as archive:
        about = tarfile.TarInfo("001.png")
        about.size = len(image(1))
        archive.addfile(about, io.BytesIO(image(1)))
        other = tarfile.TarInfo(name)
        other.type, other.linkname, other.size = kind, "/etc/passwd", size
        archive.addfile(other, io.BytesIO(bytes(size)))
    return book


@pytest.mark.parametrize("form", FORMS)
def test_every_page_is_a_stretch_of_the_file(book: Path, form: int) -> None:
    made = pages(3, "WEBP")
    make_tar(book, made, form)
    found = open_book(str(book))
    data = book.read_bytes()
    assert [data[page.offset :][: page.size] for page in found.pages] == list(made.values())
    assert read_page(str(book), "tar", found.pages, 2) == made["002.webp"]


@pytest.mark.parametrize("form", FORMS[1:])
def test_long_and_foreign_names_are_whole(book: Path, form: int) -> None:
    names = [f"{LONG}{number}.png" for number in (1, 2)]
    make_tar(book, dict.fromkeys(names, image()), form)
    assert [page.name for page in open_book(str(book)).pages] == names


def test_a_prefix_belongs_to_the_name(book: Path) -> None:
    name = "a" * 80 + "/" + "b" * 80 + ".png"
    make_tar(book, {name: image()}, tarfile.USTAR_FORMAT)
    assert open_book(str(book)).pages[0].name == name


def test_a_page_is_measured_by_its_head(book: Path) -> None:
    make_tar(book, {"1.gif": image(1, "GIF", (31, 17))})
    page = measure(str(book), "tar", open_book(str(book)).pages, 1)
    assert (page.media_type, page.width, page.height) == ("image/gif", 31, 17)


def test_equal_pages_in_a_folder_have_the_same_signature(tmp_path: Path, book: Path) -> None:
    made = {"1.png": image(1, "PNG", (900, 900)) + bytes(9000), "2.png": image(2)}
    folder = make_folder(tmp_path / "folder", made)
    make_tar(book, made)
    assert open_book(str(book)).signature == open_book(str(folder)).signature


@pytest.mark.parametrize("place", [0, 5000, 9999])
def test_a_change_of_sampled_bytes_changes_the_signature(book: Path, place: int) -> None:
    one, two = bytearray(10_000), bytearray(10_000)
    two[place] = 1
    make_tar(book, {"1.png": bytes(one)})
    before = open_book(str(book)).signature
    make_tar(book, {"1.png": bytes(two)})
    assert open_book(str(book)).signature != before


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_what_is_no_file_is_left_out(book: Path, kind: bytes) -> None:
    found = open_book(str(with_entry(book, kind)))
    assert (len(found.pages), found.skipped) == (1, 1)


def test_folders_are_passed_over(book: Path) -> None:
    found = open_book(str(with_entry(book, tarfile.DIRTYPE, "folder.png")))
    assert (len(found.pages), found.skipped) == (1, 0)


def test_global_headers_are_passed_over(book: Path) -> None:
    with tarfile.open(book, "w", pax_headers={"comment": "hello"}) as archive:
        about = tarfile.TarInfo("1.png")
        about.size = len(image())
        archive.addfile(about, io.BytesIO(image()))
    assert len(open_book(str(book)).pages) == 1


def test_other_pax_records_say_nothing_to_us(book: Path) -> None:
    with tarfile.open(book, "w", format=tarfile.PAX_FORMAT) as archive:
        about = tarfile.TarInfo("1.png")
        about.size, about.pax_headers = len(image()), {"comment": "hello", "mtime": "1.5"}
        archive.addfile(about, io.BytesIO(image()))
    assert [page.name for page in open_book(str(book)).pages] == ["1.png"]


def test_a_page_cut_off_is_left_out(book: Path) -> None:
    make_tar(book, pages(2))
    book.write_bytes(book.read_bytes()[: 512 * 3 + 40])
    found = open_book(str(book))
    assert (len(found.pages), found.skipped) == (1, 1)


def test_a_page_gone_since_the_listing_is_truncated(book: Path) -> None:
    found = open_book(str(make_tar(book, pages(2))))
    book.write_bytes(book.read_bytes()[:600])
    assert code_of(read_page, str(book), "tar", found.pages, 1) == "truncated"


def test_an_index_older_than_the_file_is_noticed(book: Path) -> None:
    found = open_book(str(make_tar(book, pages(2))))
    make_tar(book, {"0.txt": bytes(700), **pages(2)})
    assert code_of(read_page, str(book), "tar", found.pages, 2) == "damaged"
    shorter = found.pages[0]._replace(size=9)
    assert code_of(read_page, str(book), "tar", [shorter], 1) == "damaged"
    below = found.pages[0]._replace(offset=100)
    assert code_of(read_page, str(book), "tar", [below], 1) == "damaged"


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        (148, b"1234567\0", "damaged"),  # the checksum is wrong
        (124, b"zzzz", "damaged"),
    ],
)
def test_a_later_header_of_nonsense_is_damage(
    book: Path, place: int, value: bytes, code: str
) -> None:
    data = bytearray(make_tar(book, {"1.png": b"x" * 512, "2.png": b"y"}).read_bytes())
    data[1024 + place : 1024 + place + len(value)] = value
    book.write_bytes(data)
    assert code_of(open_book, str(book)) == code


def header(name: bytes, size: bytes, kind: bytes = b"0") -> bytes:
    """A header with the right checksum, whatever it says."""
    block = bytearray(512)
    block[: len(name)] = name
    block[124 : 124 + len(size)] = size
    block[156:157] = kind
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def test_a_size_of_no_number_is_damage(book: Path) -> None:
    book.write_bytes(header(b"1.png", b"99zz"))
    assert code_of(open_book, str(book)) == "damaged"


def test_a_size_in_base_256_is_understood(book: Path) -> None:
    book.write_bytes(header(b"1.png", b"\x80" + (4).to_bytes(11, "big")) + b"page" + bytes(508))
    assert open_book(str(book)).pages[0].size == 4


def test_a_pax_size_counts_more_than_the_header(book: Path) -> None:
    record = b"9 size=4\n"
    extra = header(b"x", b"%o" % len(record), b"x") + record.ljust(512, b"\0")
    book.write_bytes(extra.replace(record, record) + header(b"1.png", b"0") + b"page")
    found = open_book(str(book))
    assert [page.size for page in found.pages] == [4]


@pytest.mark.parametrize("record", [b"2 size=4\n", b"size=4\n", b"0 a=b\n"])
def test_a_pax_record_of_nonsense_is_damage(book: Path, record: bytes) -> None:
    extra = header(b"x", b"%o" % len(record), b"x") + record.ljust(512, b"\0")
    book.write_bytes(extra + header(b"1.png", b"4") + b"page")
    assert code_of(open_book, str(book)) == "damaged"


def test_the_number_of_entries_is_bounded(book: Path) -> None:
    make_tar(book, pages(3))
    assert len(open_book(str(book), Limits(entries=3)).pages) == 3
    assert code_of(open_book, str(book), Limits(entries=2)) == "too_many_entries"


def test_the_number_of_headers_is_bounded(book: Path) -> None:
    book.write_bytes(header(b"g", b"0", b"g") * 5)
    assert code_of(open_book, str(book), Limits(entries=2)) == "too_many_entries"


def test_a_tar_without_an_end_mark_is_read(book: Path) -> None:
    make_tar(book, pages(1))
    book.write_bytes(book.read_bytes()[:1024])
    assert len(open_book(str(book)).pages) == 1

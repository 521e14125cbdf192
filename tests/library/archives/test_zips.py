"""ZIP and CBZ."""

import io
import struct
import zipfile
import zlib
from pathlib import Path
from random import Random

import pytest

from library.archives import Limits, measure, open_book, read_page
from tests.archives import changed, code_of
from tests.files import image, make_zip, pages

pytestmark = pytest.mark.quick

METHODS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "book.cbz"


@pytest.mark.parametrize("method", METHODS)
def test_every_page_is_read_whatever_its_method(book: Path, method: int) -> None:
    made = pages(4, "JPEG")
    make_zip(book, made, method)
    found = open_book(str(book))
    read = [read_page(str(book), "zip", found.pages, number) for number in range(1, 5)]
    assert read == list(made.values())


def test_the_listing_agrees_with_the_standard_library(book: Path) -> None:
    make_zip(book, pages(12), zipfile.ZIP_DEFLATED)
    with zipfile.ZipFile(book) as archive:
        expected = {
            (each.filename, each.header_offset, each.compress_size, each.file_size, each.CRC)
            for each in archive.infolist()
        }
    assert {
        (page.name, page.offset, page.compressed, page.size, page.crc32)
        for page in open_book(str(book)).pages
    } == expected


def test_a_repacked_book_keeps_its_signature(tmp_path: Path) -> None:
    stored, deflated = (
        make_zip(tmp_path / f"{method}.cbz", method=method)
        for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    )
    assert open_book(str(stored)).signature == open_book(str(deflated)).signature


def test_another_order_of_pages_is_another_signature(tmp_path: Path) -> None:
    one = make_zip(tmp_path / "1.cbz", {"1.png": image(1), "2.png": image(2)})
    two = make_zip(tmp_path / "2.cbz", {"1.png": image(2), "2.png": image(1)})
    assert open_book(str(one)).signature != open_book(str(two)).signature


def test_pages_stand_in_natural_order_folders_too(book: Path) -> None:
    names = ["c10/p1.png", "c1/p10.png", "c2/p1.png", "c1/p2.png", "c1/p1a.png", "c1/p1.png"]
    make_zip(book, {name: image(at) for at, name in enumerate(names)})
    assert [page.name for page in open_book(str(book)).pages] == [
        *("c1/p1.png", "c1/p1a.png", "c1/p2.png", "c1/p10.png", "c2/p1.png", "c10/p1.png"),
    ]


def test_a_streamed_zip_with_data_descriptors_is_read(book: Path) -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.written = b""

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override]
            self.written += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("1.png", image(1))
    book.write_bytes(pipe.written)
    assert read_page(str(book), "zip", open_book(str(book)).pages, 1) == image(1)


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        (8, b"\1", "locked"),
        (10, b"\x61", "unsupported"),
        (20, b"\1\0\0\0", "damaged"),  # stored, yet sizes differ
        (42, b"\0\0\xff\0", "damaged"),  # beyond the directory
        (38, b"\0\0\xff\xa1", "link"),  # with the Unix system byte set below
    ],
)
def test_an_entry_with_a_fault_is_left_out(book: Path, place: int, value: bytes, code: str) -> None:
    make_zip(book)
    changed(book, (5, b"\3"), (place, value), base=b"PK\1\2")
    found = open_book(str(book))
    assert (len(found.pages), found.skipped) == (2, 1)
    changed(make_zip(book, pages(1)), (5, b"\3"), (place, value), base=b"PK\1\2")
    assert code_of(open_book, str(book)) == code


def test_a_page_that_deflates_to_more_than_its_size_is_a_lie(book: Path) -> None:
    noise = Random(1).randbytes(10_000)
    make_zip(book, {"2.png": image(), "1.png": noise}, zipfile.ZIP_DEFLATED)
    changed(book, (24, struct.pack("<I", 10)), base=b"PK\1\2")
    assert [page.name for page in open_book(str(book)).pages] == ["2.png"]


def test_a_wrong_checksum_fails_that_page_alone(book: Path) -> None:
    changed(make_zip(book), (16, b"\1\2\3\4"), base=b"PK\1\2")
    found = open_book(str(book))
    assert code_of(read_page, str(book), "zip", found.pages, 3) == "damaged"
    assert read_page(str(book), "zip", found.pages, 1) == image(1)


def test_an_index_older_than_the_file_is_noticed(book: Path) -> None:
    found = open_book(str(make_zip(book)))
    make_zip(book, {"0.txt": b"shifts everything", **pages()})
    assert code_of(read_page, str(book), "zip", found.pages, 2) == "damaged"


def test_a_page_beyond_the_end_is_truncated(book: Path) -> None:
    found = open_book(str(make_zip(book)))
    book.write_bytes(book.read_bytes()[: found.pages[1].offset + 60])
    assert code_of(read_page, str(book), "zip", found.pages, 2) == "truncated"


def test_the_name_and_extras_of_the_local_header_may_be_long(book: Path) -> None:
    make_zip(book, pages(1))
    data = book.read_bytes()
    longer = struct.pack("<HH", 5, 2000) + b"1.png" + bytes(2000)
    local = data[:26] + longer + data[26 + 4 + len("001.png") :]
    grown = len(local) - len(data)
    end = local.rindex(b"PK\5\6")
    offset = int.from_bytes(local[end + 16 : end + 20], "little") + grown
    book.write_bytes(local[: end + 16] + offset.to_bytes(4, "little") + local[end + 20 :])
    assert read_page(str(book), "zip", open_book(str(book)).pages, 1) == image(1)


def test_only_the_beginning_of_a_page_is_unpacked_to_measure_it(book: Path) -> None:
    large = image(1, "PNG", (2000, 1000)) + bytes(3 << 20)
    make_zip(book, {"1.png": large}, zipfile.ZIP_DEFLATED)
    page = open_book(str(book), Limits(ratio=10_000)).pages[0]._replace(crc32=0)
    assert measure(str(book), "zip", [page], 1).width == 2000


def test_names_in_any_encoding_are_readable(book: Path) -> None:
    raw = "漫画".encode("cp932")
    make_zip(book, {"xxxx.png": image()})
    book.write_bytes(book.read_bytes().replace(b"xxxx", raw))
    assert open_book(str(book)).pages[0].name == "漫画.png"


@pytest.mark.parametrize("method", METHODS[1:])
def test_damaged_streams_are_damage(book: Path, method: int) -> None:
    make_zip(book, {"1.jpg": image(1, "JPEG")}, method)
    found = open_book(str(book))
    data = bytearray(book.read_bytes())
    data[37:60] = bytes(23)
    book.write_bytes(data)
    assert code_of(read_page, str(book), "zip", found.pages, 1) == "damaged"


def test_a_page_larger_than_declared_is_never_unpacked_whole(book: Path) -> None:
    make_zip(book, {"1.png": bytes(50 << 20)}, zipfile.ZIP_DEFLATED)
    found = open_book(str(book), Limits(ratio=10_000)).pages[0]
    page = found._replace(size=5000, crc32=zlib.crc32(bytes(5000)))
    assert code_of(read_page, str(book), "zip", [page], 1) == "damaged"


def test_a_page_in_an_index_with_a_method_nobody_reads_is_refused(book: Path) -> None:
    pages_with = [page._replace(method=97) for page in open_book(str(make_zip(book))).pages]
    assert code_of(read_page, str(book), "zip", pages_with, 1) == "unsupported"


def test_a_size_behind_much_metadata_is_found(book: Path) -> None:
    profile = b"\xff\xe2\xff\xff" + bytes(0xFFFD)
    photograph = image(1, "JPEG")
    make_zip(book, {"1.jpg": photograph[:2] + profile * 3 + photograph[2:]})
    assert measure(str(book), "zip", open_book(str(book)).pages, 1).width == 60


def test_a_size_that_lies_nowhere_stays_open(book: Path) -> None:
    make_zip(book, {"1.jpg": b"\xff\xd8" + (b"\xff\xe2\xff\xff" + bytes(0xFFFD)) * 20})
    page = measure(str(book), "zip", open_book(str(book)).pages, 1)
    assert (page.media_type, page.width) == ("image/jpeg", None)


def test_folder_entries_are_passed_over(book: Path) -> None:
    make_zip(book, {"d/": b"", "d/1.png": image()})
    found = open_book(str(book))
    assert (len(found.pages), found.skipped) == (1, 0)

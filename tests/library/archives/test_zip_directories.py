"""Where a ZIP's directory is, and what it may say."""

import struct
import zipfile
from pathlib import Path

import pytest

from library.archives import Limits, open_book, read_page
from tests.archives import changed, code_of
from tests.files import image, make_zip, pages

pytestmark = pytest.mark.quick


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "book.cbz"


@pytest.mark.parametrize("junk", [b"", b"MZ" + bytes(5000)])
@pytest.mark.parametrize("after", [b"", bytes(2000), bytes(60_000)])
def test_junk_before_and_behind_does_no_harm(book: Path, junk: bytes, after: bytes) -> None:
    make_zip(book)
    book.write_bytes(junk + book.read_bytes() + after)
    found = open_book(str(book))
    assert read_page(str(book), "zip", found.pages, 3) == image(3)


def test_a_long_comment_is_no_obstacle(book: Path) -> None:
    make_zip(book)
    with zipfile.ZipFile(book, "a") as archive:
        archive.comment = b"PK\5\6" + b"A" * 65_000
    assert len(open_book(str(book)).pages) == 3


def test_a_directory_longer_than_the_first_look_is_read(book: Path) -> None:
    make_zip(book, {f"{'long' * 30}{number:03}.png": image(1) for number in range(300)})
    assert len(open_book(str(book)).pages) == 300


def test_zip64_is_read(book: Path) -> None:
    with zipfile.ZipFile(book, "w") as archive:
        for name, data in pages().items():
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as entry:
                entry.write(data)
    found = open_book(str(book))
    assert read_page(str(book), "zip", found.pages, 2) == image(2)


def zip64_end(book: Path, junk: bytes = b"") -> Path:
    """The same archive with its sizes and offsets in ZIP64 records alone."""
    data = make_zip(book).read_bytes()
    at = data.rindex(b"PK\5\6")
    count, _, _, offset = struct.unpack_from("<HHII", data, at + 8)
    directory = bytearray(data[offset:at])
    place = 0
    while place < len(directory):  # each offset goes into an extra field
        name, extra = struct.unpack_from("<HH", directory, place + 28)
        field = struct.pack(
            "<HHHHQ", 0x9999, 0, 1, 8, *struct.unpack_from("<I", directory, place + 42)
        )
        directory[place + 42 : place + 46] = b"\xff" * 4
        directory[place + 30 : place + 32] = struct.pack("<H", extra + len(field))
        directory[place + 46 + name : place + 46 + name] = field
        place += 46 + name + extra + len(field)
    record = struct.pack(
        "<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, len(directory), offset
    )
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, offset + len(directory), 1)
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    book.write_bytes(junk + data[:offset] + directory + record + locator + end)
    return book


@pytest.mark.parametrize("junk", [b"", bytes(100)])
def test_a_zip64_directory_is_found(book: Path, junk: bytes) -> None:
    found = open_book(str(zip64_end(book, junk)))
    assert read_page(str(book), "zip", found.pages, 3) == image(3)


def test_a_zip64_locator_that_points_nowhere_is_damage(book: Path) -> None:
    zip64_end(book)
    changed(book, (0, b"PK\0\0"), base=b"PK\6\6")
    assert code_of(open_book, str(book)) == "damaged"


def test_sizes_all_ones_without_zip64_are_damage(book: Path) -> None:
    changed(make_zip(book), (12, b"\xff" * 8))
    assert code_of(open_book, str(book)) == "damaged"


def test_an_end_record_alone_may_claim_zip64_and_lie(book: Path) -> None:
    book.write_bytes(struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, 0xFFFFFFFF, 0, 0))
    assert code_of(open_book, str(book)) == "damaged"


@pytest.mark.parametrize(
    ("noise", "code"),
    [
        (b"PK\3\4" + bytes(600), "truncated"),
        (b"PK\5\6" + bytes(18), "no_pages"),
        (b"PK\3\4" + bytes(600) + b"PK\5\6" + bytes(3), "truncated"),
        (b"PK\3\4PK\5\6" + bytes(8) + struct.pack("<II", 900, 0) + bytes(2), "damaged"),
        (b"PK\3\4PK\5\6" + bytes(8) + struct.pack("<II", 0, 9) + bytes(2), "damaged"),
        (b"PK\3\4PK\5\6\2\0\2\0" + bytes(14), "part_of_a_set"),
    ],
)
def test_a_broken_directory_is_named(book: Path, noise: bytes, code: str) -> None:
    book.write_bytes(noise)
    assert code_of(open_book, str(book)) == code


def test_noise_in_the_directory_is_damage(book: Path) -> None:
    changed(make_zip(book), (0, b"PK\7\7"), base=b"PK\1\2")
    assert code_of(open_book, str(book)) == "damaged"


def test_a_directory_that_ends_inside_a_record_is_damage(book: Path) -> None:
    data = make_zip(book).read_bytes()
    at = data.rindex(b"PK\5\6")
    length, offset = struct.unpack_from("<II", data, at + 12)
    sizes = struct.pack("<II", length + 4, offset)
    book.write_bytes(data[:at] + b"PK\1\2" + data[at : at + 12] + sizes + data[at + 20 :])
    assert code_of(open_book, str(book)) == "damaged"


def test_entries_that_share_bytes_are_a_bomb(book: Path) -> None:
    make_zip(book)
    changed(book, (42, bytes(4)), base=b"PK\1\2")
    assert code_of(open_book, str(book)) == "bomb"


def test_the_number_of_entries_is_bounded(book: Path) -> None:
    make_zip(book, {**pages(2), "a.txt": b"", "b.txt": b""})
    assert len(open_book(str(book), Limits(entries=4)).pages) == 2
    assert code_of(open_book, str(book), Limits(entries=3)) == "too_many_entries"


def test_the_size_of_the_directory_is_bounded(book: Path) -> None:
    make_zip(book)
    assert code_of(open_book, str(book), Limits(directory_bytes=100)) == "too_many_entries"


def test_ones_everywhere_with_other_extras_are_no_zip64(book: Path) -> None:
    zip64_end(book)
    changed(book, (46 + len("003.png") + 4, b"\x98\x99"), base=b"PK\1\2")
    data = book.read_bytes().replace(struct.pack("<HHQ", 1, 8, 0)[:4], struct.pack("<HH", 7, 8))
    book.write_bytes(data)
    assert code_of(open_book, str(book)) == "damaged"

"""RAR and CBR, stored; packed ones go the way of 7z."""

from pathlib import Path

import pytest

from library.archives import Limits, extract_all, measure, open_book, read_page
from library.archives.book import Entry
from library.archives.rars import _entries
from tests.archives import code_of
from tests.files import image, make_rar, make_zip, pages

pytestmark = pytest.mark.quick

VERSIONS = [4, 5]
RAR4_LOCKED_HEADERS, RAR4_LOCKED, RAR4_SPLIT = 0x80, 0x04, 0x02
RAR5_SPLIT = 0x10


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "book.cbr"


@pytest.mark.parametrize("version", VERSIONS)
def test_every_stored_page_is_a_stretch_of_the_file(book: Path, version: int) -> None:
    made = pages(3, "JPEG")
    make_rar(book, made, version=version)
    found = open_book(str(book))
    read = [read_page(str(book), "rar", found.pages, number) for number in (1, 2, 3)]
    assert (found.format, found.solid, read) == ("rar", False, list(made.values()))


@pytest.mark.parametrize("version", VERSIONS)
def test_the_same_pages_as_zip_have_the_same_signature(
    tmp_path: Path, book: Path, version: int
) -> None:
    make_rar(book, version=version)
    other = make_zip(tmp_path / "book.cbz")
    assert open_book(str(book)).signature == open_book(str(other)).signature


@pytest.mark.parametrize("version", VERSIONS)
def test_a_page_is_measured_by_its_head(book: Path, version: int) -> None:
    make_rar(book, {"1.avif": image(1, "AVIF", (64, 48))}, version=version)
    page = measure(str(book), "rar", open_book(str(book)).pages, 1)
    assert (page.media_type, page.width, page.height) == ("image/avif", 64, 48)


def test_stored_pages_are_extracted_too(tmp_path: Path, book: Path) -> None:
    make_rar(book)
    data = bytearray(book.read_bytes())
    found = open_book(str(book))
    data[found.pages[1].offset + 20] ^= 0xFF
    book.write_bytes(data)
    assert extract_all(str(book), "rar", found.pages, str(tmp_path)) == {1, 3}
    assert (tmp_path / "3").read_bytes() == image(3)
    assert not (tmp_path / "2").exists()


def test_a_damaged_page_fails_alone(book: Path) -> None:
    make_rar(book)
    found = open_book(str(book))
    data = bytearray(book.read_bytes())
    data[found.pages[0].offset + 30] ^= 0xFF
    book.write_bytes(data)
    assert code_of(read_page, str(book), "rar", found.pages, 1) == "damaged"
    assert read_page(str(book), "rar", found.pages, 2) == image(2)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_volume_is_part_of_a_set(book: Path, version: int) -> None:
    make_rar(book, version=version, flags=1)
    assert code_of(open_book, str(book)) == "part_of_a_set"


@pytest.mark.parametrize(
    ("flags", "file_flags"), [(0, RAR4_LOCKED), (RAR4_LOCKED_HEADERS, 0), (RAR4_LOCKED_HEADERS, 4)]
)
def test_a_password_locks(book: Path, flags: int, file_flags: int) -> None:
    make_rar(book, version=4, flags=flags, file_flags=file_flags)
    assert code_of(open_book, str(book)) == "locked"


def test_a_page_cut_off_is_left_out(book: Path) -> None:
    make_rar(book)
    found = open_book(str(book))
    book.write_bytes(book.read_bytes()[: found.pages[2].offset + 20])
    found = open_book(str(book))
    assert (len(found.pages), found.skipped) == (2, 1)


def test_noise_behind_the_signature_is_damage(book: Path) -> None:
    book.write_bytes(b"Rar!\x1a\7\1\0" + bytes(range(256)) * 8)
    assert code_of(open_book, str(book)) == "damaged"


def test_a_signature_of_no_version_is_damage(book: Path) -> None:
    book.write_bytes(b"Rar!\x1a\7\7\7" + bytes(100))
    assert code_of(open_book, str(book)) == "damaged"


def test_a_rar_of_nothing_has_no_pages(book: Path) -> None:
    make_rar(book, {})
    assert code_of(open_book, str(book)) == "no_pages"


def test_the_number_of_headers_is_bounded(book: Path) -> None:
    make_rar(book, pages(30))
    assert code_of(open_book, str(book), Limits(entries=5)) == "too_many_entries"


@pytest.mark.parametrize("version", VERSIONS)
def test_a_packed_page_is_unpacked_by_7zip(tmp_path: Path, book: Path, version: int) -> None:
    made = {"0.txt": b"first", **pages(2)}
    found = open_book(str(make_rar(book, made, version=version))).pages
    # 7-Zip does not mind that they are stored; nothing here can write packed ones.
    places = [5, 5 + found[0].size]
    packed = [page._replace(method=3, offset=at) for page, at in zip(found, places, strict=True)]
    assert read_page(str(book), "rar", packed, 2) == image(2)
    assert measure(str(book), "rar", packed, 1).width == 60
    nameless = [page._replace(name="another") for page in packed]
    assert read_page(str(book), "rar", nameless, 2) == image(2)
    assert extract_all(str(book), "rar", packed, str(tmp_path)) == {1, 2}
    assert (tmp_path / "1").read_bytes() == image(1)


class Info:
    """A file as rarfile tells of one, packed or odd: nothing here can write such."""

    filename, CRC, data_offset, compress_size, file_size = "1.png", 7, 90, 50, 100
    compress_type, file_redir, folder, link, locked = 0x33, None, False, False, False

    def __init__(self, **odd: object) -> None:
        self.__dict__.update(odd)

    def is_dir(self) -> bool:
        return self.folder

    def is_symlink(self) -> bool:
        return self.link

    def needs_password(self) -> bool:
        return self.locked


def entries(*infos: Info) -> list[Entry]:
    return list(_entries(list(infos), 1000))


def test_a_packed_page_is_found_by_its_place_among_unpacked_bytes() -> None:
    stored = Info(compress_type=0x30, compress_size=100)
    first, second, third = entries(Info(folder=True), Info(), stored, Info())[0:3]
    assert (first.offset, first.method) == (0, 3)
    assert (second.offset, second.method) == (90, 0)
    assert (third.offset, third.method) == (200, 3)


@pytest.mark.parametrize(
    ("odd", "fault"),
    [
        ({"link": True}, "link"),
        ({"file_redir": (4, 0, "2.png")}, "link"),
        ({"locked": True}, "locked"),
        ({"compress_type": 0x39}, "unsupported"),
        ({"compress_type": 0x30}, "damaged"),
        ({"data_offset": 951}, "truncated"),
        ({"data_offset": 950}, ""),
    ],
)
def test_an_entry_with_a_fault_is_left_out(odd: dict[str, object], fault: str) -> None:
    assert entries(Info(**odd))[0].fault == fault

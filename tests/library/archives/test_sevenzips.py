"""7z and CB7, and whatever else only 7-Zip unpacks."""

import os
import subprocess
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from kiremisu.lib.children import Running, running
from kiremisu.lib.errors import Unreadable
from library.archives import Limits, extract_all, measure, measure_each, open_book, read_page, tool
from tests.archives import code_of
from tests.files import image, make_7z, make_zip, pages

pytestmark = pytest.mark.quick

# Two pages of one name below different folders, and one before them that is no page.
MIXED = {"a/1.png": image(1), "b/1.png": image(2), "0.txt": b"first", "1.png": image(3)}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "book.cb7"


def read_all(book: Path) -> dict[str, bytes]:
    found = open_book(str(book)).pages
    return {
        page.name: read_page(str(book), "7z", found, number) for number, page in enumerate(found, 1)
    }


@pytest.mark.parametrize("options", [[], ["-ms=off"], ["-mx=0"], ["-m0=PPMd"]])
def test_every_page_is_read_however_it_is_packed(book: Path, options: list[str]) -> None:
    make_7z(book, MIXED, *options)
    assert read_all(book) == {name: data for name, data in MIXED.items() if name != "0.txt"}


def test_solid_says_whether_pages_share_a_block(tmp_path: Path) -> None:
    solid, loose = make_7z(tmp_path / "1.7z"), make_7z(tmp_path / "2.7z", None, "-ms=off")
    assert open_book(str(solid)).solid
    assert not open_book(str(loose)).solid


def test_the_same_pages_as_zip_have_the_same_signature(tmp_path: Path, book: Path) -> None:
    make_7z(book)
    other = make_zip(tmp_path / "book.cbz")
    assert open_book(str(book)).signature == open_book(str(other)).signature


def test_a_page_is_measured_by_its_head(book: Path) -> None:
    make_7z(book, {"1.png": image(1, "PNG", (70, 20)), "2.png": image(1)})
    found = open_book(str(book)).pages
    assert (measure(str(book), "7z", found, 1).width, found[0].width) == (70, None)


def test_many_pages_are_measured_in_one_pass(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = {"2.png": image(1, "PNG", (20, 9)), "1.jpg": b"noise", "3.png": image(1, "PNG", (30, 9))}
    found = open_book(str(make_7z(book, made))).pages
    started: list[str] = []

    def counted(*arguments: Any, **options: Any) -> AbstractContextManager[Running]:
        started.append("one")
        return running(*arguments, **options)

    monkeypatch.setattr("library.archives.tool.running", counted)
    measured = dict(measure_each(str(book), "7z", found, [1, 2, 3]))
    assert isinstance(measured[1], Unreadable)
    assert [getattr(measured[number], "width", 0) for number in (2, 3)] == [20, 30]
    assert len(started) == 1


@pytest.mark.parametrize(
    "name", ["-x.png", "@list.png", "a*b?.png", "li\nne.png", "!x.png", "ä ü.png", "$(id).png"]
)
def test_names_that_could_be_taken_for_commands_are_just_names(book: Path, name: str) -> None:
    make_7z(book, {"0.png": image(1), name: image(2), "z.png": image(3)})
    found = open_book(str(book)).pages
    read = {read_page(str(book), "7z", found, number) for number in (1, 2, 3)}
    assert read == {image(1), image(2), image(3)}
    assert {measure(str(book), "7z", found, number).width for number in (1, 2, 3)} == {60}


def test_two_pages_of_one_name_are_told_apart_by_their_place(book: Path) -> None:
    made = {"1.png": image(1), "2.png": image(2, "PNG", (9, 9))}
    found = [page._replace(name="1.png") for page in open_book(str(make_7z(book, made))).pages]
    assert read_page(str(book), "7z", found, 2) == made["2.png"]
    assert measure(str(book), "7z", found, 2).width == 9


def test_everything_is_extracted_in_one_pass(tmp_path: Path, book: Path) -> None:
    make_7z(book, MIXED)
    found = open_book(str(book)).pages
    into = tmp_path / "cache"
    into.mkdir()
    assert extract_all(str(book), "7z", found, str(into)) == {1, 2, 3}
    assert sorted(os.listdir(into)) == ["1", "2", "3"]
    for number, page in enumerate(found, 1):
        assert (into / str(number)).read_bytes() == MIXED[page.name]


def test_nothing_is_left_behind_when_the_cache_cannot_be_written(
    tmp_path: Path, book: Path
) -> None:
    found = open_book(str(make_7z(book))).pages
    (tmp_path / "cache" / "1").mkdir(parents=True)
    assert code_of(extract_all, str(book), "7z", found, str(tmp_path / "cache")) == "not_a_file"
    assert os.listdir(tmp_path / "cache") == ["1"]


def test_a_damaged_page_fails_alone_when_blocks_are_apart(tmp_path: Path, book: Path) -> None:
    make_7z(book, {"1.png": image(1), "2.png": image(2)}, "-ms=off", "-mx=0")
    found = open_book(str(book)).pages
    data = book.read_bytes()
    book.write_bytes(data.replace(image(1)[20:40], bytes(20), 1))
    assert code_of(read_page, str(book), "7z", found, 1) == "damaged"
    assert read_page(str(book), "7z", found, 2) == image(2)
    assert extract_all(str(book), "7z", found, str(tmp_path)) == {2}


@pytest.mark.parametrize("options", [["-psecret"], ["-psecret", "-mhe=on"]])
def test_a_password_locks(book: Path, options: list[str]) -> None:
    make_7z(book, None, *options)
    assert code_of(open_book, str(book)) == "locked"


def test_a_link_inside_is_left_out(tmp_path: Path, book: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "0.png").symlink_to("/etc/passwd")
    (source / "1.png").write_bytes(image(1))
    command = [tool.program(), "a", "-t7z", "-snl", str(book), "0.png", "1.png"]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    found = open_book(str(book))
    assert (len(found.pages), found.skipped) == (1, 1)
    assert read_page(str(book), "7z", found.pages, 1) == image(1)


@pytest.mark.parametrize("length", [20, 200])
def test_a_cut_file_is_no_book(book: Path, length: int) -> None:
    make_7z(book, pages(10))
    book.write_bytes(book.read_bytes()[:length])
    assert code_of(open_book, str(book)) in {"truncated", "damaged"}


def test_noise_behind_the_signature_is_damage(book: Path) -> None:
    book.write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(range(256)) * 4)
    assert code_of(open_book, str(book)) in {"damaged", "truncated"}


def test_a_solid_block_that_unpacks_to_too_much_is_a_bomb(book: Path) -> None:
    make_7z(book, {"1.png": bytes(9 << 20), "2.png": bytes(9 << 20)}, "-mx=9")
    assert code_of(open_book, str(book)) == "bomb"


def test_a_page_that_does_not_come_in_time_is_an_error(book: Path) -> None:
    found = open_book(str(make_7z(book))).pages
    limits = Limits(tool_open_seconds=0, tool_seconds=0)
    assert code_of(read_page, str(book), "7z", found, 1, limits) == "timed_out"
    assert code_of(open_book, str(book), limits) == "timed_out"


def test_a_page_beyond_the_unpacked_bytes_is_damage(book: Path) -> None:
    found = [page._replace(offset=1 << 30) for page in open_book(str(make_7z(book))).pages]
    nameless = [page._replace(name="nothing") for page in found]
    assert code_of(read_page, str(book), "7z", nameless, 1) == "damaged"


def test_without_the_program_it_is_said(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_7z(book)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setenv("PATH", "")
    tool.program.cache_clear()
    assert code_of(open_book, str(book)) == "no_tool"
    tool.program.cache_clear()


def test_a_package_without_the_program_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    monkeypatch.setenv("PATH", "")
    tool.program.cache_clear()
    assert code_of(tool.program) == "no_tool"
    tool.program.cache_clear()


def test_a_program_of_the_system_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "7zz"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    tool.program.cache_clear()
    assert tool.program() == str(own)
    tool.program.cache_clear()

"""The cache of costly pages: whole files, whole books, and no more than its room."""

import os
import shutil
from pathlib import Path

import pytest

from kiremisu.lib.errors import Unreadable
from library.pagecache import PageCache

pytestmark = pytest.mark.quick


def test_what_was_written_is_read(tmp_path: Path) -> None:
    cache = PageCache(tmp_path / "cache", 1000)
    assert cache.read("book", "1") is None
    cache.write("book", "1", b"page")
    assert cache.read("book", "1") == b"page"


def test_the_books_not_looked_at_for_longest_go_first(tmp_path: Path) -> None:
    cache = PageCache(tmp_path, 2000)
    for age, key in enumerate(("new", "old", "oldest")):
        cache.write(key, "1", bytes(400))
        os.utime(tmp_path / key, (1000 - age, 1000 - age))
    PageCache(tmp_path, 1000).make_room()
    assert {place.name for place in tmp_path.iterdir()} == {"new", "old"}


def test_a_look_at_a_book_keeps_it(tmp_path: Path) -> None:
    cache = PageCache(tmp_path, 500)
    for age, key in enumerate(("new", "old")):
        cache.write(key, "1", bytes(400))
        os.utime(tmp_path / key, (1000 - age, 1000 - age))
    cache.read("old", "1")
    cache.make_room()
    assert [place.name for place in tmp_path.iterdir()] == ["old"]


def test_room_is_made_as_it_fills(tmp_path: Path) -> None:
    cache = PageCache(tmp_path, 1000)
    for number in range(9):
        cache.write(f"{number}", "1", bytes(400))
    assert cache.read("8", "1") is not None
    assert len(list(tmp_path.iterdir())) <= 4


def test_a_book_larger_than_the_room_stays_while_it_is_the_last_used(tmp_path: Path) -> None:
    cache = PageCache(tmp_path, 100)
    cache.write("book", "1", bytes(400))
    assert cache.read("book", "1") is not None


def test_a_book_is_unpacked_once(tmp_path: Path) -> None:
    cache, calls = PageCache(tmp_path, 1000), list[str]()
    for _ in range(2):
        cache.unpack("book", 100, calls.append)
    assert calls == [str(tmp_path / "book")]
    assert cache.is_unpacked("book")


def test_a_failure_to_unpack_is_remembered_for_a_while(tmp_path: Path) -> None:
    cache, calls = PageCache(tmp_path, 1000), list[str]()

    def damaged(folder: str) -> None:
        calls.append(folder)
        raise Unreadable("It is broken.", code="damaged")

    for _ in range(2):
        with pytest.raises(Unreadable) as caught:
            cache.unpack("book", 100, damaged)
        assert (caught.value.code, caught.value.detail) == ("damaged", "It is broken.")
    os.utime(tmp_path / "book" / "failed", (1, 1))
    cache.unpack("book", 100, calls.append)
    assert len(calls) == 2


def test_a_full_disk_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"in the way")
    cache = PageCache(tmp_path / "cache", 1000)
    cache.write("book", "1", b"page")
    cache.make_room()


def test_a_folder_that_somebody_deleted_is_made_again(tmp_path: Path) -> None:
    cache = PageCache(tmp_path / "cache", 1000)
    cache.write("book", "1", b"page")
    shutil.rmtree(tmp_path / "cache")
    assert cache.read("book", "1") is None
    cache.make_room()
    cache.write("book", "1", b"page")
    assert cache.read("book", "1") == b"page"

import os
from pathlib import Path

import pytest

from kiremisu.lib.errors import Unavailable
from library import disk
from library.disk import Found, Walk
from tests import files

pytestmark = pytest.mark.quick


def paths(root: Path) -> list[str]:
    return [found.path for found in Walk(str(root))]


def touch(*places: Path) -> None:
    for place in places:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"x")


def test_books_come_folder_by_folder_in_the_order_of_names(tmp_path: Path) -> None:
    touch(tmp_path / "b/2.cbz", tmp_path / "b/1.cbz", tmp_path / "a/x.pdf", tmp_path / "z.cbr")
    assert paths(tmp_path) == ["z.cbr", "a/x.pdf", "b/1.cbz", "b/2.cbz"]


def test_a_folder_of_images_is_a_book(tmp_path: Path) -> None:
    files.make_folder(tmp_path / "Title/Chapter 1", {"1.png": b"12345", "2.png": b"123"})
    (found,) = Walk(str(tmp_path))
    assert (found.path, found.size) == ("Title/Chapter 1", 8)


def test_a_folder_that_is_called_like_a_book_is_one_of_pages(tmp_path: Path) -> None:
    touch(tmp_path / "a.cbz/1.jpg", tmp_path / "a.cbz/2.jpg")
    assert paths(tmp_path) == ["a.cbz"]


def test_a_folders_time_is_that_of_its_newest_image(tmp_path: Path) -> None:
    folder = files.make_folder(tmp_path / "c", {"1.png": b"1", "2.png": b"2"})
    os.utime(folder, (5, 5))
    os.utime(folder / "1.png", (9, 9))
    os.utime(folder / "2.png", (7, 7))
    (found,) = Walk(str(tmp_path))
    assert found.mtime_ns == 9 * 10**9


def test_the_root_may_be_such_a_book_itself(tmp_path: Path) -> None:
    touch(tmp_path / "1.jpg")
    assert paths(tmp_path) == ["."]


def test_images_beside_books_are_no_book(tmp_path: Path) -> None:
    touch(tmp_path / "t/1.jpg", tmp_path / "t/v01.cbz")
    assert paths(tmp_path) == ["t/v01.cbz"]


def test_a_cover_alone_is_no_book(tmp_path: Path) -> None:
    touch(tmp_path / "t/cover.jpg", tmp_path / "t/Poster.png", tmp_path / "t/v/1.cbz")
    assert paths(tmp_path) == ["t/v/1.cbz"]


@pytest.mark.parametrize(
    "name",
    [".hidden.cbz", "._a.cbz", "x.cbz.part", "x.cbz.!qB", "x.cbz.crdownload", "~x.cbz.tmp"],
)
def test_unfinished_and_hidden_files_are_left_out(tmp_path: Path, name: str) -> None:
    touch(tmp_path / name, tmp_path / "good.cbz")
    assert paths(tmp_path) == ["good.cbz"]


@pytest.mark.parametrize("name", ["@eaDir", "__MACOSX", ".trash", "$RECYCLE.BIN"])
def test_litter_folders_are_not_entered(tmp_path: Path, name: str) -> None:
    touch(tmp_path / name / "a.cbz")
    assert paths(tmp_path) == []


def test_links_are_not_followed_and_loops_end(tmp_path: Path) -> None:
    touch(tmp_path / "out/secret.cbz", tmp_path / "in/ok.cbz")
    (tmp_path / "in/escape").symlink_to(tmp_path / "out")
    (tmp_path / "in/self").symlink_to(".")
    (tmp_path / "in/link.cbz").symlink_to(tmp_path / "out/secret.cbz")
    walk = Walk(str(tmp_path / "in"))
    assert [found.path for found in walk] == ["ok.cbz"]
    assert walk.left_out == 3


def test_a_pipe_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.cbz")
    walk = Walk(str(tmp_path))
    assert list(walk) == []
    assert walk.left_out == 1


def test_names_that_are_no_utf8_are_storable(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.cbz"))).write_bytes(b"x")
    (found,) = Walk(str(tmp_path))
    assert found.path == "caf\uf7e9.cbz"
    assert Walk(str(tmp_path)).at(found.path) == found


def test_a_folder_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path / "shut/a.cbz", tmp_path / "open/b.cbz")
    scandir = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("shut"):
            raise PermissionError(13, "no")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    walk = Walk(str(tmp_path))
    assert [found.path for found in walk] == ["open/b.cbz"]
    assert walk.unreadable == {"shut": "no_permission"}


def test_a_root_that_is_away_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be read") as refused:
        list(Walk(str(tmp_path / "nowhere")))
    # Readers see it as the scan's error: where the folder lies is not their business.
    assert str(tmp_path) not in refused.value.detail
    touch(tmp_path / "file")
    with pytest.raises(Unavailable):
        disk.identity(str(tmp_path / "file"))


def test_a_root_that_fails_in_the_middle_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(path: str) -> object:
        raise OSError(5, "input/output error")

    monkeypatch.setattr(os, "scandir", failing)
    with pytest.raises(Unavailable):
        list(Walk(str(tmp_path)))


def test_a_root_replaced_during_the_walk_is_unavailable(tmp_path: Path) -> None:
    touch(tmp_path / "r/a.cbz")
    walk = iter(Walk(str(tmp_path / "r")))
    next(walk)
    (tmp_path / "r").rename(tmp_path / "old")
    (tmp_path / "r").mkdir()
    with pytest.raises(Unavailable, match="replaced"):
        list(walk)


class Entry:
    """A directory entry whose disk says what the test wants."""

    name = "a.cbz"

    def __init__(self, failure: OSError) -> None:
        self.failure = failure

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        raise self.failure


def test_a_file_that_vanished_is_not_there(tmp_path: Path) -> None:
    walk = Walk(str(tmp_path))
    assert walk._stat("a.cbz", Entry(FileNotFoundError(2, ""))) is None  # type: ignore[arg-type]
    assert walk.unreadable == {}


def test_a_file_that_fails_is_named(tmp_path: Path) -> None:
    walk = Walk(str(tmp_path))
    assert walk._stat("a.cbz", Entry(OSError(5, ""))) is None  # type: ignore[arg-type]
    assert walk.unreadable == {"a.cbz": "unreadable"}


def test_a_folder_whose_images_all_vanished_is_no_book(tmp_path: Path) -> None:
    gone = Entry(FileNotFoundError(2, ""))
    assert Walk(str(tmp_path))._folder_of("x", [gone]) is None  # type: ignore[list-item]


def test_a_folder_that_vanished_is_named(tmp_path: Path) -> None:
    touch(tmp_path / "1.jpg")
    with os.scandir(tmp_path) as entries:
        images = list(entries)
    walk = Walk(str(tmp_path))
    assert walk._folder_of("nowhere", images) is None
    assert walk.unreadable == {"nowhere": "gone"}


def test_looking_again_sees_what_the_walk_saw(tmp_path: Path) -> None:
    touch(tmp_path / "a.cbz", tmp_path / "c/1.jpg", tmp_path / "empty/x.txt")
    walk = Walk(str(tmp_path))
    assert [walk.at(found.path) for found in Walk(str(tmp_path))] == list(Walk(str(tmp_path)))
    assert walk.at("nowhere.cbz") is None
    assert walk.at("empty") is None


def test_looking_again_at_the_root(tmp_path: Path) -> None:
    touch(tmp_path / "1.jpg")
    assert Walk(str(tmp_path)).at(".") == next(iter(Walk(str(tmp_path))))


def test_below_is_compared_part_by_part() -> None:
    assert disk.is_within("Batman/a.cbz", {"Batman"})
    assert disk.is_within("Batman", {"Batman"})
    assert not disk.is_within("Batman Beyond/a.cbz", {"Batman"})
    assert not disk.is_within("a.cbz", set())


def test_a_found_book_is_a_plain_tuple() -> None:
    assert Found("a", 1, 2) == ("a", 1, 2)


def beside(root: Path) -> dict[str, list[str]]:
    walk = Walk(str(root))
    list(walk)
    return {each.found.path: each.books for each in walk.beside}


def test_what_tells_of_books_is_found_with_the_first_and_the_last_of_them(tmp_path: Path) -> None:
    for name in ("Tide/series.json", "Tide/a.cbz", "Tide/b/b.cbz", "Tide/c/c.cbz", "d/d.cbz"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "Details.JSON").write_bytes(b"x")
    (tmp_path / "Tide/Cover.jpg").write_bytes(b"x")
    (tmp_path / "Tide/cover.png").write_bytes(b"x")
    (tmp_path / "e").mkdir()
    (tmp_path / "e/ComicInfo.xml").write_bytes(b"x")
    assert beside(tmp_path) == {
        "Tide/series.json": ["Tide/a.cbz", "Tide/c/c.cbz"],
        "Tide/Cover.jpg": ["Tide/a.cbz", "Tide/c/c.cbz"],
        "Details.JSON": ["Tide/a.cbz", "d/d.cbz"],
        "e/ComicInfo.xml": [],
    }


def test_in_a_folder_of_pages_its_comicinfo_is_part_of_the_book(tmp_path: Path) -> None:
    files.make_folder(tmp_path / "Chapter 1", {"1.png": files.image(1), "details.json": b"{}"})
    (before,) = Walk(str(tmp_path))
    (tmp_path / "Chapter 1/ComicInfo.xml").write_bytes(b"<ComicInfo/>")
    (after,) = Walk(str(tmp_path))
    assert after.size == before.size + len(b"<ComicInfo/>")
    assert Walk(str(tmp_path)).at("Chapter 1") == after
    assert beside(tmp_path) == {"Chapter 1/details.json": ["Chapter 1"]}

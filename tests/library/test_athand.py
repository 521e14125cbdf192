"""Books kept open: what is in memory is there at once, and never of another file."""

import errno
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiremisu.lib.ids import uuid7
from library import athand, serving
from library.archives import open_book
from library.athand import AtHand
from library.books import Book
from tests.files import image, make_folder, make_rar, make_tar, make_zip

LONG = {"001.png": image(1) + bytes(250_000), "002.png": image(2)}
MAKERS: dict[str, Callable[[Path], Path]] = {
    "stored.cbz": lambda path: make_zip(path, LONG),
    "deflated.cbz": lambda path: make_zip(path, LONG, zipfile.ZIP_DEFLATED),
    "pages.cbt": lambda path: make_tar(path, LONG),
    "stored.cbr": lambda path: make_rar(path, LONG),
}


def indexed(path: Path) -> Book:
    listing, now = open_book(str(path)), path.stat()
    where = (str(path), listing.format, now.st_size, now.st_mtime_ns)
    return Book(uuid7(), "key", *where, tuple(listing.pages))


@pytest.fixture
def at_hand() -> Iterator[AtHand]:
    at_hand = AtHand(most=2)
    yield at_hand
    at_hand.close()


def kept(at_hand: AtHand, path: Path) -> Book:
    book = indexed(path)
    at_hand.keep(book, athand.opened(book))
    return book


@pytest.mark.parametrize("name", MAKERS)
def test_a_page_is_what_a_thread_would_have_read(
    tmp_path: Path, at_hand: AtHand, name: str
) -> None:
    book = kept(at_hand, MAKERS[name](tmp_path / name))
    for number in (1, 2):
        piece, same = at_hand.page(book, number, gzip=True), serving.direct(book, number, gzip=True)
        assert piece is not None
        assert b"".join(piece.parts) == b"".join(same.parts)
        assert (piece.media_type, piece.zipped) == (same.media_type, same.zipped)
    assert at_hand.is_current(book)


def test_what_must_be_unpacked_is_left_to_threads(tmp_path: Path, at_hand: AtHand) -> None:
    book = kept(at_hand, MAKERS["deflated.cbz"](tmp_path / "a.cbz"))
    assert at_hand.page(book, 1, gzip=False) is None
    assert at_hand.page(book, 1, gzip=True)


def test_what_is_on_the_disk_alone_is_left_to_threads(
    tmp_path: Path, at_hand: AtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = kept(at_hand, make_zip(tmp_path / "a.cbz"))

    def would_wait(*_: object) -> int:
        raise BlockingIOError

    with monkeypatch.context() as patch:
        patch.setattr(os, "preadv", would_wait)
        assert at_hand.page(book, 1, gzip=True) is None
    assert at_hand.page(book, 1, gzip=True)


def test_where_the_system_cannot_say_so_the_book_is_left_to_threads(
    tmp_path: Path, at_hand: AtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = kept(at_hand, make_zip(tmp_path / "a.cbz"))

    def not_here(*_: object) -> int:
        raise OSError(errno.EOPNOTSUPP, "not here")

    monkeypatch.setattr(os, "preadv", not_here)
    assert at_hand.page(book, 1, gzip=True) is None
    assert at_hand.knows(book)
    assert open_files(tmp_path) == set()


def test_a_file_that_changes_while_it_is_opened_stays_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = indexed(make_zip(tmp_path / "a.cbz"))
    really = os.dup

    def changing(descriptor: int) -> int:
        other(Path(book.path))
        return really(descriptor)

    monkeypatch.setattr(os, "dup", changing)
    with pytest.raises(serving.Changed):
        athand.opened(book)
    assert open_files(tmp_path) == set()


def other(path: Path) -> None:
    make_zip(path.with_suffix(".new"), {"001.png": image(7)}).replace(path)


def twin(path: Path) -> None:
    """As large and as old as the one that it replaces."""
    then = path.stat()
    path.with_suffix(".new").write_bytes(path.read_bytes()[::-1])
    os.utime(path.with_suffix(".new"), ns=(then.st_atime_ns, then.st_mtime_ns))
    path.with_suffix(".new").replace(path)


@pytest.mark.parametrize(
    "change",
    [
        other,
        twin,
        Path.unlink,
        lambda path: path.rename(path.with_suffix(".gone")),
        lambda path: path.write_bytes(path.read_bytes()[:200]),
        lambda path: path.write_bytes(bytes(path.stat().st_size)),
    ],
)
def test_a_file_that_was_touched_is_let_go(
    tmp_path: Path, at_hand: AtHand, change: Callable[[Path], object]
) -> None:
    book = kept(at_hand, make_zip(tmp_path / "a.cbz"))
    assert at_hand.page(book, 1, gzip=True)
    change(Path(book.path))
    assert at_hand.page(book, 1, gzip=True) is None
    assert not at_hand.knows(book)
    assert not at_hand.is_current(book)


def test_a_deflated_page_that_is_garbage_now_is_let_go(tmp_path: Path, at_hand: AtHand) -> None:
    book = kept(at_hand, MAKERS["deflated.cbz"](tmp_path / "a.cbz"))
    with open(book.path, "r+b") as file:
        file.seek(37)  # where the page begins
        file.write(b"\xff" * 200)
    assert at_hand.page(book, 1, gzip=True) is None
    assert not at_hand.knows(book)


def test_a_book_indexed_anew_is_opened_anew(tmp_path: Path, at_hand: AtHand) -> None:
    kept(at_hand, make_zip(tmp_path / "a.cbz"))
    other(tmp_path / "a.cbz")
    book = kept(at_hand, tmp_path / "a.cbz")
    piece = at_hand.page(book, 1, gzip=True)
    assert piece is not None
    assert b"".join(piece.parts) == image(7)


def test_a_book_on_a_far_file_system_is_left_to_threads(
    tmp_path: Path, at_hand: AtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("library.mounts.is_far_away", lambda _: True)
    book = kept(at_hand, make_zip(tmp_path / "a.cbz"))
    assert at_hand.knows(book)
    assert at_hand.page(book, 1, gzip=True) is None
    assert not at_hand.is_current(book)


def test_a_folder_is_left_to_threads(tmp_path: Path) -> None:
    assert athand.opened(indexed(make_folder(tmp_path / "a"))) is None


def open_files(folder: Path) -> set[str]:
    links = (Path("/proc/self/fd") / name for name in os.listdir("/proc/self/fd"))
    return {Path(one).name for link in links if (one := read(link)).startswith(str(folder))}


def read(link: Path) -> str:
    try:
        return str(link.readlink())
    except FileNotFoundError:
        return ""


def test_no_more_than_a_few_are_open_those_read_last(tmp_path: Path, at_hand: AtHand) -> None:
    first, second = (kept(at_hand, make_zip(tmp_path / name)) for name in ("a.cbz", "b.cbz"))
    assert at_hand.page(first, 1, gzip=True)
    kept(at_hand, make_zip(tmp_path / "c.cbz"))
    assert not at_hand.knows(second)
    assert open_files(tmp_path) == {"a.cbz", "c.cbz"}


def test_a_book_that_nobody_reads_is_closed(
    tmp_path: Path, at_hand: AtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(at_hand, make_zip(tmp_path / "a.cbz"))
    at_hand.close_idle()
    assert open_files(tmp_path) == {"a.cbz"}
    monkeypatch.setattr(athand, "IDLE", -1.0)
    at_hand.close_idle()
    assert open_files(tmp_path) == set()
    assert len(at_hand) == 0

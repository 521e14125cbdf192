"""What is opened at all, and how failures are told."""

import errno
import lzma
import os
import socket
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from library.archives import CODES, open_book, read_page
from library.archives.codes import named_failures
from library.archives.opening import at_most, opened
from tests.archives import code_of
from tests.files import image, make_pdf, make_rar, make_tar, make_zip, pages

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ("name", "make", "form"),
    [
        ("zip.cbr", make_zip, "zip"),
        ("rar.cbz", make_rar, "rar"),
        ("tar.pdf", make_tar, "tar"),
        ("pdf.cbz", make_pdf, "pdf"),
        ("zip", make_zip, "zip"),
    ],
)
def test_a_book_is_recognised_by_its_content(
    tmp_path: Path, name: str, make: Callable[[Path], Path], form: str
) -> None:
    found = open_book(str(make(tmp_path / name)))
    assert (found.format, len(found.pages)) == (form, 3)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"<!doctype html><title>502</title>", "not_an_archive"),
        (b"hello\n" * 100, "not_an_archive"),
        (bytes(4096), "not_an_archive"),
    ],
)
def test_what_is_no_book_is_named(tmp_path: Path, content: bytes, code: str) -> None:
    file = tmp_path / "book.cbz"
    file.write_bytes(content)
    assert code_of(open_book, str(file)) == code


def test_a_pipe_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "book.cbz")
    assert code_of(open_book, str(tmp_path / "book.cbz")) == "not_a_file"


def test_a_socket_is_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("book.cbz")
        assert code_of(open_book, str(tmp_path / "book.cbz")) == "not_a_file"


def test_a_device_is_never_opened() -> None:
    assert code_of(open_book, "/dev/zero") == "not_a_file"


def test_a_sparse_file_of_gigabytes_is_refused_without_reading_it(tmp_path: Path) -> None:
    with open(tmp_path / "book.cbz", "wb") as file:
        file.truncate(6 << 30)
    assert code_of(open_book, str(tmp_path / "book.cbz")) == "not_an_archive"


@pytest.mark.parametrize("path", ["no such file", "x" * 5000, "nul\0inside"])
def test_a_path_to_nothing_is_an_error_with_a_code(tmp_path: Path, path: str) -> None:
    assert code_of(open_book, str(tmp_path / path)) in {"gone", "unreadable", "damaged"}


def test_a_dangling_link_is_gone(tmp_path: Path) -> None:
    (tmp_path / "book.cbz").symlink_to("nothing")
    assert code_of(open_book, str(tmp_path / "book.cbz")) == "gone"


def test_links_in_a_circle_are_no_book(tmp_path: Path) -> None:
    (tmp_path / "book.cbz").symlink_to("book.cbz")
    assert code_of(open_book, str(tmp_path / "book.cbz")) == "link"


def test_a_file_swapped_for_a_pipe_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = make_zip(tmp_path / "book.cbz")
    os.mkfifo(tmp_path / "pipe")
    real = os.open
    monkeypatch.setattr(os, "open", lambda _path, flags: real(tmp_path / "pipe", flags))
    assert code_of(open_book, str(file)) == "not_a_file"


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (FileNotFoundError(errno.ENOENT, ""), "gone"),
        (PermissionError(errno.EACCES, ""), "no_permission"),
        (OSError(errno.EIO, ""), "unreadable"),
        (OSError("no number"), "unreadable"),
        (struct.error(), "damaged"),
        (zlib.error(), "damaged"),
        (lzma.LZMAError(), "damaged"),
        (EOFError(), "damaged"),
        (UnicodeDecodeError("utf-8", b"", 0, 1, ""), "damaged"),
        (OverflowError(), "damaged"),
        (IndexError(), "damaged"),
        (KeyError(), "damaged"),
        (RecursionError(), "damaged"),
        (MemoryError(), "too_large"),
    ],
)
def test_every_failure_of_reading_has_a_code(failure: Exception, code: str) -> None:
    def fail() -> None:
        with named_failures():
            raise failure

    assert code_of(fail) == code


def test_every_code_has_a_sentence() -> None:
    assert all(sentence.endswith(".") and code.islower() for code, sentence in CODES.items())


def test_short_reads_are_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = make_zip(tmp_path / "book.cbz")
    real = os.pread
    monkeypatch.setattr(os, "pread", lambda fd, length, at: real(fd, min(length, 7), at))
    with opened(str(file)) as (descriptor, size):
        assert at_most(descriptor, size + 10, 0) == file.read_bytes()


def test_reading_leaves_nothing_open(tmp_path: Path) -> None:
    file = make_zip(tmp_path / "book.cbz", {"1.png": b"no image", "2.png": image()})
    before = len(os.listdir("/dev/fd"))
    found = open_book(str(file))
    code_of(read_page, str(file), "zip", found.pages, 1)
    assert len(os.listdir("/dev/fd")) == before


def test_the_library_is_never_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, opened, how = make_zip(tmp_path / "book.cbz", pages(2)), os.open, list[int]()
    before = (file.read_bytes(), file.stat().st_mtime_ns, os.listdir(tmp_path))

    def noting(path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        how.append(flags & os.O_ACCMODE)
        return opened(path, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", noting)
    read_page(str(file), "zip", open_book(str(file)).pages, 1)
    assert set(how) == {os.O_RDONLY}
    assert (file.read_bytes(), file.stat().st_mtime_ns, os.listdir(tmp_path)) == before

"""What lies within books and tells of them, in every format."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pymupdf
import pytest

from library import archives
from library.archives import open_book
from library.sidecars import Misread, Told, told_inside
from tests.files import (
    Members,
    make_7z,
    make_folder,
    make_pdf,
    make_rar,
    make_tar,
    make_zip,
    pages,
)
from tests.library.sidecars.table import info

TIDES = info("<Title>Tides</Title>")


def told(book: Path) -> Told | None:
    return told_inside(str(book), open_book(str(book)))


def title(book: Path) -> str:
    found = told(book)
    return found.about.title if found else ""


@pytest.mark.quick
@pytest.mark.parametrize("make", [make_zip, make_tar, make_rar, make_7z, make_folder])
def test_a_comicinfo_is_found_in_every_format(
    tmp_path: Path, make: Callable[[Path, Members], Path]
) -> None:
    assert title(make(tmp_path / "a.cb", {**pages(), "comicinfo.XML": TIDES})) == "Tides"


@pytest.mark.quick
def test_the_one_that_lies_least_deep_counts(tmp_path: Path) -> None:
    inner = {"old/ComicInfo.xml": info("<Title>Old</Title>")}
    assert title(make_zip(tmp_path / "a.cbz", {**inner, **pages()})) == "Old"
    both = {**inner, **pages(), "ComicInfo.xml": TIDES}
    assert title(make_zip(tmp_path / "b.cbz", both)) == "Tides"


@pytest.mark.quick
def test_a_book_without_one_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = make_zip(tmp_path / "a.cbz", {**pages(), "__MACOSX/._ComicInfo.xml": b"x"})
    found = open_book(str(book))
    monkeypatch.setattr(archives.reading, "opened", None)
    assert told_inside(str(book), found) is None


@pytest.mark.quick
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"<ComicInfo>", "not_xml"),
        (info(f"<Summary>{'A' * (2 << 20)}</Summary>"), "too_large"),
    ],
)
def test_one_that_cannot_be_read_is_named(tmp_path: Path, data: bytes, code: str) -> None:
    book = make_zip(tmp_path / "a.cbz", {**pages(), "ComicInfo.xml": data}, 8)
    with pytest.raises(Misread) as caught:
        told(book)
    assert caught.value.code == code
    assert len(open_book(str(book)).pages) == 3


@pytest.mark.quick
def test_a_damaged_one_is_named(tmp_path: Path) -> None:
    book = make_zip(tmp_path / "a.cbz", {**pages(), "ComicInfo.xml": TIDES})
    book.write_bytes(book.read_bytes().replace(b"<Title>Tides", b"<Title>Tidex"))
    with pytest.raises(Misread) as caught:
        told(book)
    assert (caught.value.code, "damaged" in caught.value.detail) == ("packed_badly", True)


def test_a_pdf_tells_its_title_and_author(tmp_path: Path) -> None:
    plain = make_pdf(tmp_path / "plain.pdf")
    document: Any = pymupdf.open(plain)  # type: ignore[no-untyped-call] # it is half typed
    with document:
        document.set_metadata({"title": "Salt Road, Vol. 3", "author": "Mina Tide"})
        document.save(tmp_path / "named.pdf")
    found = told(tmp_path / "named.pdf")
    assert found is not None
    assert (found.about.volume, found.facts["people"][0]["name"]) == ("3", "Mina Tide")
    assert told(plain) is None

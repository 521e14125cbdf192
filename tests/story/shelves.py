"""The folders of the story: one long series to scan, and a book of every kind."""

import zipfile
from pathlib import Path

from tests.files import (
    EXTENSIONS,
    image,
    make_7z,
    make_folder,
    make_pdf,
    make_rar,
    make_tar,
    make_zip,
    pages,
)

PAGE = (420, 600)


def long_shelf(root: Path, series: int = 60, chapters: int = 20) -> int:
    """Many small chapters, so that a scan takes a while. Returns how many."""
    for work in range(series):
        folder = root / f"Copper Lantern {work:03}"
        folder.mkdir(parents=True)
        for number in range(1, chapters + 1):
            one = image(work * 7 + number, size=(40 + work, 60 + number))
            make_zip(folder / f"Copper Lantern {work:03} c{number:03}.cbz", {"1.png": one})
    return series * chapters


def story(root: Path) -> None:
    """Two chapters of twelve upright pages."""
    folder = root / "Salt Road Diary"
    folder.mkdir(parents=True)
    for number in (1, 2):
        members = pages(12, size=PAGE, first=number * 12)
        make_zip(folder / f"Salt Road Diary c{number:03}.cbz", members)


def every_kind(root: Path) -> dict[str, int]:
    """A series whose chapters are of every format and whose pages are of every type.

    Returns the kinds in the order of their chapters, each with its number of pages.
    """
    folder = root / "Orbit Kitchen"
    folder.mkdir(parents=True)
    files = (folder / f"Orbit Kitchen c{number:03}" for number in range(1, 20))
    kinds = {
        "stored": make_zip(next(files).with_suffix(".cbz"), _pages(1)),
        "deflated": make_zip(next(files).with_suffix(".cbz"), _pages(2), zipfile.ZIP_DEFLATED),
        "rar": make_rar(next(files).with_suffix(".cbr"), _pages(3), version=5),
        "solid 7z": make_7z(next(files).with_suffix(".cb7"), _pages(4)),
        "tar": make_tar(next(files).with_suffix(".cbt"), _pages(5)),
        "pdf": make_pdf(next(files).with_suffix(".pdf"), 4),
        "folder": make_folder(next(files), _pages(6)),
    }
    for at, kind in enumerate(EXTENSIONS):
        kinds[kind] = make_zip(next(files).with_suffix(".cbz"), _pages(20 + at, kind))
    return dict.fromkeys(kinds, 4)


def _pages(seed: int, kind: str = "PNG") -> dict[str, bytes]:
    return pages(4, kind, PAGE, first=seed * 11)

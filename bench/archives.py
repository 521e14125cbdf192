"""How fast books are listed, measured and read, by format.

    bench/archives.py [times]

Each kind of book has 20 JPEG pages of about 100 KB. Prints a table of milliseconds and, last,
one JSON line.
"""

import json
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from library.archives import measure, open_book, read_page  # noqa: E402 (path set above)
from tests import files  # noqa: E402

_PAGES = 20
_DEAR = {"7z", "pdf"}  # a child process for each answer: fewer rounds


def made(folder: Path) -> dict[str, Path]:
    """One book of each kind."""
    random = Random(1)
    pages = {
        f"{number:03}.jpg": files.image(number, "JPEG", (1200, 1800)) + random.randbytes(80_000)
        for number in range(1, _PAGES + 1)
    }
    return {
        "zip, stored": files.make_zip(folder / "1.cbz", pages),
        "zip, deflated": files.make_zip(folder / "2.cbz", pages, zipfile.ZIP_DEFLATED),
        "tar": files.make_tar(folder / "3.cbt", pages),
        "rar, stored": files.make_rar(folder / "4.cbr", pages),
        "7z, solid": files.make_7z(folder / "5.cb7", pages),
        "folder": files.make_folder(folder / "6", pages),
        "pdf": files.make_pdf(folder / "7.pdf", _PAGES),
    }


def milliseconds(times: int, call: Callable[[int], object]) -> float:
    """The mean of so many calls, after one that warms up."""
    call(0)
    started = perf_counter()
    for turn in range(times):
        call(turn)
    return (perf_counter() - started) * 1000 / times


def timed(book: Path, times: int) -> tuple[float, float, float]:
    """Milliseconds to list the book, to measure a page and to read one."""
    path = str(book)
    listing = open_book(path)
    form, pages = listing.format, listing.pages
    times = max(times // 50, 5) if form in _DEAR else times
    return (
        milliseconds(times, lambda _: open_book(path)),
        milliseconds(times, lambda turn: measure(path, form, pages, turn % _PAGES + 1)),
        milliseconds(times, lambda turn: read_page(path, form, pages, turn % _PAGES + 1)),
    )


def main(times: int) -> None:
    results = {}
    print(f"{'':16}{'list':>10}{'measure':>10}{'read':>10}   ms")
    with tempfile.TemporaryDirectory() as folder:
        for kind, book in made(Path(folder)).items():
            listed, measured, read = timed(book, times)
            results[kind] = {"list": listed, "measure": measured, "read": read}
            print(f"{kind:16}{listed:10.3f}{measured:10.3f}{read:10.3f}")
    print(json.dumps(results))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)

"""PDF, opened and drawn in a bounded child process."""

import io
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from PIL import Image

from kiremisu.lib.children import ChildFailed, Reason
from library.archives import (
    Limits,
    measure,
    open_book,
    page_texts,
    pdfs,
    read_page,
    render_page,
    rendering,
)
from library.archives.pdfs import fitted
from tests.archives import code_of
from tests.files import make_pdf

pytestmark = pytest.mark.quick

AES: int = vars(pymupdf)["PDF_ENCRYPT_AES_256"]  # its types do not know it
USER_LOCKED: dict[str, Any] = {"encryption": AES, "user_pw": "u", "owner_pw": "o"}
OWNER_LOCKED: dict[str, Any] = {"encryption": AES, "user_pw": "", "owner_pw": "o"}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "book.pdf"


def size_of(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.format == "JPEG"
        return picture.size


def test_pages_and_their_sizes_are_known_from_the_boxes(book: Path) -> None:
    found = open_book(str(make_pdf(book, 2, (800, 400))))
    assert (found.format, found.skipped) == ("pdf", 0)
    assert [(page.width, page.height) for page in found.pages] == [(1600, 800)] * 2
    assert measure(str(book), "pdf", found.pages, 2) == found.pages[1]


def test_a_page_is_drawn_in_the_size_that_was_listed(book: Path) -> None:
    found = open_book(str(make_pdf(book)))
    page = found.pages[2]
    assert size_of(read_page(str(book), "pdf", found.pages, 3)) == (page.width, page.height)


@pytest.mark.parametrize(("width", "size"), [(150, (150, 200)), (9000, (3000, 4000))])
def test_a_page_is_drawn_as_wide_as_asked_within_the_limit(
    book: Path, width: int, size: tuple[int, int]
) -> None:
    found = open_book(str(make_pdf(book, 1, (300, 400))))
    assert size_of(render_page(str(book), found.pages, 1, width)) == size


def test_a_page_of_unknown_size_is_drawn_all_the_same(book: Path) -> None:
    found = open_book(str(make_pdf(book)))
    unknown = [page._replace(width=None, height=None) for page in found.pages]
    assert size_of(read_page(str(book), "pdf", unknown, 1))[0] == 1600


@pytest.mark.parametrize(
    ("box", "size"),
    [
        ((240, 340), (1600, 2267)),
        ((1_000_000, 1_000_000), (1600, 1600)),
        ((1, 10_000), (1, 4000)),
        ((0, 0), (1600, 1600)),
    ],
)
def test_a_picture_fits_its_limits(box: tuple[float, float], size: tuple[int, int]) -> None:
    assert fitted(*box, 1600, 4000) == size


def test_a_password_locks_and_an_owners_alone_does_not(tmp_path: Path) -> None:
    locked = make_pdf(tmp_path / "1.pdf", **USER_LOCKED)
    assert code_of(open_book, str(locked)) == "locked"
    assert len(open_book(str(make_pdf(tmp_path / "2.pdf", **OWNER_LOCKED))).pages) == 3


def test_a_book_with_damaged_references_is_repaired_in_memory(book: Path) -> None:
    broken = make_pdf(book).read_bytes().replace(b"startxref", b"startxxxx")
    book.write_bytes(broken)
    found = open_book(str(book))
    assert read_page(str(book), "pdf", found.pages, 1)[:2] == b"\xff\xd8"
    assert book.read_bytes() == broken


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.7\n" + b"1 0 obj <<" * 100])
def test_no_pdf_behind_the_signature_is_damage(book: Path, content: bytes) -> None:
    book.write_bytes(content)
    assert code_of(open_book, str(book)) in {"damaged", "no_pages"}


def test_the_number_of_pages_is_bounded(book: Path) -> None:
    make_pdf(book, 3)
    assert len(open_book(str(book), Limits(pages=3)).pages) == 3
    assert code_of(open_book, str(book), Limits(pages=2)) == "too_many_pages"


def test_another_file_is_another_signature(tmp_path: Path) -> None:
    one, two = make_pdf(tmp_path / "1.pdf"), make_pdf(tmp_path / "2.pdf", 4)
    (tmp_path / "3.pdf").write_bytes(one.read_bytes())
    first, second, third = (
        open_book(str(path)).signature for path in (one, two, tmp_path / "3.pdf")
    )
    assert first == third != second


def test_a_path_from_where_one_stands_is_found_by_the_child(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_pdf(book)
    monkeypatch.chdir(book.parent)
    listing = open_book(book.name)
    assert read_page(book.name, "pdf", listing.pages, 1)
    assert page_texts(book.name, 1)


def test_a_name_that_is_no_utf8_is_no_obstacle(tmp_path: Path) -> None:
    make_pdf(tmp_path / "1.pdf").rename(tmp_path / "caf\udce9.pdf")
    path = str(tmp_path / "caf\udce9.pdf")
    assert read_page(path, "pdf", open_book(path).pages, 1)[:2] == b"\xff\xd8"


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("timed_out", "timed_out"),
        ("crashed", "crashed"),
        ("too_much", "too_large"),
        ("missing", "no_tool"),
    ],
)
def test_a_child_that_fails_is_an_error_with_a_code(
    book: Path, monkeypatch: pytest.MonkeyPatch, reason: Reason, code: str
) -> None:
    found = open_book(str(make_pdf(book)))

    def fail(*_: object, seconds: float) -> bytes:
        raise ChildFailed(reason)

    monkeypatch.setattr(pdfs._lister, "call", fail)
    monkeypatch.setattr(pdfs._painter, "call", fail)
    assert code_of(open_book, str(book)) == code
    assert code_of(read_page, str(book), "pdf", found.pages, 1) == code


# What runs in the child, looked at from outside it.


def test_the_child_lists_boxes_in_points(book: Path) -> None:
    said = json.loads(rendering.contents(str(make_pdf(book, 2, (240, 340))), 10))
    assert said["sizes"] == [[240, 340]] * 2


def test_the_child_draws_a_page(book: Path) -> None:
    assert size_of(rendering.picture(str(make_pdf(book)), 0, 100, 50)) == (100, 50)


def speaking_pdf(path: Path, *said: str) -> str:
    document: Any = pymupdf.open()  # type: ignore[no-untyped-call] # it is half typed
    with document:
        for words in said:
            document.new_page().insert_text((20, 40), words)
        document.save(path)
    return str(path)


def test_the_child_reads_what_pages_say_in_one_line_and_bounded(book: Path) -> None:
    path = speaking_pdf(book, "The lan-\ntern is lit.\n Who", "tends it?", "Nobody")
    asked = partial(rendering.texts, path, seconds=60)
    assert json.loads(asked(0, 2, 99)) == ["The lantern is lit. Who", "tends it?"]
    assert json.loads(asked(1, 9, 5)) == ["tends", "Nobod"]
    assert json.loads(asked(3, 9, 5)) == []


def test_the_child_that_takes_long_gives_what_it_has_read(book: Path) -> None:
    path = speaking_pdf(book, "The lantern", "is lit.")
    assert json.loads(rendering.texts(path, 0, 2, 99, seconds=-1)) == ["The lantern"]


def test_a_page_that_cannot_be_read_says_nothing_in_the_child() -> None:
    class Torn:
        def load_page(self, number: int) -> None:
            raise RuntimeError(number)

    assert rendering._text(Torn(), 1) == ""


@pytest.mark.parametrize(
    "ask", [lambda path: rendering.contents(path, 9), lambda path: rendering.picture(path, 0, 9, 9)]
)
def test_the_child_says_what_is_wrong(book: Path, ask: Callable[[str], bytes]) -> None:
    book.write_bytes(b"%PDF-1.7\nnothing")
    assert code_of(ask, str(book)) in {"damaged", "no_pages"}
    make_pdf(book, **USER_LOCKED)
    assert code_of(ask, str(book)) == "locked"
    book.unlink()
    assert code_of(ask, str(book)) == "gone"


def test_a_page_that_is_not_there_is_damage_in_the_child(book: Path) -> None:
    make_pdf(book)
    assert code_of(rendering.picture, str(book), 7, 9, 9) == "damaged"


def raw_pdf(*objects: bytes) -> bytes:
    """A PDF of these objects; MuPDF finds them without a table of references."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % each for each in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer << /Root 1 0 R >>\n%%EOF\n"


@pytest.mark.parametrize(
    ("tree", "code"),
    [
        (b"<< /Type /Pages /Kids [] /Count 0 >>", "no_pages"),
        (b"<< /Type /Pages /Kids [] /Count 5 >>", "damaged"),
        (b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 /Parent 2 0 R >>", "damaged"),
        (b"<< /Type /Pages /Kids [] /Count 1000000000 >>", "damaged"),
    ],
)
def test_a_page_tree_that_lies_comes_to_an_end(book: Path, tree: bytes, code: str) -> None:
    book.write_bytes(raw_pdf(b"<< /Type /Catalog /Pages 2 0 R >>", tree))
    assert code_of(open_book, str(book)) in {code, "no_pages"}
    assert code_of(rendering.contents, str(book), 100) in {code, "no_pages"}


def test_what_a_page_says_is_fit_to_store_and_bounded(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = json.dumps(["a\x00b\ud800c", "x" * 30_000]).encode()
    monkeypatch.setattr(pdfs._teller, "call", lambda *about, seconds: said)
    assert page_texts(str(book), 1) == ["abc", "x" * 20_000]


def test_a_file_that_is_none_says_nothing(book: Path) -> None:
    book.write_bytes(b"%PDF-1.7\n" * 50)
    assert code_of(lambda: page_texts(str(book), 1)) == "damaged"

"""Everything a browser may ask a server of the books of a library, and what is wrong with it."""

import io
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from kill import ask
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from kiremisu.lib.paths import on_disk  # noqa: E402 (path set above)
from library.images import SHOWN  # noqa: E402

LISTED = """
    SELECT c.id, c.series_id, c.path, c.format, c.problem, c.page_count, c.skipped, c.title,
        ARRAY(SELECT page->>'name' FROM jsonb_array_elements(i.pages->'pages') AS page)
    FROM library_chapter c LEFT JOIN library_pageindex i ON i.chapter_id = c.id ORDER BY c.path
"""
BROKEN = (zipfile.BadZipFile, zlib.error)
# What must be text where a book tells it: never markup of a page.
MARKUP = ("<img src=x onerror", "<script>alert", "<iframe srcdoc")


@dataclass
class Book:
    """A chapter as the database has it; `good` pages could be seen, `faults` are what is wrong."""

    id: str
    series: str
    path: str
    form: str
    problem: str
    page_count: int
    skipped: int
    title: str
    names: list[str]
    good: int = 0
    faults: list[str] = field(default_factory=list)


def listed(data: Path) -> list[Book]:
    return [Book(str(row[0]), str(row[1]), *row[2:]) for row in ask(data, LISTED)]  # type: ignore[arg-type] # as `LISTED` has them


class Answers:
    """A signed-in browser, and how often it was answered with which status."""

    def __init__(self, root: str, password: str) -> None:
        self.statuses = Counter[int]()
        self._client = httpx.Client(base_url=root, timeout=60)
        told = self._client.post(
            "/api/v1/auth/token", json={"username": "alice", "password": password}
        )
        self._bearer = {"Authorization": f"Bearer {told.json()['access']}"}

    def ask_all(self, book: Book, folder: Path) -> Book:
        """Ask for all there is of this book, and note in it how that went."""
        for path in (f"chapters/{book.id}", f"series/{book.series}/chapters"):
            self._get(book, f"/api/v1/{path}")
        self._get(book, f"/api/v1/series/{book.series}/cover", picture=True)
        pages = self._get(book, f"/api/v1/chapters/{book.id}/pages")
        held = (
            _held(Path(folder, on_disk(book.path)), book.form) if pages.status_code == 200 else []
        )
        for page in pages.json() if pages.status_code == 200 else []:
            answer = self._get(book, page["url"], picture=True)
            if answer.status_code == 200:
                book.good += 1
                if not _is_of(answer.content, held, book.form):
                    book.faults.append(f"page {page['number']} is not what lies in the file")
            small = f"/api/v1/chapters/{book.id}/pages/{page['number']}?width=320"
            self._get(book, small, picture=True)
        if not book.problem:
            self._file(book)
        return book

    def _get(self, book: Book, path: str, *, picture: bool = False) -> httpx.Response:
        answer = self._client.get(path, headers=self._bearer, follow_redirects=True)
        self.statuses[answer.status_code] += 1
        kind = answer.headers.get("content-type", "").partition(";")[0]
        wanted = SHOWN if picture else {"application/json"}
        if answer.status_code >= 400:
            wanted = {"application/problem+json"}
        if answer.status_code >= 500 or kind not in wanted:
            book.faults.append(f"{path.partition('?')[0]}: {answer.status_code}, {kind}")
        if answer.headers.get("x-content-type-options") != "nosniff":
            book.faults.append(f"{path.partition('?')[0]}: its type may be guessed")
        return answer

    def _file(self, book: Book) -> None:
        """The file is sent to be kept, not to be shown."""
        path = f"/api/v1/chapters/{book.id}/file"
        with self._client.stream(
            "GET", path, headers=self._bearer, follow_redirects=True
        ) as answer:
            self.statuses[answer.status_code] += 1
            kept = answer.headers.get("content-disposition", "").startswith("attachment")
            if answer.status_code >= 500 or (answer.status_code == 200 and not kept):
                book.faults.append(f"file: {answer.status_code}, kept: {kept}")


def _held(place: Path, form: str) -> list[bytes]:
    """The bytes that pages may be, by another reader than ours; the whole file where stored."""
    if form == "folder":
        return [each.read_bytes() for each in place.iterdir() if each.is_file()]
    if form == "zip":
        try:
            return [place.read_bytes(), *_entries(place)]
        except (UnicodeDecodeError, zipfile.BadZipFile):
            pass  # what that other reader cannot open may still be stored as it is
    return [] if form == "pdf" else [place.read_bytes()]


def _entries(place: Path) -> Iterator[bytes]:
    with zipfile.ZipFile(place) as book:
        for entry in book.infolist():
            try:
                if entry.file_size < 1 << 26:
                    yield book.read(entry)
            except (OSError, ValueError, NotImplementedError, RuntimeError, *BROKEN):
                continue


def _is_of(data: bytes, held: list[bytes], form: str) -> bool:
    """Whether a page is what the file holds; of a PDF's, whether it is a picture at all."""
    if form == "pdf":
        with Image.open(io.BytesIO(data)) as picture:
            picture.load()
        return True
    return any(data in whole for whole in held)

"""Pages made smaller, covers, and whole files behind their links."""

import asyncio
import io
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import LazySettings
from PIL import Image

from kiremisu.accounts.links import cover_url, file_url, page_url
from kiremisu.accounts.models import User
from library import covers, scaling, serving
from library.models import Content, Series
from reader.desk import Desk
from tests.files import image, make_7z, make_folder, make_pdf, make_tar, make_zip
from tests.reader.paging import fetch, get, make_book, together

pytestmark = pytest.mark.django_db(transaction=True)

BIG = {"1.png": image(1, size=(1000, 1500)), "2.jpg": image(2, "JPEG", size=(600, 900))}
MAKERS: dict[str, Callable[[Path], Path]] = {
    "a.cbz": lambda path: make_zip(path, BIG),
    "a.cbt": lambda path: make_tar(path, BIG),
    "a.cb7": lambda path: make_7z(path, BIG),
    "folder": lambda path: make_folder(path, BIG),
}


@pytest.fixture(autouse=True)
def _nothing_kept(settings: LazySettings, tmp_path_factory: pytest.TempPathFactory) -> None:
    settings.CACHE_DIR = tmp_path_factory.mktemp("cache")
    settings.COVERS_DIR = settings.CACHE_DIR / "covers"


def size_of(body: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(body)) as opened:
        return opened.size


@pytest.mark.parametrize("name", MAKERS)
def test_a_page_is_made_as_wide_as_asked(tmp_path: Path, bob: User, name: str) -> None:
    book = make_book(MAKERS[name](tmp_path / name))
    answer = get(page_url(bob, book.pk, 1, 240))
    assert answer.headers["content-type"] == "image/webp"
    assert size_of(answer.body) == (240, 360)


def test_a_page_is_never_made_wider(tmp_path: Path, bob: User) -> None:
    book = make_book(make_zip(tmp_path / "a.cbz", BIG))
    for _ in range(2):
        assert get(page_url(bob, book.pk, 2, 800)).body == BIG["2.jpg"]


def test_a_pdf_is_drawn_as_wide_as_asked(tmp_path: Path, bob: User) -> None:
    book = make_book(make_pdf(tmp_path / "a.pdf"))
    assert size_of(get(page_url(bob, book.pk, 1, 800)).body)[0] == 800


def test_what_moves_is_not_made_smaller(tmp_path: Path, bob: User) -> None:
    frames = [Image.new("RGB", (1000, 10), colour) for colour in ("red", "green")]
    made = io.BytesIO()
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:])
    book = make_book(make_zip(tmp_path / "a.cbz", {"1.gif": made.getvalue()}))
    assert get(page_url(bob, book.pk, 1, 240)).body == made.getvalue()


def test_a_long_strip_is_made_smaller(tmp_path: Path, bob: User) -> None:
    strip = image(1, "JPEG", size=(800, 60_000))
    book = make_book(make_zip(tmp_path / "a.cbz", {"1.jpg": strip}))
    assert size_of(get(page_url(bob, book.pk, 1, 240)).body) == (240, 18_000)


def test_a_picture_that_cannot_be_decoded_is_sent_as_it_is(tmp_path: Path, bob: User) -> None:
    broken = BIG["1.png"][:600]
    book = make_book(make_zip(tmp_path / "a.cbz", {"1.png": broken}))
    assert get(page_url(bob, book.pk, 1, 240)).body == broken


@pytest.mark.parametrize("query", ["width=801", "width=", "width=x", "w=800", "width=800&x=1"])
def test_other_widths_are_refused(tmp_path: Path, bob: User, query: str) -> None:
    book = make_book(make_zip(tmp_path / "a.cbz"))
    assert get(f"{page_url(bob, book.pk, 1)}?{query}").status == 422


def test_many_who_ask_at_once_have_it_made_once(
    tmp_path: Path, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    real = scaling.scaled
    monkeypatch.setattr(scaling, "scaled", lambda *given: made.append(1) or real(*given))
    url = page_url(bob, make_book(make_zip(tmp_path / "a.cbz", BIG)).pk, 1, 240)

    async def story() -> set[bytes]:
        return {answer.body for answer in await asyncio.gather(*(fetch(url) for _ in range(64)))}

    assert len(together(story)) == 1
    assert len(made) == 1


def test_who_looked_just_before_it_was_made_has_it_not_made_again(
    tmp_path: Path, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = page_url(bob, make_book(make_zip(tmp_path / "a.cbz", BIG)).pk, 1, 240)
    made = get(url).body
    monkeypatch.setattr(serving, "drawn", missed_once(serving.drawn))
    monkeypatch.setattr(scaling, "scaled", never)
    assert get(url).body == made


def missed_once[**P](look: Callable[P, bytes | None]) -> Callable[P, bytes | None]:
    """That look, which sees nothing the first time."""
    seen: list[None] = []

    def looked(*args: P.args, **kwargs: P.kwargs) -> bytes | None:
        found = look(*args, **kwargs) if seen else None
        seen.append(None)
        return found

    return looked


def never(*_: object) -> bytes:
    raise AssertionError("made again")


# ------------------------------------------------------------------------------ covers


def test_a_cover_made_by_another_meanwhile_is_not_made_again(
    tmp_path: Path, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = make_book(make_zip(tmp_path / "a.cbz", BIG)).content
    assert content is not None
    made = get(cover_url(bob, content.key, 200)).body
    monkeypatch.setattr(covers, "render", never)
    real = Desk.read
    gone = iter([FileNotFoundError()])

    async def read(desk: Desk, call: Callable[..., object], *args: object) -> object:
        for error in gone:
            raise error
        return await real(desk, call, *args)

    monkeypatch.setattr(Desk, "read", read)
    assert get(cover_url(bob, content.key, 200)).body == made


def test_a_cover_is_made_when_first_asked_for(tmp_path: Path, bob: User) -> None:
    content = make_book(make_zip(tmp_path / "a.cbz", BIG)).content
    assert content is not None
    answer = get(cover_url(bob, content.key, 200))
    assert answer.headers["content-type"] == "image/webp"
    assert size_of(answer.body) == (200, 300)
    content.refresh_from_db()
    assert (content.cover_state, content.cover_width) == ("ready", 600)


def test_a_cover_in_the_browser_is_not_sent_again(tmp_path: Path, bob: User) -> None:
    content = make_book(make_zip(tmp_path / "a.cbz", BIG)).content
    assert content is not None
    url = cover_url(bob, content.key, 400)
    answer = get(url, if_none_match=get(url).headers["etag"])
    assert (answer.status, answer.body) == (304, b"")


@pytest.mark.parametrize("name", [*MAKERS, "a.pdf"])
def test_a_picked_page_is_made_a_cover_when_asked_for_and_no_other_is(
    tmp_path: Path, bob: User, name: str
) -> None:
    book = make_book(MAKERS.get(name, make_pdf)(tmp_path / name))
    assert book.content
    Series.objects.update(cover=book.content, cover_page=2)
    answer = get(cover_url(bob, f"{book.content.key}-2", 200))
    assert (answer.status, size_of(answer.body)[0]) == (200, 200)
    assert get(cover_url(bob, f"{book.content.key}-1", 200)).status == 404
    book.content.refresh_from_db()
    assert book.content.cover_state == "pending"


def test_a_cover_that_could_not_be_made_is_not_there(tmp_path: Path, bob: User) -> None:
    content = make_book(make_zip(tmp_path / "a.cbz", BIG)).content
    assert content is not None
    Content.objects.update(cover_state="failed")
    assert get(cover_url(bob, content.key, 200)).status == 404


def test_a_cover_of_nothing_is_not_there(bob: User) -> None:
    assert get(cover_url(bob, "0" * 32, 200)).status == 404
    assert get(cover_url(bob, "0" * 32, 300)).status == 404


# ------------------------------------------------------------------------------- files


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return make_zip(tmp_path / "Čaj 01 (it's).cbz", {"1.png": image(1), "x.bin": bytes(600_000)})


def test_a_file_comes_as_it_is(file: Path, bob: User) -> None:
    answer = get(file_url(bob, make_book(file).pk))
    assert answer.status == 200
    assert answer.body == file.read_bytes()
    assert answer.headers["content-type"] == "application/vnd.comicbook+zip"
    assert quote(file.name, safe="") in answer.headers["content-disposition"]


def test_a_part_of_a_file(file: Path, bob: User) -> None:
    url = file_url(bob, make_book(file).pk)
    answer = get(url, range="bytes=1000-300999")
    assert (answer.status, answer.body) == (206, file.read_bytes()[1000:301_000])
    assert get(url, range="bytes=9999999-").status == 416
    assert get(url, range="bytes=1-2", if_range='"other"').status == 200


def test_head_of_a_file(file: Path, bob: User) -> None:
    answer = get(file_url(bob, make_book(file).pk), "HEAD")
    assert (answer.body, answer.headers["content-length"]) == (b"", str(file.stat().st_size))


def test_a_folder_is_no_file(tmp_path: Path, bob: User) -> None:
    assert get(file_url(bob, make_book(make_folder(tmp_path / "a")).pk)).status == 404

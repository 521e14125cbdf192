"""Pages behind signed links: the archive's own bytes, and nobody else's."""

import asyncio
import gzip
import os
import struct
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from kiremisu.accounts import access, links
from kiremisu.accounts.links import page_url
from kiremisu.accounts.models import User
from kiremisu.lib.notices import announce, wait_until_listening
from tests.factories import make_library
from tests.files import image, make_7z, make_folder, make_pdf, make_rar, make_tar, make_zip, pages
from tests.library.scanning.driving import Shelf
from tests.reader.paging import fetch, get, make_book, together

pytestmark = pytest.mark.django_db(transaction=True)

MAKERS: dict[str, Callable[[Path], Path]] = {
    "stored.cbz": make_zip,
    "deflated.cbz": lambda path: make_zip(path, method=zipfile.ZIP_DEFLATED),
    "bzip2.cbz": lambda path: make_zip(path, method=zipfile.ZIP_BZIP2),
    "pages.cbt": make_tar,
    "stored.cbr": make_rar,
    "solid.cb7": make_7z,
    "folder": make_folder,
}


@pytest.fixture(params=MAKERS)
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return MAKERS[request.param](tmp_path / request.param)


def test_a_page_is_the_archives_own_bytes(book: Path, bob: User) -> None:
    answer = get(page_url(bob, make_book(book).pk, 2))
    assert answer.status == 200
    assert answer.body == image(2)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-length"] == str(len(image(2)))


def test_head_tells_the_same_without_the_bytes(book: Path, bob: User) -> None:
    answer = get(page_url(bob, make_book(book).pk, 2), "HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["content-length"] == str(len(image(2)))


def test_a_page_not_there_is_not_found(book: Path, bob: User) -> None:
    assert get(page_url(bob, make_book(book).pk, 4)).status == 404


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    return make_zip(tmp_path / "a.cbz")


@pytest.fixture
def deflated(tmp_path: Path) -> Path:
    return make_zip(tmp_path / "a.cbz", method=zipfile.ZIP_DEFLATED)


def test_a_deflated_page_is_sent_as_it_lies_there(deflated: Path, bob: User) -> None:
    answer = get(page_url(bob, make_book(deflated).pk, 1), accept_encoding="br, gzip;q=0.8")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "accept-encoding"
    assert gzip.decompress(answer.body) == image(1)


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "gzip; q=0.000"])
def test_who_takes_no_gzip_gets_the_page_unpacked(deflated: Path, bob: User, accepted: str) -> None:
    answer = get(page_url(bob, make_book(deflated).pk, 1), accept_encoding=accepted)
    assert "content-encoding" not in answer.headers
    assert answer.headers["vary"] == "accept-encoding"
    assert answer.body == image(1)


def test_a_page_is_kept_by_its_reader_alone_until_the_link_ends(stored: Path, bob: User) -> None:
    headers = get(page_url(bob, make_book(stored).pk, 1)).headers
    private, immutable, age = headers["cache-control"].split(", ")
    assert (private, immutable) == ("private", "immutable")
    assert 7 * 86400 <= int(age.removeprefix("max-age=")) <= 14 * 86400


def test_what_the_browser_has_is_not_sent_again(deflated: Path, bob: User) -> None:
    url = page_url(bob, make_book(deflated).pk, 1)
    etag = get(url, accept_encoding="gzip").headers["etag"]
    again = get(url, if_none_match=f'"other", {etag}')
    assert (again.status, again.body) == (304, b"")
    assert get(url, if_none_match='"other"').status == 200


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [("bytes=0-9", 0, 10), ("bytes=5-", 5, None), ("bytes=-7", -7, None)],
)
def test_a_range_of_a_stored_page(
    stored: Path, bob: User, asked: str, start: int, stop: int | None
) -> None:
    answer = get(page_url(bob, make_book(stored).pk, 1), range=asked)
    assert answer.status == 206
    assert answer.body == image(1)[start:stop]
    assert answer.headers["content-range"].endswith(f"/{len(image(1))}")


def test_a_range_past_the_end_cannot_be_had(stored: Path, bob: User) -> None:
    answer = get(page_url(bob, make_book(stored).pk, 1), range="bytes=999999-")
    assert (answer.status, answer.body) == (416, b"")


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "bytes=9-3", "lines=1-2", "bytes=-"])
def test_a_range_that_makes_no_sense_is_passed_over(stored: Path, bob: User, asked: str) -> None:
    assert get(page_url(bob, make_book(stored).pk, 1), range=asked).status == 200


def test_a_deflated_page_has_no_ranges(deflated: Path, bob: User) -> None:
    answer = get(page_url(bob, make_book(deflated).pk, 1), range="bytes=0-9")
    assert (answer.status, answer.headers["accept-ranges"]) == (200, "none")


def test_what_is_no_picture_is_never_sent(tmp_path: Path, bob: User) -> None:
    page = b"<!doctype html><script>alert(1)</script>"
    book = make_book(make_zip(tmp_path / "a.cbz", {"1.png": page, **pages(1)}))
    answer = get(page_url(bob, book.pk, 2))
    assert answer.status == 422
    assert answer.json["code"] == "not_an_image"


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_picture_that_would_fill_a_browsers_memory_is_never_sent(
    tmp_path: Path, bob: User, method: int
) -> None:
    huge = image(1).replace(struct.pack(">II", 60, 90), struct.pack(">II", 30_000, 30_000), 1)
    book = make_book(make_zip(tmp_path / "a.cbz", {"1.png": huge, **pages(1)}, method))
    answer = get(page_url(bob, book.pk, 2))
    assert (answer.status, answer.json["code"]) == (422, "too_many_pixels")


@pytest.mark.parametrize("make", [make_zip, make_rar])
def test_a_page_that_is_not_what_its_archive_says_is_never_sent(
    tmp_path: Path, bob: User, make: Callable[[Path], Path]
) -> None:
    torn = make(tmp_path / "torn")
    data = bytearray(torn.read_bytes())
    data[data.index(b"IDAT") + 8] ^= 1
    torn.write_bytes(data)
    book = make_book(torn)
    answer = get(page_url(bob, book.pk, 1))
    assert (answer.status, answer.json["code"]) == (422, "damaged")
    assert get(page_url(bob, book.pk, 2)).status == 200


def test_a_page_that_cannot_be_inflated_is_refused_however_its_book_is_read(
    deflated: Path, bob: User
) -> None:
    data = bytearray(deflated.read_bytes())
    at = data.index(b"001.png") + len(b"001.png")
    data[at : at + 40] = bytes(40)
    deflated.write_bytes(data)
    book = make_book(deflated)
    urls = [page_url(bob, book.pk, number) for number in (1, 2, 1)]

    async def one_after_another() -> list[int]:
        # The second page has the book kept open, so that the first is tried without a thread.
        return [(await fetch(url, accept_encoding="gzip")).status for url in urls]

    assert together(one_after_another) == [422, 200, 422]


def test_a_page_may_do_nothing_in_a_browser(stored: Path, bob: User) -> None:
    headers = get(page_url(bob, make_book(stored).pk, 1)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert (
        headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    )


def test_a_file_that_changed_is_not_served(stored: Path, bob: User) -> None:
    url = page_url(bob, make_book(stored).pk, 1)
    os.utime(stored, (1, 1))
    answer = get(url)
    assert (answer.status, answer.json["code"]) == (409, "changed")


def test_a_file_that_is_gone_says_so(stored: Path, bob: User) -> None:
    url = page_url(bob, make_book(stored).pk, 1)
    stored.unlink()
    answer = get(url)
    assert (answer.status, answer.json["code"]) == (422, "gone")


def test_a_file_indexed_anew_is_served_from_its_new_place(tmp_path: Path, bob: User) -> None:
    library = make_library(root=str(tmp_path))
    chapter = make_book(make_zip(tmp_path / "a.cbz"), library)
    url = page_url(bob, chapter.pk, 1)
    assert get(url).body == image(1)
    (tmp_path / "a.cbz").rename(tmp_path / "b.cbz")
    chapter.path = "b.cbz"
    chapter.save()
    assert get(url).body == image(1)


def test_a_page_of_a_file_that_changed_has_another_etag(tmp_path: Path, bob: User) -> None:
    shelf = Shelf(make_library(root=str(tmp_path)), tmp_path)
    shelf.put("Salt Road/Salt Road c001.cbz", first=1)
    shelf.scan()
    url = page_url(bob, shelf.at("Salt Road/Salt Road c001.cbz").pk, 1)
    known = get(url).headers["etag"]
    shelf.put("Salt Road/Salt Road c001.cbz", first=9)
    shelf.scan()
    again = get(url, if_none_match=known)
    assert (again.status, again.body) == (200, image(9, size=(40, 60)))
    assert again.headers["etag"] != known


def test_pages_can_only_be_read(stored: Path, bob: User) -> None:
    assert get(page_url(bob, make_book(stored).pk, 1), "POST").status == 405


def test_a_pdf_is_drawn_once_and_kept(tmp_path: Path, bob: User) -> None:
    book = make_book(make_pdf(tmp_path / "a.pdf"))
    first, again = (get(page_url(bob, book.pk, 1)) for _ in range(2))
    assert first.headers["content-type"] == "image/jpeg"
    assert first.body == again.body


def test_many_ask_at_once_for_a_page_of_a_solid_archive(tmp_path: Path, bob: User) -> None:
    book = make_book(make_7z(tmp_path / "a.cb7", pages(12)))
    urls = [page_url(bob, book.pk, number) for number in range(1, 13)] * 4

    async def story() -> list[bytes]:
        return [answer.body for answer in await asyncio.gather(*map(fetch, urls))]

    assert together(story) == [image(number) for number in range(1, 13)] * 4


# ------------------------------------------------------------------------- whose link


def test_a_forged_link_is_no_link(stored: Path, bob: User) -> None:
    url = page_url(bob, make_book(stored).pk, 1)
    assert get(url[:-1] + ("A" if url[-1] != "A" else "Q")).status == 404
    assert get(f"/p/{'0' * 32}/1/{url.rpartition('/')[2]}").status == 404


def test_a_link_opens_no_other_chapter(tmp_path: Path, bob: User) -> None:
    library = make_library(root=str(tmp_path))
    first = make_book(make_zip(tmp_path / "a.cbz"), library)
    second = make_book(make_zip(tmp_path / "b.cbz", pages(3, first=5)), library)
    url = page_url(bob, first.pk, 1)
    assert get(url).status == 200
    assert get(url.replace(first.pk.hex, second.pk.hex)).status == 404


def test_another_persons_grant_is_theirs(stored: Path, bob: User, charlie: User) -> None:
    chapter = make_book(stored)
    theirs, mine = page_url(charlie, chapter.pk, 1), page_url(bob, chapter.pk, 1)
    assert theirs != mine
    access.raise_version(charlie)
    assert get(theirs).status == 410
    assert get(mine).status == 200


def test_an_expired_link_is_gone(stored: Path, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    url = page_url(bob, make_book(stored).pk, 1)
    monkeypatch.setattr(links, "_MONDAY", links._MONDAY - 3 * links._WEEK)
    answer = get(url)
    assert (answer.status, answer.json["code"]) == (410, "gone")


def test_an_ended_link_is_gone_at_once(stored: Path, bob: User) -> None:
    url = page_url(bob, make_book(stored).pk, 1)
    assert get(url).status == 200
    access.raise_version(bob)
    assert get(url).status == 410


def test_who_is_shut_out_has_no_pages(stored: Path, bob: User) -> None:
    url = page_url(bob, make_book(stored).pk, 1)
    User.objects.update(is_active=False)
    assert get(url).status == 410


def test_other_processes_learn_that_a_link_has_ended(
    stored: Path, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget = access.forget
    url = page_url(bob, make_book(stored).pk, 1)

    heard = threading.Event()
    monkeypatch.setattr(access, "forget", lambda who: (forget(who), heard.set()))

    async def story() -> list[int]:
        first = (await fetch(url)).status
        assert await asyncio.to_thread(wait_until_listening)
        # As another process would: the database and the announcement, nothing in memory.
        await asyncio.to_thread(elsewhere, bob)
        await asyncio.to_thread(heard.wait, 5)
        return [first, (await fetch(url)).status]

    assert together(story) == [200, 410]


def elsewhere(user: User) -> None:
    User.objects.filter(pk=user.pk).update(access_version=2)
    announce(access.TOPIC, user.pk)
    connection.close()


def test_a_removed_chapter_has_no_pages(stored: Path, bob: User) -> None:
    chapter = make_book(stored)
    url = page_url(bob, chapter.pk, 1)
    chapter.delete()
    assert get(url).status == 404


@pytest.mark.parametrize("path", ["/p/", "/p/x/1/y", f"/p/{'0' * 32}/0/a", "/c/", "/p/../etc"])
def test_other_addresses_are_nothing(path: str) -> None:
    assert get(path).status == 404

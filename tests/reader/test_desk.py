"""Where pages are fetched: books that are read stay at hand."""

import asyncio
from pathlib import Path

import pytest

from library import athand, books
from reader.desk import Desk
from tests.files import image, make_zip
from tests.reader.paging import make_book, together

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_turns_the_page_waits_for_no_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = books.load(make_book(make_zip(tmp_path / "a.cbz")).pk)

    async def turning() -> list[bytes]:
        desk = Desk()
        first = await desk.piece(book, 1, None, gzip=True)
        await asyncio.gather(*desk._running.values())
        monkeypatch.setattr("library.serving.direct", None)
        monkeypatch.setattr("library.serving.check", None)
        await desk.check(book, 1)
        second = await desk.piece(book, 2, None, gzip=True)
        desk._at_hand.close()
        return [*first.parts, *second.parts]

    assert together(turning) == [image(1), image(2)]


def test_a_book_is_closed_when_nobody_reads_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = books.load(make_book(make_zip(tmp_path / "a.cbz")).pk)
    monkeypatch.setattr(athand, "IDLE", 0.02)

    async def reading() -> None:
        desk = Desk()
        await desk.piece(book, 1, None, gzip=True)
        await asyncio.gather(*desk._running.values())
        while desk._at_hand.knows(book):  # noqa: ASYNC110 - a timer closes it, and tells nobody
            await asyncio.sleep(0.01)

    together(reading)

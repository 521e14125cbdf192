"""Real chapters behind a real server, and a reader's hands on them."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, Request, expect

from kiremisu.accounts.models import User
from library.archives import open_book
from library.models import Chapter, Content, PageIndex
from library.shapes import PageEntry, PageList
from reader.models import Progress
from tests.factories import make_library, make_series
from tests.files import image, make_zip

# Milliseconds, as in static/js/reader: after which a finger rests, and a question goes.
HOLD, QUESTION = 500, 12_000
TALL, WIDE, SLICE = (420, 600), (840, 600), (400, 1600)
# Twelve pages, the sixth and the eleventh wide: parity puts page 1 alone.
WITH_WIDE = [TALL] * 5 + [WIDE] + [TALL] * 4 + [WIDE] + [TALL]


def noon() -> datetime:
    """A while ago."""
    return timezone.now() - timedelta(hours=2)


class Shelf:
    """A series whose chapters are files on disk."""

    def __init__(self, folder: Path, **library: Any) -> None:
        self.folder = folder
        self.series = make_series(make_library(root=str(folder), **library))

    def add(
        self,
        number: str,
        sizes: Sequence[tuple[int, int]] = (TALL,) * 8,
        broken: Sequence[int] = (),
        **facts: Any,
    ) -> Chapter:
        """A chapter with pages of these sizes; those of these numbers are no images."""
        name = f"Salt Road Diary c{number}.cbz"
        members = {
            f"{n:03}.png": image(n + int(number) * 20, size=s) for n, s in enumerate(sizes, 1)
        }
        members |= {f"{n:03}.png": b"no image at all" for n in broken}
        book = open_book(str(make_zip(self.folder / name, members)))
        content = Content.objects.create(signature=book.signature, page_count=len(book.pages))
        stat = (self.folder / name).stat()
        chapter = Chapter.objects.create(
            library=self.series.library,
            series=self.series,
            content=content,
            path=name,
            size=stat.st_size,
            mtime_ns=stat.st_mtime_ns,
            format=book.format,
            page_count=len(book.pages),
            number=number,
            number_order=number,
            **facts,
        )
        index = PageIndex(chapter=chapter)
        index.list = PageList(pages=[PageEntry(**page._asdict()) for page in book.pages])
        index.save()
        return chapter


class Reading:
    """The reader's page in a browser: what is seen there, and a hand to turn it."""

    def __init__(self, page: Page, base: str, user: User) -> None:
        self.page, self.base, self.user = page, base, user
        self.saves: list[str] = []
        page.on("request", self._note)

    def _note(self, request: Any) -> None:
        if request.method == "PUT" and request.url.endswith("/progress"):
            self.saves.append(request.post_data or "")

    def open(self, chapter: Chapter, page: int | None = None) -> Self:
        at = f"/{page}" if page else ""
        self.page.goto(f"{self.base}/read/{chapter.pk}{at}")
        self.page.wait_for_function("() => document.body.dataset.layout")
        return self

    def sees(self, *numbers: int) -> None:
        """Waits until exactly these pages are on screen, from left to right."""
        self.page.wait_for_function(
            """(wanted) => {
              const shown = [...document.querySelectorAll('.spread.on .pg')].map((figure) =>
                [figure.getBoundingClientRect().left, Number(figure.dataset.n)]);
              shown.sort((a, b) => a[0] - b[0]);
              return JSON.stringify(shown.map((one) => one[1])) === wanted;
            }""",
            arg=str(list(numbers)).replace(" ", ""),
        )

    def counts(self, text: str) -> None:
        expect(self.page.locator(".count")).to_have_text(text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def turn_at_once(self, times: int) -> None:
        """Presses the left arrow so often, with no time in between."""
        self.page.evaluate(
            """(times) => {
              const turn = { key: 'ArrowLeft', bubbles: true };
              for (let i = 0; i < times; i += 1) {
                document.dispatchEvent(new KeyboardEvent('keydown', turn));
              }
            }""",
            times,
        )

    def has_sent(self, *pages: int) -> None:
        """Waits until exactly these pages were sent to be saved, in this order."""
        for _ in range(1200):
            sent = [json.loads(save)["page"] for save in self.saves]
            if sent == list(pages):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{sent} was sent")

    def saved(self, chapter: Chapter, page: int, *, finished: bool | None = None) -> Progress:
        """Waits until the server has this page."""
        row = None
        for _ in range(1200):
            row = Progress.objects.filter(user=self.user, content=chapter.content).first()
            if row and row.page == page and finished in {None, row.is_finished}:
                return row
            self.page.wait_for_timeout(50)
        raise AssertionError(f"page {page} was not saved: {row}")


def unhurried(page: Page, pause: int) -> None:
    """Has the script wait for ever where it would wait these milliseconds for a hand: that of a
    test on a loaded machine may be slower than a person's."""
    page.add_init_script(
        "{ const wait = window.setTimeout; window.setTimeout = (call, time, ...more) =>"
        f" wait(call, time === {pause} ? 2 ** 30 : time, ...more); }}"
    )


def deft(page: Page) -> None:
    """Has every tap and click be a short one, however long the machine's hand takes."""
    unhurried(page, HOLD)
    page.add_init_script("Object.defineProperty(Event.prototype, 'timeStamp', { get: () => 0 })")


def signed_in(context: BrowserContext, base: str, user: User) -> None:
    client = Client()
    client.force_login(user)
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base}]
    )


@pytest.fixture
def reader_of_it(transactional_db: None) -> User:
    return User.objects.create_user("bob", password="a quiet harbour")


@pytest.fixture
def shelf(transactional_db: None, tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


@contextmanager
def watched(page: Page) -> Iterator[Page]:
    """Fails at the end if the script broke or something was refused by the policy."""
    faults: list[str] = []
    pending: set[Request] = set()

    def ended(request: Request) -> None:
        pending.discard(request)

    page.on("request", lambda request: pending.update({request}))
    page.on("requestfinished", ended)
    page.on("requestfailed", ended)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if _is_refused(said.text) else None)
    yield page
    # The database is emptied next: what set out for it arrives first, what sets out on leaving
    # comes from nobody.
    page.context.clear_cookies()
    for _ in range(600):
        if not any(each.resource_type != "eventsource" for each in pending):
            break
        page.wait_for_timeout(50)
    page.close()
    assert faults == []


def _is_refused(text: str) -> bool:
    return "Content Security Policy" in text


@pytest.fixture
def reading(desk_page: Page, live: str, reader_of_it: User) -> Iterator[Reading]:
    """Bob at a desk."""
    signed_in(desk_page.context, live, reader_of_it)
    deft(desk_page)
    with watched(desk_page) as page:
        yield Reading(page, live, reader_of_it)


@pytest.fixture
def pressing(phone_page: Page, live: str, reader_of_it: User) -> Iterator[Reading]:
    """Bob with a phone on which his finger may rest."""
    signed_in(phone_page.context, live, reader_of_it)
    with watched(phone_page) as page:
        yield Reading(page, live, reader_of_it)


@pytest.fixture
def on_phone(pressing: Reading) -> Reading:
    """Bob with a phone."""
    deft(pressing.page)
    return pressing

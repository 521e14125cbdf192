"""Markup and scripts in whatever people may name: every page shows them as text."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from kiremisu.accounts import keys
from kiremisu.accounts.models import User
from kiremisu.jobs import queue
from kiremisu.jobs.models import Job, State
from library import curation, titles
from library.models import Chapter, Library, Series
from reader import notes, progress
from tests.attacks.asking import session
from tests.factories import make_chapter, make_library, make_series
from tests.files import make_zip
from tests.reader.paging import make_book

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Out of an attribute, a script, a title, a comment; and by handlers that need no click.
EVIL = (
    "\"'`></title></textarea></script></style>--><img src=x data-planted onerror=alert(1)>"
    "<svg data-planted onload=alert(2)><script data-planted>alert(3)</script>"
)
SHORT = "\"'><img data-planted src=x onerror=alert(4)>"
LINK = "[x](javascript:alert(5)) javascript:alert(6) {{ 7|add:7 }} ${alert(8)}"
PAGES = [
    "/",
    "/library",
    "/library?view=table",
    "/search?q=salt",
    "/notes",
    "/activity",
    "/settings/keys",
    "/setup/folder",
    "/api/docs",
    "/series/{series}",
    "/series/{series}/facts",
    "/read/{chapter}",
    "/read/{broken}",
    "/admin/",
    "/admin/library/series/",
    "/admin/library/series/{series}/change/",
    "/admin/library/chapter/",
    "/admin/library/library/",
    "/admin/library/tag/",
    "/admin/accounts/user/",
    "/admin/accounts/apikey/",
    "/admin/accounts/entry/",
    "/admin/jobs/job/",
    "/admin/reader/note/",
]
REFLECTED = [
    "/library?search={}",
    "/library?sort={}&view={}&unread={}",
    "/search?q={}",
    "/notes?tag={}&series={}&search={}&since={}",
    "/login?next={}",
    "/setup?token={}",
    "/activity?{}",
    "/{}",
    "/series/{}",
    "/admin/library/series/?q={}",
]


@pytest.fixture
def shelf(alice: User, tmp_path_factory: pytest.TempPathFactory) -> dict[str, UUID]:
    """A library in which everything that has a name has an evil one."""
    folder = tmp_path_factory.mktemp("shelf")
    library = make_library(f"Shelf {EVIL}"[:200], root=str(folder))
    User.objects.filter(pk=alice.pk).update(username=f"a{SHORT}", email=f"{SHORT}@x.example")
    alice.refresh_from_db()
    series = make_series(library, f"Salt {EVIL}", language="ja")
    curation.change_series(
        series,
        summary=f"{LINK}\n\n{EVIL}",
        genres=[f"g{SHORT}"],
        tags=[f"t{SHORT}", "javascript:alert(9)"],
        people=[{"name": f"p{EVIL}"[:255], "role": "author"}],
        titles=[{"text": f"Salt, too {EVIL}", "language": "ja"}],
        links=[{"site": SHORT, "address": "javascript:alert(9)"}, {"site": "raw", "address": LINK}],
        status=SHORT[:20],
    )
    titles.keep([series.pk])
    titles.also_call(series, [(f"Salt again {EVIL}", "en")])
    return {"series": series.pk, **_chapters(alice, library, series)}


def _chapters(alice: User, library: Library, series: Series) -> dict[str, UUID]:
    facts = {"title": f"Salt {EVIL}", "group": SHORT, "edition": SHORT, "number": "1"}
    name = "Salt \"'><img data-planted src=x onerror=alert(4)>.cbz"
    read = make_book(make_zip(_folder(library) / name), library)
    Chapter.objects.filter(pk=read.pk).update(**facts)
    broken = make_chapter(
        series, "2", title=EVIL, path=f"{name}2.cbz", problem="damaged", problem_detail=EVIL
    )
    now = datetime.now(UTC)
    read.refresh_from_db()
    assert read.content is not None
    progress.turn_to(alice, read.content, 2, now, device=f"d{EVIL}", chapter=read)
    notes.write(alice, read.content, 1, f"{LINK}\n{EVIL}", [f"n{SHORT}"])
    notes.bookmark(alice, read.content, 2)
    keys.make(alice, f"k{EVIL}"[:100], ["read"])
    told = {"message": f"Reading {EVIL}", "error": f"No {EVIL}", "state": State.FAILED}
    for kind in ("scan", "covers"):
        job = queue.enqueue(kind, subject=library.pk)
        Job.objects.filter(pk=job.pk).update(**told, started=now, finished=now)
        told |= {"state": State.RUNNING}
    return {"chapter": read.pk, "broken": broken.pk}


def _folder(library: Library) -> Path:
    return Path(library.root)


@pytest.fixture
def watched(live: str, alice: User, desktop: BrowserContext, page: Page) -> Page:
    """A page on which any dialog, and any script that the policy had to stop, is a failure."""
    name, _, value = session(alice).partition("=")
    desktop.add_cookies([{"name": name, "value": value, "url": live}])

    def heard(said: ConsoleMessage) -> None:
        if "Content Security" in said.text:
            pytest.fail(f"{page.url}: {said.text}")

    page.on("dialog", lambda dialog: pytest.fail(f"{page.url}: {dialog.message}"))
    page.on("console", heard)
    return page


def check(page: Page, url: str) -> str:
    """Nothing was planted; the page's text."""
    page.goto(url)
    assert page.locator("[data-planted]").count() == 0, url
    assert page.locator("a[href^='javascript:' i]").count() == 0, url
    return page.content()


def test_no_name_does_anything_but_stand_there(
    live: str, watched: Page, shelf: dict[str, UUID]
) -> None:
    shown = [
        path for path in PAGES if "data-planted" in check(watched, live + path.format(**shelf))
    ]
    # As text, on all pages that name anything.
    assert len(shown) >= len(PAGES) - 4, set(PAGES) - set(shown)


def test_what_an_address_says_is_text_too(live: str, watched: Page, shelf: dict[str, UUID]) -> None:
    said = quote(EVIL, safe="")
    for path in REFLECTED:
        check(watched, live + path.replace("{}", said))


def test_what_comes_while_one_looks_is_text_too(
    live: str, watched: Page, shelf: dict[str, UUID]
) -> None:
    """Parts that scripts put into the page: results while one types, the reader's own."""
    check(watched, f"{live}/search")
    watched.locator("#seek").fill("salt")
    expect(watched.locator("mark").first).to_be_visible()
    assert watched.locator("[data-planted]").count() == 0
    check(watched, f"{live}/read/{shelf['chapter']}")
    watched.keyboard.press("ArrowLeft")
    watched.keyboard.press("m")
    assert watched.locator("[data-planted]").count() == 0

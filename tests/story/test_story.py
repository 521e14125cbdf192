"""The whole story: a folder of manga becomes a library, and a chapter is read on two devices."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Response, expect

from tests.browser import DESKTOP
from tests.story import shelves
from tests.story.running import Running, up

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NAME, PASSWORD = "mika", "a quiet harbour"
# How far the scan has come, each time the page shows another number.
WATCH_PROGRESS = """() => {
  window.seen = [];
  const look = () => {
    const bar = document.querySelector('[role=progressbar][aria-valuenow]');
    const now = bar && Number(bar.getAttribute('aria-valuenow'));
    if (now && now !== window.seen.at(-1)) window.seen.push(now);
  };
  new MutationObserver(look).observe(document.body,
    {subtree: true, childList: true, attributes: true, characterData: true});
  look();
}"""
COVER_IN_VIEW = """() => [...document.querySelectorAll('.tile img')]
  .some((cover) => cover.naturalWidth > 0)"""
PAGE_IN_VIEW = """(wanted) => [...document.querySelectorAll('.spread.on .pg')]
  .some((figure) => Number(figure.dataset.n) === wanted && figure.querySelector('img').complete
    && figure.querySelector('img').naturalWidth > 0)"""


@pytest.fixture(scope="module")
def manga(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("manga")
    shelves.long_shelf(root)
    shelves.story(root)
    shelves.every_kind(root)
    return root


@pytest.fixture(scope="module")
def server(browser: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with up(tmp_path_factory.mktemp("up") / "data") as running:
        yield running


def sign_in(page: Page, base: str) -> None:
    page.goto(f"{base}/login")
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def set_up(page: Page, server: Running, manga: Path) -> None:
    page.goto(server.setup_link())
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make this account").click()
    page.get_by_role("textbox", name="Folder").fill(str(manga))
    page.get_by_role("button", name="Look inside").click()
    page.get_by_role("button", name=re.compile("^Use")).click()


def read_to_page_five(page: Page, server: Running) -> None:
    page.goto(f"{server.base}/library?search=salt")
    page.get_by_role("link", name=re.compile("Salt Road Diary")).first.click()
    page.get_by_role("link", name=re.compile("^Start")).click()
    page.wait_for_function(PAGE_IN_VIEW, arg=1)
    page.keyboard.press("2")
    with page.expect_response(is_of_page_five) as saved:
        for _ in range(2):
            page.keyboard.press("ArrowLeft")
        page.wait_for_function(PAGE_IN_VIEW, arg=5)
    assert saved.value.ok


def is_of_page_five(answer: Response) -> bool:
    """Whether this answers that page 5 was saved."""
    body = answer.request.post_data_json if answer.url.endswith("/progress") else None
    return bool(body) and body["page"] == 5


def test_a_folder_becomes_a_library_and_a_place_is_kept(
    page: Page, phone: BrowserContext, server: Running, manga: Path
) -> None:
    set_up(page, server, manga)

    page.wait_for_url("**/activity*")
    page.evaluate(WATCH_PROGRESS)
    page.wait_for_function("() => window.seen.length > 2")
    numbers = page.evaluate("window.seen")
    assert numbers[:2] == sorted(numbers[:2])

    page.goto(f"{server.base}/library")
    expect(page.locator(".tile").first).to_be_visible()
    page.wait_for_function(COVER_IN_VIEW)

    page.goto(f"{server.base}/activity")
    expect(page.get_by_role("row", name=re.compile("Scan of .* Done"))).to_be_visible(
        timeout=120_000
    )
    read_to_page_five(page, server)
    page.goto(f"{server.base}/")
    now = page.get_by_role("region", name="Continue reading")
    expect(now).to_contain_text("Page 5 of 12")

    other = phone.new_page()
    sign_in(other, server.base)
    other.get_by_role("link", name=re.compile("Continue")).first.click()
    other.wait_for_function(PAGE_IN_VIEW, arg=5)


def test_a_chapter_of_each_kind_opens_in_the_reader(
    page: Page, server: Running, manga: Path
) -> None:
    for link in _chapters_of(page, server):
        page.goto(link)
        page.wait_for_function(PAGE_IN_VIEW, arg=1)
        page.keyboard.press("End")
        page.wait_for_function(PAGE_IN_VIEW, arg=4)


def test_a_chapter_of_each_kind_opens_without_scripts(
    page: Page, browser: object, server: Running
) -> None:
    links = _chapters_of(page, server)
    plain = page.context.browser.new_context(java_script_enabled=False, viewport=DESKTOP)
    plain.add_cookies(page.context.cookies())
    quiet = plain.new_page()
    for link in links:
        quiet.goto(link)
        for number in (1, 2, 3, 4):
            shown = quiet.get_by_role("img", name=f"Page {number}", exact=True).first
            expect(shown).to_be_visible()
            assert shown.bounding_box()["width"] > 50
            if number < 4:
                quiet.get_by_role("link", name=re.compile("Next")).first.click()
    plain.close()


def _chapters_of(page: Page, server: Running) -> list[str]:
    """The links to the chapters of every kind."""
    sign_in(page, server.base)
    page.goto(f"{server.base}/library?search=orbit")
    page.get_by_role("link", name=re.compile("Orbit Kitchen")).first.click()
    page.wait_for_url("**/series/*")
    rows = page.locator("a[href^='/read/']").evaluate_all("all => all.map((one) => one.href)")
    links = sorted(set(rows))
    assert len(links) == 12
    return links

"""The inbox of findings by keys, in a browser."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Page, expect

from kiremisu.accounts.models import User
from library.findings import known
from library.models import Series
from tests.factories import make_content, make_library, make_series
from tests.library.test_findings import MAKE
from tests.reader.test_pages_browser import come_in

__all__ = ["come_in"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def found(code: str) -> None:
    """Two findings of a kind, each about a series of its own."""
    for at in (1, 2):
        cover = make_content(cover_state="ready", cover_width=400)
        MAKE[code][0](make_series(make_library(f"{code} {at}"), f"{code} {at}", cover=cover))


def led_on(page: Page) -> AbstractContextManager[object]:
    """The next page is here at the end of the block."""
    return page.expect_navigation(url=re.compile("/review/findings"))


def test_each_kind_is_put_away_taken_back_and_opened_by_keys(
    come_in: Callable[..., Page], alice: User
) -> None:
    for code in known():
        found(code)
    page = come_in(alice, "/review/findings")
    rows = page.locator("[data-row]")
    for code, kind in known().items():
        with led_on(page):
            page.get_by_role("link", name=re.compile(f"^{kind.title} 2$")).click()
        expect(rows).to_have_count(2)
        first, second = rows.all_inner_texts()
        assert MAKE[code][1] in second
        for key in "jj":
            page.keyboard.press(key)
        with led_on(page):
            page.keyboard.press("x")
        assert rows.all_inner_texts() == [first]
        with led_on(page):
            page.keyboard.press("u")
        assert rows.all_inner_texts() == [first, second]
    opens = rows.first.locator("a").first.get_attribute("href") or ""
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{opens}$"))
    assert Series.objects.filter(pk=opens.rpartition("/")[2]).exists()

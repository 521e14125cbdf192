"""Watching in a browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kiremisu.accounts.models import User
from library.models import MatchState
from metadata.models import Notice, Watch
from metadata.watching import news
from tests.factories import make_chapter, make_library, make_series
from tests.metadata.watching.test_watching_api import new
from tests.reader.test_pages_browser import come_in

__all__ = ["come_in"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_series_is_watched_by_a_key_and_its_news_are_dealt_with(
    come_in: Callable[..., Page], bob: User
) -> None:
    road = make_series(make_library(), "Salt Road", match_state=MatchState.MATCHED)
    make_chapter(road, "1")
    page = come_in(bob, f"/series/{road.pk}")
    page.keyboard.press("w")
    expect(page.get_by_role("button", name="Watching")).to_be_visible()
    for number in ("2", "3"):
        new(bob, road, number)
    page.goto(page.url.partition("/series")[0] + "/watching")
    page.get_by_role("button", name="Ignore Chapter 3 of Salt Road").click()
    expect(page.locator("h1")).to_contain_text("1 to read")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("h1")).to_contain_text("2 to read")
    # Elsewhere, as in another window.
    badge = page.locator(".side [data-unread] b")
    expect(badge).to_have_text("2")
    news.put(bob, Notice.objects.get(key="c3"), Notice.State.READ)
    expect(badge).to_have_text("1")
    news.put(bob, Notice.objects.get(key="c3"), Notice.State.NEW)
    page.get_by_role("button", name="Mark Chapter 2 of Salt Road read").click()
    expect(page.locator("h1")).to_contain_text("1 to read")
    page.get_by_role("button", name="Pause Salt Road").click()
    expect(page.get_by_text("Paused")).to_be_visible()
    page.get_by_role("button", name="Stop watching Salt Road").click()
    expect(page.get_by_text("Nothing is watched yet")).to_be_visible()
    assert not Watch.objects.exists()

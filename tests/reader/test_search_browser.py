"""Searching in a browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from kiremisu.accounts.models import User
from library import titles
from tests.factories import make_chapter, make_library, make_series
from tests.reader.test_pages_browser import come_in

__all__ = ["come_in"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

UI = re.compile(r"/js/ui\b")
# A hand of the tests would wait for the scripts.
PRESS = """(_, keys) => keys.forEach((key) => document.activeElement.dispatchEvent(
  new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })))"""


def test_a_slash_searches_from_anywhere_and_typing_goes_on(
    come_in: Callable[..., Page], alice: User
) -> None:
    series = make_series(make_library(), "Salt Road Diary")
    make_chapter(series, "1")
    titles.keep([series.pk])
    page = come_in(alice, "/activity")

    page.keyboard.press("/")
    page.keyboard.type("salt")
    page.keyboard.press("Enter")
    expect(page.locator("mark")).to_have_text(["Salt"])

    page.locator("#seek").fill("slat raod")
    expect(page.locator("mark")).to_have_text(["Salt", "Road"])
    expect(page).to_have_url(re.compile(r"/search\?q=slat%20raod$"))


def test_what_is_typed_before_the_script_has_come_is_searched_for(
    come_in: Callable[..., Page], alice: User
) -> None:
    make_chapter(series := make_series(make_library(), "Salt Road Diary"), "1")
    titles.keep([series.pk])
    page = come_in(alice, "/activity")

    def typed_before(route: Route) -> None:
        page.locator("#seek").evaluate("field => { field.value = 'road'; }")
        route.continue_()

    page.route(UI, typed_before, times=1)
    page.goto(page.url.replace("/activity", "/search"))
    expect(page.locator("mark")).to_have_text(["Road"])


def test_keys_pressed_before_the_script_has_come_are_obeyed(
    come_in: Callable[..., Page], alice: User
) -> None:
    make_chapter(series := make_series(make_library(), "Salt Road Diary"), "1")
    titles.keep([series.pk])
    page = come_in(alice, "/activity")

    def pressed_before(route: Route) -> None:
        page.locator("#search-side").evaluate(PRESS, ["/", *"road", "Enter"])
        route.continue_()

    page.route(UI, pressed_before, times=1)
    page.reload()
    expect(page.locator("mark")).to_have_text(["Road"])
    expect(page).to_have_url(re.compile(r"/search\?"))

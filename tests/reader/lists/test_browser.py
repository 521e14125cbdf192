"""Ordering a list in a browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from kiremisu.accounts.models import User
from reader import lists
from reader.lists import entries
from tests.factories import make_chapter, make_library, make_series
from tests.reader.test_pages_browser import come_in
from tests.reader.test_search_browser import PRESS, UI

__all__ = ["come_in"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_buttons_and_keys_move_an_entry_and_keep_the_focus(
    come_in: Callable[..., Page], alice: User
) -> None:
    found, library = lists.make(alice, "For the train"), make_library()
    for title in ("Kite", "Moss", "Moth"):
        series = make_series(library, title)
        make_chapter(series)
        entries.put(found, series)
    page = come_in(alice, f"/lists/{found.pk}")
    shown = page.locator(".listed-row .t")

    page.get_by_role("button", name="Move Kite later").click()
    expect(shown).to_have_text(["Moss", "Kite", "Moth"])
    expect(page.get_by_role("button", name="Move Kite later")).to_be_focused()

    page.get_by_role("link", name="Moth").first.focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(shown).to_have_text(["Moss", "Moth", "Kite"])
    page.keyboard.press("Alt+ArrowUp")
    expect(shown).to_have_text(["Moth", "Moss", "Kite"])


def test_l_opens_the_lists_of_a_series(come_in: Callable[..., Page], alice: User) -> None:
    found, series = lists.make(alice, "For the train"), make_series(make_library(), "Kite")
    page = come_in(alice, f"/series/{series.pk}")

    page.keyboard.press("l")
    page.keyboard.press("Enter")

    expect(page.locator(".in-lists .chips a")).to_have_text(["For the train"])
    assert found.entries.count() == 1


def test_keys_that_lead_to_a_button_press_it_before_the_script_has_come(
    come_in: Callable[..., Page], alice: User
) -> None:
    found, series = lists.make(alice, "For the train"), make_series(make_library(), "Kite")
    page = come_in(alice, f"/series/{series.pk}")

    def pressed_before(route: Route) -> None:
        page.locator("#in-lists").evaluate(PRESS, ["l", "Enter"])
        route.continue_()

    page.route(UI, pressed_before, times=1)
    page.reload()
    expect(page.locator(".in-lists .chips a")).to_have_text(["For the train"])
    assert found.entries.count() == 1

"""Match review by keys alone, in a browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kiremisu.accounts.models import User
from library.models import Series
from tests.factories import make_chapter, make_library, make_series
from tests.metadata.test_choosing import entry, propose
from tests.reader.test_pages_browser import come_in

__all__ = ["come_in"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What is pressed for each of 14 series, and what comes of it.
PRESSED = [
    *["a", "2 a", "n", "x a", "a u a", "1 a", "j k a"],
    *["2 x a", "n u n", "3 a", "x x x n", "a", "2 a", "a"],
]
MATCHED = {
    0: "1",
    1: "2",
    3: "2",
    4: "1",
    5: "1",
    6: "1",
    7: "1",
    9: "3",
    11: "1",
    12: "2",
    13: "1",
}


def fill(number: int) -> Series:
    title = f"Salt Road {chr(65 + number)}"
    series = make_series(make_library(f"Shelf {number}"), title)
    make_chapter(series)
    propose(series, *(entry(title, f"{number}-{key}", year=2016) for key in range(1, 4)))
    return series


def test_fourteen_series_are_reviewed_by_keys_alone(
    come_in: Callable[..., Page], alice: User
) -> None:
    series = [fill(number) for number in range(len(PRESSED))]
    page = come_in(alice, "/review")
    for one, keys in zip(series, PRESSED, strict=True):
        expect(page.locator(".ours h2")).to_have_text(one.title)
        for key in keys.split():
            press(page, key)
    expect(page.locator("h1")).to_contain_text("0 waiting, 11 matched")
    told = {n: getattr(one, "match", None) for n, one in enumerate(series)}
    assert {n: m.provider_id.partition("-")[2] for n, m in told.items() if m} == MATCHED


def press(page: Page, key: str) -> None:
    """A key, and the page that it leads to."""
    with page.expect_navigation(url=re.compile("/review")):
        page.keyboard.press(key)

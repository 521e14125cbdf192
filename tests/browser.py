"""Debian's Chromium, driven by Playwright.

A test asks for `desk_page` or `phone_page`, which cost little; for `page`, or a context of its
own in `desktop` or `phone`, where it changes more than a page.

No test presses, taps, clicks or types before the scripts of what is shown have bound their keys:
each hand waits for that by itself, after a `goto` as after a click that led elsewhere.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    expect,
    sync_playwright,
)

# Milliseconds: what comes in a moment on a quiet machine takes its time on one that does other
# things.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
# The policy of whoever is opened has to be that of what is opened, and this costs little.
_LIGHT = "/static/icon.svg"
# What a person's hands do on a page, and in it.
_HANDS = ("keyboard", "mouse", "touchscreen")
_ACTS = ("check", "click", "fill", "press", "press_sequentially", "select_option", "tap", "uncheck")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a file of tests. Skips where there is none; a failure in a strict run.

    Not for the whole run: Playwright keeps an event loop in this thread as long as it is open,
    and other tests run loops of their own.
    """
    chromium = shutil.which("chromium")
    if chromium is None:
        sentence = "Debian's chromium is not installed: the browser tests are not run"
        if os.environ.get("KIREMISU_TESTS_STRICT"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Django would refuse its database in a thread that has an event loop.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        for name in _HANDS:
            patch.setattr(Page, name, property(_once_ready(getattr(Page, name).fget)))
        for name in _ACTS:
            patch.setattr(Locator, name, _once_ready(getattr(Locator, name)))
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        started.on("context", lambda context: context.set_default_timeout(PATIENCE))
        yield started
        started.close()


def _once_ready[**P, T](act: Callable[P, T]) -> Callable[P, T]:
    """The same after every script that belongs to the page has run.

    Modules and deferred scripts run before the document's `DOMContentLoaded`.
    """

    @wraps(act)
    def acting(*args: P.args, **kwargs: P.kwargs) -> T:
        shown: Any = args[0]
        page = shown if isinstance(shown, Page) else shown.page
        page.wait_for_load_state("domcontentloaded")
        return act(*args, **kwargs)

    return acting


@pytest.fixture
def desktop(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=DESKTOP)
    yield context
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    yield context
    context.close()


@pytest.fixture
def page(desktop: BrowserContext) -> Page:
    """A page on a desk whose errors and refused content fail the test."""
    opened = desktop.new_page()
    opened.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    return opened


@pytest.fixture(scope="module")
def kept_desktop(browser: Browser, live: str) -> Iterator[BrowserContext]:
    with _kept(browser.new_context(viewport=DESKTOP), live) as context:
        yield context


@pytest.fixture(scope="module")
def kept_phone(browser: Browser, live: str) -> Iterator[BrowserContext]:
    with _kept(browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True), live) as kept:
        yield kept


@pytest.fixture
def desk_page(kept_desktop: BrowserContext) -> Iterator[Page]:
    """A new page at a desk, of a context that other tests of the file had, and tidied."""
    with _lent(kept_desktop) as page:
        yield page


@pytest.fixture
def phone_page(kept_phone: BrowserContext) -> Iterator[Page]:
    """The same on a phone."""
    with _lent(kept_phone) as page:
        yield page


@contextmanager
def _kept(context: BrowserContext, live: str) -> Iterator[BrowserContext]:
    """A context whose first page is the server's: what that one opens needs no process of its
    own, whose start takes Chromium longer than most tests."""
    context.new_page().goto(live + _LIGHT)
    yield context
    context.close()


@contextmanager
def _lent(context: BrowserContext) -> Iterator[Page]:
    first = context.pages[0]
    with context.expect_page() as opened:
        first.evaluate("() => { open('about:blank'); }")
    yield opened.value
    for page in context.pages[1:]:
        page.close()
    context.clear_cookies()
    context.set_offline(False)
    first.evaluate("() => localStorage.clear()")

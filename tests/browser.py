"""Debian's Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

# What comes in a moment on a quiet machine takes its time on one that does other things.
expect.set_options(timeout=30_000)

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
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


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

"""The API's page in a browser: every operation stands there, and can be tried."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from kiremisu.accounts.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def docs(page: Page, live: str, alice: User) -> Callable[[], Page]:
    """Alice opens the page; what its policy keeps out is collected in `refused`."""

    def open_() -> Page:
        client = Client()
        client.force_login(alice)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live}]
        )
        page.add_init_script(
            "window.refused = []; addEventListener('securitypolicyviolation',"
            " (event) => refused.push(event.violatedDirective + ' ' + event.blockedURI));"
        )
        page.goto(f"{live}/api/docs")
        return page

    return open_


def test_an_operation_is_tried_under_the_strict_policy(docs: Callable[[], Page]) -> None:
    page = docs()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    operation = page.locator("#operations-me-me")
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table .response .response-col_status")
    expect(answer).to_contain_text("200")
    expect(operation.locator(".live-responses-table")).to_contain_text("alice")
    assert page.evaluate("refused") == []
    assert [url for url in asked if not re.match(r"(http://127\.0\.0\.1:|data:|blob:)", url)] == []


def test_an_operation_shows_its_example_and_its_refusals(docs: Callable[[], Page]) -> None:
    operation = docs().locator("#operations-progress-save_progress")
    operation.locator(".opblock-summary-control").click()
    expect(operation.locator(".body-param__example").first).to_contain_text("Kitchen tablet")
    for status in ("200", "401", "403", "404", "422"):
        expect(operation.locator(".responses-table").first).to_contain_text(status)

"""A rule for names is shown while it is typed, made, and taken back in a browser."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from kiremisu.accounts.models import User
from library.models import Chapter
from tests.factories import make_chapter, make_library, make_series
from tests.library.naming.conftest import work_off

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def names(alice: User, client: Client, desktop: BrowserContext, page: Page, live: str) -> Page:
    """The page of a library with one name that is read wrongly."""
    library = make_library()
    make_chapter(make_series(library, "Area"), "51", path="Area 51.cbz")
    client.force_login(alice)
    name = settings.SESSION_COOKIE_NAME
    desktop.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live}])
    page.goto(f"{live}/libraries/{library.pk}/names")
    return page


def test_a_rule_is_shown_made_and_taken_back(names: Page) -> None:
    names.get_by_label("A rule to try").fill("Area {volume}{chapter=}")
    expect(names.get_by_text("of 1 name fits")).to_be_visible()
    names.get_by_role("button", name="Make this rule").click()
    expect(names.get_by_text("Reading names")).to_be_visible()
    work_off()
    assert Chapter.objects.get().volume == "51"
    names.get_by_role("button", name="Undo").click()
    expect(names.get_by_text("Taking it back")).to_be_visible()
    work_off()
    expect(names.get_by_text("No rules yet")).to_be_visible()
    assert Chapter.objects.get().number == "51"

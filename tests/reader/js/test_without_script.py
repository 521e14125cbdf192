"""Reading where no script runs."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from kiremisu.accounts.models import User
from reader.models import Progress
from tests.reader.js.conftest import Shelf, signed_in, watched

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plain(browser: Browser, live: str, reader_of_it: User) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, base_url=live)
    signed_in(context, live, reader_of_it)
    with watched(context.new_page()) as page:
        yield page
    context.close()


def test_links_lead_through_the_chapter_and_into_the_next(plain: Page, shelf: Shelf) -> None:
    first, second = shelf.add("1", [(420, 600)] * 2), shelf.add("2")
    plain.goto(f"/read/{first.pk}")
    plain.get_by_role("link", name="Next").click()
    expect(plain.locator(".plain span")).to_have_text("Page 2 of 2")

    plain.get_by_role("link", name="Next").click()
    plain.wait_for_url(f"**/read/{second.pk}/1")
    plain.get_by_role("link", name="Previous").click()

    plain.wait_for_url(f"**/read/{first.pk}")


def test_each_page_is_recorded_by_its_image(plain: Page, shelf: Shelf) -> None:
    chapter = shelf.add("1")

    plain.goto(f"/read/{chapter.pk}/5")

    page_five = Progress.objects.filter(content=chapter.content, page=5)
    for _ in range(1200):
        if page_five.exists():
            return
        plain.wait_for_timeout(50)
    raise AssertionError("page 5 was not saved")


def test_the_page_is_seen_whole_and_without_controls_that_do_nothing(
    plain: Page, shelf: Shelf
) -> None:
    plain.goto(f"/read/{shelf.add('1').pk}/2")

    box, foot = plain.locator(".pg").bounding_box(), plain.locator(".bar-b").bounding_box()
    assert box is not None
    assert foot is not None
    assert box["y"] + box["height"] <= foot["y"] + 1
    expect(plain.locator("#seek")).to_be_hidden()
    expect(plain.get_by_title("Settings (S)")).to_be_hidden()

"""The slider, all pages, the way back, and chapter turns."""

import pytest
from playwright.sync_api import expect

from reader.preferences import choose
from tests.reader.js.conftest import Reading, Shelf, unhurried

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_the_slider_moves_on_release(reading: Reading, shelf: Shelf) -> None:
    page = reading.open(shelf.add("1"), page=2).page
    box = page.locator("#seek").bounding_box()
    assert box is not None

    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 12, box["y"] + box["height"] / 2)
    expect(page.locator(".peekbox")).to_be_visible()
    reading.sees(3, 2)
    page.mouse.up()

    reading.sees(8)


def test_the_slider_runs_from_right_to_left(reading: Reading, shelf: Shelf) -> None:
    page = reading.open(shelf.add("1")).page

    expect(page.locator("#seek")).to_have_attribute("dir", "rtl")
    expect(page.locator("[data-act=left]")).to_have_attribute("aria-label", "Next chapter")
    reading.press("d")
    expect(page.locator("#seek")).to_have_attribute("dir", "ltr")
    expect(page.locator("[data-act=left]")).to_have_attribute("aria-label", "Previous chapter")


def test_arrows_in_the_slider_step_by_spreads(reading: Reading, shelf: Shelf) -> None:
    reading.open(shelf.add("1")).press("g", "ArrowLeft")
    reading.sees(3, 2)

    reading.press("ArrowLeft")
    reading.sees(5, 4)
    reading.press("ArrowRight")
    reading.sees(3, 2)
    expect(reading.page.locator("#seek")).to_have_attribute("aria-valuetext", "Pages 2 and 3 of 8")


def test_a_page_number_can_be_typed(reading: Reading, shelf: Shelf) -> None:
    unhurried(reading.page, 900)
    reading.open(shelf.add("1", [(420, 600)] * 30)).press("g", "2", "4", "Enter")

    reading.sees(25, 24)


def test_a_jump_leaves_a_way_back(reading: Reading, shelf: Shelf) -> None:
    unhurried(reading.page, 8000)
    reading.open(shelf.add("1"), page=2).press("End")
    reading.sees(8)

    reading.page.get_by_role("button", name="Back to page 2").click()

    reading.sees(3, 2)
    expect(reading.page.locator("#back")).to_be_hidden()


def test_all_pages_hang_on_a_wall(reading: Reading, shelf: Shelf) -> None:
    page = reading.open(shelf.add("1"), page=4).page
    reading.press("t")
    expect(page.locator("#wall button[aria-current]")).to_have_count(2)
    expect(page.locator("#wall button[aria-current]").first).to_be_focused()

    page.get_by_role("button", name="Page 7", exact=True).click()

    reading.sees(7, 6)
    expect(page.locator("#wall")).to_be_hidden()


def test_after_the_last_spread_comes_a_calm_page_then_the_next_chapter(
    reading: Reading, shelf: Shelf
) -> None:
    first = shelf.add("1", title="The Weight of a Handful", group="Kite")
    shelf.add("3", title="Tidewrit", group="Heron")
    page = reading.open(first, page=8).page
    reading.sees(8)

    reading.press("ArrowLeft")
    card = page.locator(".spread.on .turn")
    expect(card).to_contain_text("Finished chapter 1: The Weight of a Handful")
    expect(card).to_contain_text("Chapter 2 is missing, next is 3.")
    expect(card).to_contain_text("The next chapter is by Heron.")
    reading.press("ArrowLeft")

    reading.sees(1)
    expect(page.locator("#heading")).to_have_text("Chapter 3: Tidewrit")


def test_before_page_1_lies_the_last_spread_of_the_chapter_before(
    reading: Reading, shelf: Shelf
) -> None:
    before = shelf.add("1")
    reading.open(shelf.add("2")).sees(1)

    reading.press("ArrowRight")

    reading.sees(8)
    reading.page.wait_for_url(f"**/read/{before.pk}/8")


def test_the_first_page_of_all_says_so(reading: Reading, shelf: Shelf) -> None:
    reading.open(shelf.add("1")).press("ArrowRight")

    expect(reading.page.locator("#toast")).to_contain_text("This is the first page.")


def test_at_the_end_of_all_one_is_up_to_date(reading: Reading, shelf: Shelf) -> None:
    reading.open(shelf.add("1"), page=8).press("ArrowLeft")

    expect(reading.page.locator(".spread.on .turn h2")).to_have_text("You are up to date")


def test_keep_reading_goes_on(reading: Reading, shelf: Shelf) -> None:
    first = shelf.add("1")
    shelf.add("2")
    reading.open(first, page=8).press("ArrowLeft")

    reading.page.get_by_role("button", name="Keep reading").click()

    reading.sees(1)
    expect(reading.page.locator("#heading")).to_have_text("Chapter 2")


def test_going_straight_on_skips_the_calm_page(reading: Reading, shelf: Shelf) -> None:
    choose(reading.user, straight_on=True)
    first = shelf.add("1")
    shelf.add("2")
    reading.open(first, page=8).press("ArrowLeft")

    expect(reading.page.locator("#heading")).to_have_text("Chapter 2")


def test_going_straight_on_stops_at_a_gap(reading: Reading, shelf: Shelf) -> None:
    choose(reading.user, straight_on=True)
    first = shelf.add("1")
    shelf.add("3")
    reading.open(first, page=8).press("ArrowLeft")

    expect(reading.page.locator(".spread.on .turn .miss")).to_be_visible()


def test_side_buttons_change_the_chapter(reading: Reading, shelf: Shelf) -> None:
    first = shelf.add("1")
    shelf.add("2")
    page = reading.open(first).page

    page.locator("[data-act=left]").click()
    expect(page.locator("#heading")).to_have_text("Chapter 2")
    page.locator("[data-act=right]").click()
    expect(page.locator("#heading")).to_have_text("Chapter 1")


def test_a_chapter_that_does_not_open_keeps_the_reader_where_they_are(
    reading: Reading, shelf: Shelf
) -> None:
    first = shelf.add("1", [(420, 600)] * 30)
    shelf.add("2")
    reading.page.route("**/read/*?as=data", lambda route: route.abort())
    reading.open(first).press("n")

    expect(reading.page.locator("#toast")).to_contain_text("Chapter 2 could not be opened.")
    reading.sees(1)


def test_escape_closes_what_is_open_then_the_reader(reading: Reading, shelf: Shelf) -> None:
    page = reading.open(shelf.add("1")).page
    reading.press("s")
    expect(page.locator("#tune")).to_be_visible()

    reading.press("Escape")
    expect(page.locator("#tune")).to_be_hidden()
    reading.press("Escape")

    page.wait_for_url(f"**/series/{shelf.series.pk}")

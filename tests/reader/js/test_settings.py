"""The reader's settings: kept for the series, on the device, or until it closes."""

import pytest
from playwright.sync_api import Route, expect

from reader.preferences import choose, resolve
from tests.reader.js.conftest import SLICE, Reading, Shelf

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_layout_is_kept_for_the_series(reading: Reading, shelf: Shelf) -> None:
    chapter = shelf.add("1")
    with reading.page.expect_response("**/reading") as answer:
        reading.open(chapter).press("1")
    assert answer.value.ok

    assert resolve(reading.user, shelf.series).choices.layout == "single"
    reading.open(chapter, page=2).sees(2)


def test_where_a_setting_comes_from_is_said_and_it_can_go_back(
    reading: Reading, shelf: Shelf
) -> None:
    choose(reading.user, shelf.series, direction="ltr")
    page = reading.open(shelf.add("1")).page
    reading.press("s")
    expect(page.locator("[data-from=fit]")).to_have_text("Default")

    with page.expect_response("**/reading"):
        page.get_by_role("button", name="Use default (right to left)").click()

    expect(page.locator("[data-from=direction]")).to_have_text("From the library")
    assert resolve(reading.user, shelf.series).origins["direction"] == "library"


def test_light_is_kept_on_the_device_and_negative_is_not(reading: Reading, shelf: Shelf) -> None:
    chapter = shelf.add("1")
    page = reading.open(chapter).page
    reading.press("x", "i")
    stage = page.locator("#stage")
    expect(stage).to_have_attribute("style", "--adjust: grayscale(1) invert(1);")

    page.reload()
    page.wait_for_function("() => document.body.dataset.layout")

    expect(stage).to_have_attribute("style", "--adjust: grayscale(1);")


def test_the_background_is_chosen(reading: Reading, shelf: Shelf) -> None:
    page = reading.open(shelf.add("1")).page
    reading.press("s")

    page.get_by_text("Black", exact=True).click()

    expect(page.locator("body")).to_have_css("background-color", "rgb(0, 0, 0)")


def test_an_e_ink_screen_is_white_and_still(reading: Reading, shelf: Shelf) -> None:
    page = reading.open(shelf.add("1")).page
    reading.press("s")

    page.get_by_label("E-ink screen").check()

    expect(page.locator("html")).to_have_attribute("data-display", "eink")
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")


def test_single_keys_rest_where_they_are_switched_off(reading: Reading, shelf: Shelf) -> None:
    page = reading.open(shelf.add("1")).page
    page.evaluate("document.documentElement.dataset.keys = 'off'")

    reading.press("1", "ArrowLeft")

    reading.sees(3, 2)


def test_keys_in_a_field_are_the_fields(reading: Reading, shelf: Shelf) -> None:
    page = reading.open(shelf.add("1")).page
    reading.press("s")
    page.locator("#brightness").focus()

    reading.press("ArrowLeft")

    reading.sees(1)
    expect(page.locator("#brightness")).to_have_value("99")


def test_settings_are_as_chosen_before_the_first_page_is_here(
    reading: Reading, shelf: Shelf
) -> None:
    waiting: list[Route] = []
    page = reading.page

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route("**/p/**", hold)
    page.goto(f"{reading.base}/read/{shelf.add('1').pk}", wait_until="domcontentloaded")
    page.wait_for_function("() => document.body.dataset.layout")
    reading.press("s")
    expect(page.locator("#brightness")).to_have_value("100")
    assert waiting
    page.goto("about:blank")


def test_a_click_beside_the_panel_only_closes_it(reading: Reading, shelf: Shelf) -> None:
    page = reading.open(shelf.add("1")).page
    reading.press("s")

    page.mouse.click(100, 450)

    expect(page.locator("#tune")).to_be_hidden()
    reading.sees(1)


def test_the_layout_shown_as_chosen_is_the_one_in_use(reading: Reading, shelf: Shelf) -> None:
    page = reading.open(shelf.add("1", [SLICE] * 4)).page

    expect(page.locator("input[name=layout][value=scroll]")).to_be_checked()

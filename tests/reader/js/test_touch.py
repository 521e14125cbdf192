"""A reader with a phone, and one with a mouse."""

import re

import pytest
from playwright.sync_api import Page, expect

from reader.preferences import choose, pairing_of
from tests.reader.js.conftest import Reading, Shelf, unhurried

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

LEFT, MIDDLE, RIGHT = (40, 420), (195, 420), (350, 420)


def swipe(page: Page, from_x: int, to_x: int, y: int = 420) -> None:
    """A real touch, as the browser gets it from a screen."""
    client = page.context.new_cdp_session(page)
    steps = [from_x + (to_x - from_x) * part // 6 for part in range(7)]
    for at, x in enumerate(steps):
        client.send(
            "Input.dispatchTouchEvent",
            {"type": "touchMove" if at else "touchStart", "touchPoints": [{"x": x, "y": y}]},
        )
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_phone_shows_one_page(on_phone: Reading, shelf: Shelf) -> None:
    on_phone.open(shelf.add("1"), page=2).sees(2)

    expect(on_phone.page.locator("#shift")).to_be_disabled()
    assert not on_phone.page.evaluate("document.body.scrollWidth > innerWidth")


def test_taps_at_the_edges_turn_by_direction(on_phone: Reading, shelf: Shelf) -> None:
    on_phone.open(shelf.add("1")).sees(1)

    on_phone.page.touchscreen.tap(*LEFT)
    on_phone.sees(2)
    on_phone.page.touchscreen.tap(*RIGHT)
    on_phone.sees(1)


def test_swapped_taps_turn_the_other_way(on_phone: Reading, shelf: Shelf) -> None:
    on_phone.page.add_init_script("localStorage.setItem('km.device', '{\"swap\":true}')")
    on_phone.open(shelf.add("1")).page.touchscreen.tap(*RIGHT)

    on_phone.sees(2)


def test_a_tap_in_the_middle_shows_and_hides_the_controls(on_phone: Reading, shelf: Shelf) -> None:
    page = on_phone.open(shelf.add("1")).page
    body = page.locator("body")
    expect(body).to_have_attribute("data-chrome", "on")

    page.touchscreen.tap(*MIDDLE)
    expect(body).to_have_attribute("data-chrome", "off")
    page.touchscreen.tap(*MIDDLE)
    expect(body).to_have_attribute("data-chrome", "on")


def test_the_first_turn_hides_the_controls(on_phone: Reading, shelf: Shelf) -> None:
    page = on_phone.open(shelf.add("1")).page

    page.touchscreen.tap(*LEFT)

    expect(page.locator("body")).to_have_attribute("data-chrome", "off")
    expect(page.locator(".count")).to_be_visible()


def test_a_double_tap_in_the_middle_doubles(on_phone: Reading, shelf: Shelf) -> None:
    unhurried(on_phone.page, 220)
    page = on_phone.open(shelf.add("1")).page
    expect(page.locator(".spread.on .pg.ok")).to_have_count(1)

    page.touchscreen.tap(*MIDDLE)
    page.touchscreen.tap(*MIDDLE)

    page.wait_for_function(
        """() => {
          const { width } = document.querySelector('.spread.on .in').getBoundingClientRect();
          return Math.abs(width - 780) <= 1;
        }"""
    )


def test_taps_at_the_edges_rest_while_zoomed(on_phone: Reading, shelf: Shelf) -> None:
    page = on_phone.open(shelf.add("1")).page
    on_phone.press("+")

    page.touchscreen.tap(*LEFT)
    on_phone.sees(1)
    on_phone.press("ArrowLeft")
    on_phone.sees(2)


@pytest.mark.parametrize(("direction", "ends"), [("rtl", 2), ("ltr", 1)])
def test_a_swipe_turns_by_direction(
    on_phone: Reading, shelf: Shelf, direction: str, ends: int
) -> None:
    choose(on_phone.user, shelf.series, direction=direction)
    page = on_phone.open(shelf.add("1")).page
    on_phone.sees(1)

    swipe(page, 80, 300)

    on_phone.sees(ends)


def test_a_short_swipe_turns_nothing(on_phone: Reading, shelf: Shelf) -> None:
    page = on_phone.open(shelf.add("1")).page

    swipe(page, 150, 185)

    on_phone.sees(1)
    page.wait_for_function("() => !document.querySelector('.spread.on').style.transform")


def test_the_strip_scrolls_under_a_finger_and_taps_step(on_phone: Reading, shelf: Shelf) -> None:
    choose(on_phone.user, shelf.series, layout="scroll")
    page = on_phone.open(shelf.add("1", [(400, 1600)] * 4)).page

    page.touchscreen.tap(195, 640)

    page.wait_for_function("() => document.querySelector('#stage').scrollTop > 600")


def test_zones_are_shown_the_first_time(on_phone: Reading, shelf: Shelf) -> None:
    unhurried(on_phone.page, 1500)
    page = on_phone.open(shelf.add("1")).page
    expect(page.locator(".zones")).to_have_class("zones show")
    expect(page.locator(".zones .next")).to_have_text("Next")

    page.reload()
    page.wait_for_function("() => document.body.dataset.layout")

    expect(page.locator(".zones")).to_have_class("zones")


def test_a_click_at_the_side_turns(reading: Reading, shelf: Shelf) -> None:
    reading.open(shelf.add("1")).page.mouse.click(100, 450)

    reading.sees(3, 2)


def test_the_wheel_with_ctrl_magnifies(reading: Reading, shelf: Shelf) -> None:
    page = reading.open(shelf.add("1")).page
    before = page.locator(".spread.on .in").evaluate("(box) => box.getBoundingClientRect().width")
    page.mouse.move(720, 450)

    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")

    page.wait_for_function(
        "(width) => document.querySelector('.spread.on .in').getBoundingClientRect().width > width",
        arg=before * 1.1,
    )


def test_a_spread_goes_with_the_finger_and_the_next_comes_along(
    on_phone: Reading, shelf: Shelf
) -> None:
    page = on_phone.open(shelf.add("1")).page
    expect(page.locator(".spread .pg.ok")).to_have_count(4)
    client = page.context.new_cdp_session(page)

    for kind, x in (("touchStart", 100), ("touchMove", 140), ("touchMove", 200)):
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": 420}]})

    page.wait_for_function(
        """() => [...document.querySelectorAll('.spread')].slice(0, 2)
          .map((one) => Math.round(one.getBoundingClientRect().left)).join() === '100,-290'"""
    )
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    on_phone.sees(2)


def test_a_long_press_opens_the_pages_menu_and_turns_nothing(
    pressing: Reading, shelf: Shelf
) -> None:
    page = pressing.open(shelf.add("1")).page
    client = page.context.new_cdp_session(page)
    touch = {"type": "touchStart", "touchPoints": [{"x": 40, "y": 420}]}
    client.send("Input.dispatchTouchEvent", touch)
    expect(page.locator("#page-menu")).to_be_visible()

    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    expect(page.locator("#page-menu")).to_contain_text("Page 1")
    pressing.sees(1)


def test_a_page_is_pinned_alone_from_its_menu(reading: Reading, shelf: Shelf) -> None:
    chapter = shelf.add("1")
    page = reading.open(chapter, page=2).page
    reading.sees(3, 2)

    page.mouse.click(1000, 450, button="right")
    with page.expect_response("**/pairing") as answer:
        page.get_by_role("button", name="Show alone").click()

    assert answer.value.ok
    reading.sees(2)
    reading.press("ArrowLeft")
    reading.sees(4, 3)
    assert chapter.content is not None
    assert pairing_of(reading.user, chapter.content).alone == [2]


def test_a_phone_asks_for_smaller_images_until_it_magnifies(
    on_phone: Reading, shelf: Shelf
) -> None:
    page = on_phone.open(shelf.add("1", [(1680, 2400)] * 3)).page
    page.touchscreen.tap(*LEFT)
    on_phone.sees(2)
    shown = page.locator(".spread.on img")
    expect(shown).to_have_attribute("src", re.compile(r"\?width=800$"))

    on_phone.press("+", "+")

    expect(shown).not_to_have_attribute("src", re.compile("width"))


def test_a_message_takes_one_line_on_a_phone(on_phone: Reading, shelf: Shelf) -> None:
    page = on_phone.open(shelf.add("1")).page
    page.keyboard.press("Home")
    toast = page.locator("#toast")
    toast.evaluate(
        "box => { box.hidden = false; box.children[1].hidden = false;"
        " box.children[0].textContent = 'Your computer is on page 5.';"
        " box.children[1].textContent = 'Go there'; }"
    )

    assert toast.locator("span").evaluate("span => span.getClientRects().length") == 1
    assert toast.locator("span").evaluate("span => span.offsetHeight < 30")


def test_the_smallest_phone_keeps_the_choice_of_layout(on_phone: Reading, shelf: Shelf) -> None:
    page = on_phone.open(shelf.add("1")).page
    page.set_viewport_size({"width": 320, "height": 640})

    widths = page.locator(".bar-b label:has([data-set='layout'])").evaluate_all(
        "labels => labels.map((label) => label.offsetWidth)"
    )

    assert len(widths) == 3
    assert min(widths) >= 32
    assert not page.evaluate("document.body.scrollWidth > innerWidth")

"""Opening and turning pages."""

import pytest
from playwright.sync_api import expect

from library.models import PageGeometries
from library.shapes import GeometryList, PageGeometry
from reader.preferences import choose
from reader.progress import turn_to
from tests.reader.js.conftest import SLICE, TALL, WIDE, WITH_WIDE, Reading, Shelf, noon

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_two_pages_lie_side_by_side_right_to_left(reading: Reading, shelf: Shelf) -> None:
    reading.open(shelf.add("1", WITH_WIDE)).sees(1)

    reading.press("ArrowLeft")

    reading.sees(3, 2)
    reading.counts("2–3 / 12")


def test_left_to_right_the_first_of_a_pair_is_left(reading: Reading, shelf: Shelf) -> None:
    choose(reading.user, shelf.series, direction="ltr")
    reading.open(shelf.add("1", WITH_WIDE))

    reading.press("ArrowRight")

    reading.sees(2, 3)


def test_wide_pages_stand_alone_and_pairing_starts_anew(reading: Reading, shelf: Shelf) -> None:
    reading.open(shelf.add("1", WITH_WIDE), page=4).sees(5, 4)

    for spread in ((6,), (8, 7), (10, 9), (11,), (12,)):
        reading.press("ArrowLeft")
        reading.sees(*spread)


def test_an_even_count_before_the_first_wide_page_pairs_page_1(
    reading: Reading, shelf: Shelf
) -> None:
    reading.open(shelf.add("1", [TALL, TALL, WIDE, TALL])).sees(2, 1)


def test_a_drawing_over_two_pages_stands_together_and_its_borders_are_trimmed(
    reading: Reading, shelf: Shelf
) -> None:
    choose(reading.user, shelf.series, trim=True)
    chapter = shelf.add("1")
    seen = [PageGeometry(tint="#ffffff") for _ in range(8)]
    seen[2] = PageGeometry(tint="#ffffff", box=(206, 106, 1000, 900), rtl=0.99)
    row = PageGeometries(content=chapter.content)
    row.list = GeometryList(pages=seen)
    row.save()

    reading.open(chapter, page=3).sees(4, 3)

    trimmed, whole = (
        reading.page.locator(f".spread.on .pg[data-n='{number}']") for number in (3, 4)
    )
    box, image = trimmed.bounding_box(), trimmed.locator("img").bounding_box()
    beside = whole.bounding_box()
    assert box
    assert image
    assert beside
    assert round(image["width"] / box["width"], 2) == 1.25
    assert round((box["x"] - image["x"]) / image["width"], 2) == 0.2
    assert round(box["height"]) == round(beside["height"])


def test_it_opens_where_one_left_off(reading: Reading, shelf: Shelf) -> None:
    chapter = shelf.add("1", WITH_WIDE)
    turn_to(reading.user, chapter.content, 7, noon(), "tablet")

    reading.open(chapter).sees(8, 7)


def test_shifting_the_pairs_is_kept_over_a_reload(reading: Reading, shelf: Shelf) -> None:
    reading.open(shelf.add("1"), page=2).sees(3, 2)
    with reading.page.expect_response("**/pairing") as answer:
        reading.press("o")
    reading.sees(2, 1)
    assert answer.value.ok

    reading.page.reload()

    reading.sees(2, 1)
    expect(reading.page.locator("#shift")).to_have_attribute("aria-pressed", "false")


def test_space_goes_on_and_back_in_reading_order(reading: Reading, shelf: Shelf) -> None:
    reading.open(shelf.add("1")).sees(1)

    reading.press("Space", "Space")
    reading.sees(5, 4)
    reading.press("Shift+Space")
    reading.sees(3, 2)


def test_fast_turning_ends_where_it_should(reading: Reading, shelf: Shelf) -> None:
    reading.open(shelf.add("1", [TALL] * 40)).sees(1)

    reading.press(*["ArrowLeft"] * 10)

    reading.sees(21, 20)


def test_neighbours_wait_in_the_page_and_the_rest_is_dropped(
    reading: Reading, shelf: Shelf
) -> None:
    reading.open(shelf.add("1", [TALL] * 40), page=20).sees(21, 20)

    # One spread back, three ahead.
    held = reading.page.locator(".spread .pg.ok")
    expect(held).to_have_count(10)
    assert held.evaluate_all("all => all.map((each) => +each.dataset.n).sort((a, b) => a - b)") == [
        *range(18, 28)
    ]


def test_a_turn_to_a_page_that_is_there_shows_no_empty_box(reading: Reading, shelf: Shelf) -> None:
    reading.open(shelf.add("1"), page=2).sees(3, 2)
    expect(reading.page.locator(".spread .pg.ok")).to_have_count(8)

    shown = reading.page.evaluate(
        """async () => {
          const empty = [];
          const bare = '.spread.on .pg:not(.ok)';
          const look = () => empty.push(document.querySelectorAll(bare).length);
          document.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true }));
          for (let i = 0; i < 10; i += 1) { await new Promise(requestAnimationFrame); look(); }
          return Math.max(...empty);
        }"""
    )

    assert shown == 0


def test_layouts_switch_and_keep_the_page(reading: Reading, shelf: Shelf) -> None:
    reading.open(shelf.add("1"), page=4).sees(5, 4)

    reading.press("1")
    reading.sees(4)
    reading.press("3")
    reading.counts("4 / 8")
    reading.press("2")
    reading.sees(5, 4)


def test_a_narrow_stage_shows_one_page_and_comes_back_by_itself(
    reading: Reading, shelf: Shelf
) -> None:
    reading.open(shelf.add("1"), page=2).sees(3, 2)

    reading.page.set_viewport_size({"width": 700, "height": 900})
    reading.sees(2)
    reading.page.set_viewport_size({"width": 1440, "height": 900})
    reading.sees(3, 2)


def test_a_chapter_of_slices_opens_in_scroll(reading: Reading, shelf: Shelf) -> None:
    reading.open(shelf.add("1", [SLICE] * 4))

    expect(reading.page.locator("body")).to_have_attribute("data-layout", "scroll")


def test_what_is_chosen_for_the_series_decides_over_the_slices(
    reading: Reading, shelf: Shelf
) -> None:
    choose(reading.user, shelf.series, layout="single")

    reading.open(shelf.add("1", [SLICE] * 4)).sees(1)


def test_one_step_back_in_the_browser_leaves_the_reader(reading: Reading, shelf: Shelf) -> None:
    chapter = shelf.add("1")
    reading.page.goto(f"{reading.base}/library")
    reading.open(chapter).press("ArrowLeft", "ArrowLeft")
    reading.sees(5, 4)
    reading.page.wait_for_url("**/4")

    reading.page.go_back()

    reading.page.wait_for_url("**/library")


def test_a_page_that_is_no_image_says_so_and_the_rest_is_read(
    reading: Reading, shelf: Shelf
) -> None:
    chapter = shelf.add("1", broken=(2,))

    reading.open(chapter).press("ArrowLeft")

    reading.sees(3, 2)
    expect(reading.page.locator(".spread.on .pg.broken")).to_have_count(1)
    expect(reading.page.locator(".spread.on .pg.ok")).to_have_count(1)


def test_a_new_position_is_said_once_the_reader_rests(reading: Reading, shelf: Shelf) -> None:
    reading.open(shelf.add("1")).press("ArrowLeft")

    expect(reading.page.locator("#live")).to_have_text("Pages 2 and 3 of 8")


def test_keys_fit_zoom_and_light(reading: Reading, shelf: Shelf) -> None:
    page = reading.open(shelf.add("1"), page=2).page
    reading.press("z")
    expect(page.locator("body")).to_have_attribute("data-fit", "width")
    reading.press("x", "+")
    expect(page.locator("#stage")).to_have_attribute("style", "--adjust: grayscale(1);")
    assert (
        page.evaluate("document.querySelector('.spread.on .in').style.getPropertyValue('--z')")
        == "1.25"
    )

    reading.press("ArrowLeft")

    reading.sees(5, 4)
    assert (
        page.evaluate("document.querySelector('.spread.on .in').style.getPropertyValue('--z')")
        == ""
    )


def test_the_first_image_is_asked_for_by_the_page_itself(reading: Reading, shelf: Shelf) -> None:
    asked: list[str] = []
    reading.page.on("request", lambda request: asked.append(request.url))

    reading.open(shelf.add("1"), page=3).sees(3, 2)
    expect(reading.page.locator(".spread.on .pg.ok")).to_have_count(2)

    pictures = [url for url in asked if "/p/" in url]
    assert "/3/" in pictures[0]
    assert len(pictures) == len(set(pictures))


def test_nothing_moves_once_it_is_painted(reading: Reading, shelf: Shelf) -> None:
    reading.page.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => list.getEntries().forEach((one) => {"
        " window.moved += one.value; })).observe({ type: 'layout-shift', buffered: true });"
    )
    reading.open(shelf.add("1", WITH_WIDE))
    for _ in range(7):
        reading.press("ArrowLeft")
    reading.sees(12)

    assert reading.page.evaluate("window.moved") < 0.01


def test_a_page_that_did_not_load_is_asked_for_again(reading: Reading, shelf: Shelf) -> None:
    reading.page.route("**/p/*/2/*", lambda route: route.abort(), times=2)
    reading.open(shelf.add("1"))
    # Once while it is held for later, once when it is turned to.
    expect(reading.page.locator(".spread .pg.bad")).to_have_count(1)
    reading.press("ArrowLeft")
    reading.sees(3, 2)
    expect(reading.page.locator(".spread.on .pg.bad")).to_have_count(1)

    reading.press("r")

    expect(reading.page.locator(".spread.on .pg.ok")).to_have_count(2)

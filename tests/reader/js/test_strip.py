"""Scroll: pages below each other, chapters flowing on."""

import pytest
from playwright.sync_api import expect

from reader.preferences import choose
from reader.progress import turn_to
from tests.reader.js.conftest import SLICE, Reading, Shelf, noon

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WHERE = """() => {
  const stage = document.querySelector('#stage');
  const boxes = [...document.querySelectorAll('.strip .pg')];
  const box = boxes.filter((each) => each.offsetTop <= stage.scrollTop).at(-1);
  return [boxes.indexOf(box), (stage.scrollTop - box.offsetTop) / box.offsetHeight];
}"""


@pytest.fixture
def scroll(reading: Reading, shelf: Shelf) -> Reading:
    choose(reading.user, shelf.series, layout="scroll")
    return reading


def scroll_to(reading: Reading, expression: str) -> None:
    reading.page.evaluate(
        "() => { const stage = document.querySelector('#stage');"
        f" stage.scrollTop = {expression}; }}"
    )


def test_the_place_stays_when_the_window_changes(scroll: Reading, shelf: Shelf) -> None:
    scroll.open(shelf.add("1", [SLICE] * 12))
    scroll_to(scroll, "9000")
    scroll.page.wait_for_function("() => document.querySelector('.count').textContent !== '1 / 12'")
    before = scroll.page.evaluate(WHERE)

    scroll.page.set_viewport_size({"width": 500, "height": 900})
    scroll.page.wait_for_function("() => document.querySelector('.strip .pg').offsetWidth === 500")

    after = scroll.page.evaluate(WHERE)
    assert after[0] == before[0]
    assert after[1] == pytest.approx(before[1], abs=0.01)


def test_the_place_stays_when_the_width_is_changed(scroll: Reading, shelf: Shelf) -> None:
    scroll.open(shelf.add("1", [SLICE] * 12))
    scroll_to(scroll, "9000")
    before = scroll.page.evaluate(WHERE)

    scroll.page.locator("#strip-width").evaluate(
        "(field) => { field.value = 400;"
        " field.dispatchEvent(new Event('input', { bubbles: true })); }"
    )

    after = scroll.page.evaluate(WHERE)
    assert after[0] == before[0]
    assert after[1] == pytest.approx(before[1], abs=0.01)


def test_slices_meet_without_seams(scroll: Reading, shelf: Shelf) -> None:
    scroll.open(shelf.add("1", [(401, 1603)] * 8))

    seams = scroll.page.evaluate(
        """() => {
          const boxes = [...document.querySelectorAll('.strip .pg')];
          const edges = boxes.map((one) => one.getBoundingClientRect());
          return edges.slice(1).map((one, at) => one.top - edges[at].bottom);
        }"""
    )

    assert seams == [0] * 7


def test_it_goes_on_into_the_next_chapter_and_finishes_the_one_before(
    scroll: Reading, shelf: Shelf
) -> None:
    first, second = shelf.add("1"), shelf.add("2")
    scroll.open(first)
    scroll_to(scroll, "stage.scrollHeight")
    # The next chapter has joined below; only then is there somewhere to go on to.
    expect(scroll.page.locator(".strip .turn")).to_have_count(2)
    scroll.counts("8 / 8")

    scroll_to(scroll, "stage.scrollHeight")

    expect(scroll.page.locator("#heading")).to_have_text("Chapter 2")
    scroll.saved(first, 8, finished=True)
    scroll.page.wait_for_url(f"**/read/{second.pk}/*")


def test_nothing_scrolls_by_itself_when_chapters_join_and_leave(
    scroll: Reading, shelf: Shelf
) -> None:
    first, *_ = [shelf.add(str(n)) for n in range(1, 7)]
    scroll.open(first)

    for number in range(1, 6):
        before = scroll.page.locator(".strip .turn").last.element_handle()
        scroll_to(scroll, "stage.scrollHeight")
        # The chapter after it has joined below.
        scroll.page.wait_for_function(
            "(last) => last !== [...document.querySelectorAll('.strip .turn')].at(-1)", arg=before
        )
        expect(scroll.page.locator("#heading")).to_have_text(f"Chapter {number}")
        scroll.counts("8 / 8")

    expect(scroll.page.locator(".strip .turn")).to_have_count(3)
    expect(scroll.page.locator(".strip .pg")).to_have_count(3 * 8)


def test_far_boxes_are_empty(scroll: Reading, shelf: Shelf) -> None:
    scroll.open(shelf.add("1", [SLICE] * 30))
    scroll_to(scroll, "0")

    filled = scroll.page.locator(".strip .pg img")
    expect(filled.nth(1)).to_be_attached()
    assert filled.count() <= 5


def test_it_opens_at_the_line_one_left_off(scroll: Reading, shelf: Shelf) -> None:
    chapter = shelf.add("1", [SLICE] * 8)
    turn_to(scroll.user, chapter.content, 4, noon(), "tablet", fraction=0.5)

    scroll.open(chapter)

    scroll.counts("4 / 8")
    part = scroll.page.evaluate(
        """() => {
          const stage = document.querySelector('#stage');
          const box = document.querySelectorAll('.strip .pg')[3];
          return (stage.scrollTop + stage.clientHeight * 0.4 - box.offsetTop) / box.offsetHeight;
        }"""
    )
    assert part == pytest.approx(0.5, abs=0.01)


def test_the_last_page_is_done_at_its_foot(scroll: Reading, shelf: Shelf) -> None:
    chapter = shelf.add("1", [SLICE] * 3)
    scroll.open(chapter)
    scroll_to(scroll, "document.querySelectorAll('.strip .pg')[2].offsetTop")
    assert not scroll.saved(chapter, 3).is_finished

    scroll_to(scroll, "stage.scrollHeight")

    scroll.saved(chapter, 3, finished=True)


def test_keys_and_the_slider_move_in_the_strip(scroll: Reading, shelf: Shelf) -> None:
    scroll.open(shelf.add("1", [SLICE] * 8)).press("End")
    scroll.counts("8 / 8")

    scroll.press("Home")
    scroll.counts("1 / 8")
    scroll.press("g", "ArrowRight")
    scroll.counts("2 / 8")

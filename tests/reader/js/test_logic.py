"""The reader's pure logic, run by itself in the browser: no server, no page."""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

MODULES = Path(__file__).parents[3] / "static/js/reader"
TALL, WIDE, SLICE = {"w": 84, "h": 120}, {"w": 168, "h": 120}, {"w": 80, "h": 400}

type Logic = Callable[..., Any]


@pytest.fixture(scope="module")
def logic(browser: Browser) -> Iterator[Logic]:
    """logic("pairing", "spreadsOf(pages, {})", pages=[…]) → what it answers."""
    context = browser.new_context()
    page = context.new_page()
    page.route("http://logic.test/", lambda route: route.fulfill(body="<!doctype html>"))
    page.route(
        "http://logic.test/*.js",
        lambda route: route.fulfill(
            body=(MODULES / route.request.url.rpartition("/")[2]).read_text(),
            content_type="text/javascript",
        ),
    )
    page.goto("http://logic.test/")

    def run(module: str, expression: str, **given: Any) -> Any:
        names = ", ".join(given)
        return page.evaluate(
            f"async ([{names}]) => (await import('/{module}.js')).{expression}",
            list(given.values()),
        )

    yield run
    context.close()


@pytest.mark.parametrize(
    ("before_wide", "alone"), [(1, True), (2, False), (3, True), (4, False), (5, True)]
)
def test_parity_of_the_first_wide_page_decides_page_1(
    logic: Logic, before_wide: int, alone: bool
) -> None:
    pages = [TALL] * before_wide + [WIDE, TALL]

    assert logic("pairing", "firstStandsAlone(pages, {})", pages=pages) is alone


@pytest.mark.parametrize("alone", [True, False])
def test_the_readers_flip_decides_over_parity(logic: Logic, alone: bool) -> None:
    pages = [TALL, WIDE]

    assert logic("pairing", "firstStandsAlone(pages, {flip})", pages=pages, flip=alone) is alone


@pytest.mark.parametrize("pages", [[TALL] * 4, [WIDE, TALL, TALL]])
@pytest.mark.parametrize("alone", [True, False])
def test_without_a_telling_wide_page_the_series_decides(
    logic: Logic, pages: list[dict[str, int]], alone: bool
) -> None:
    said = logic(
        "pairing", "firstStandsAlone(pages, {coverAlone: alone})", pages=pages, alone=alone
    )

    assert said is alone


@pytest.mark.parametrize(
    ("pages", "alone", "pinned", "spreads"),
    [
        ([], True, [], []),
        ([TALL], True, [], [[0]]),
        ([TALL], False, [], [[0]]),
        ([TALL] * 4, True, [], [[0], [1, 2], [3]]),
        ([TALL] * 4, False, [], [[0, 1], [2, 3]]),
        ([TALL, TALL, WIDE, TALL, TALL], False, [], [[0, 1], [2], [3, 4]]),
        ([TALL, WIDE, TALL, TALL, WIDE], True, [], [[0], [1], [2, 3], [4]]),
        ([WIDE, TALL, TALL], True, [], [[0], [1, 2]]),
        ([TALL] * 6, True, [2], [[0], [1], [2], [3, 4], [5]]),
        ([WIDE] * 2, False, [], [[0], [1]]),
    ],
)
def test_pages_are_paired(
    logic: Logic,
    pages: list[dict[str, int]],
    alone: bool,
    pinned: list[int],
    spreads: list[list[int]],
) -> None:
    said = logic(
        "pairing",
        "spreadsOf(pages, {double: true, alone, pinned: new Set(pinned)})",
        pages=pages,
        alone=alone,
        pinned=pinned,
    )

    assert said == spreads


TOLD = [{"first": 1, "last": 6, "pairs": [2, 4]}, {"first": 8, "last": 9, "pairs": []}]


@pytest.mark.parametrize(
    ("flip", "pinned", "spreads"),
    [
        (None, [], [[0], [1, 2], [3, 4], [5], [6], [7], [8]]),
        (False, [], [[0, 1], [2, 3], [4, 5], [6], [7], [8]]),
        (True, [], [[0], [1, 2], [3, 4], [5], [6], [7], [8]]),
        (None, [3], [[0], [1, 2], [3], [4, 5], [6], [7], [8]]),
        (None, [7], [[0], [1, 2], [3, 4], [5], [6], [7], [8]]),
    ],
)
def test_drawings_that_go_on_tell_pairs_until_a_person_does(
    logic: Logic, flip: bool | None, pinned: list[int], spreads: list[list[int]]
) -> None:
    given = {"pages": [*[TALL] * 6, WIDE, TALL, TALL], "told": TOLD, "flip": flip}
    alone = logic("pairing", "firstStandsAlone(pages, {told, flip})", **given)
    said = logic(
        "pairing",
        "spreadsOf(pages, {double: true, alone, told, flip, pinned: new Set(pinned)})",
        **given,
        alone=alone,
        pinned=pinned,
    )
    assert (alone, said) == (flip is not False, spreads)


def test_both_pages_of_a_pair_lose_the_same_at_top_and_bottom(logic: Logic) -> None:
    pages = [TALL | {"box": [106, 56, 956, 900]}, TALL | {"box": [6, 26, 700, 960]}]
    said = logic("geometry", "trimmed(pages, true)", pages=pages)
    assert [page["crop"] for page in said] == [[100, 20, 962, 966], [0, 20, 750, 966]]
    assert said[0]["h"] == said[1]["h"]
    assert said[1]["w"] == TALL["w"] * 0.75
    assert logic("geometry", "trimmed(pages, false)", pages=pages) == pages


def test_in_single_every_page_is_a_spread(logic: Logic) -> None:
    assert logic("pairing", "spreadsOf(pages)", pages=[TALL, WIDE]) == [[0], [1]]


@pytest.mark.parametrize(("width", "wide"), [(114, False), (115, True)])
def test_a_page_is_wide_from_a_ratio_of_1_15(logic: Logic, width: int, wide: bool) -> None:
    assert logic("pairing", "isWide(page)", page={"w": width, "h": 100}) is wide


@pytest.mark.parametrize(
    ("x", "y", "how", "zone"),
    [
        (10, 50, {}, "next"),
        (90, 50, {}, "back"),
        (50, 50, {}, "controls"),
        (10, 50, {"direction": "ltr"}, "back"),
        (90, 50, {"direction": "ltr"}, "next"),
        (10, 50, {"swap": True}, "back"),
        (90, 50, {"direction": "ltr", "swap": True}, "back"),
        (10, 50, {"zones": "off"}, "controls"),
        (50, 10, {"zones": "l"}, "back"),
        (50, 90, {"zones": "l"}, "next"),
        (10, 50, {"zones": "l"}, "next"),
        (50, 50, {"zones": "l"}, "controls"),
        (10, 10, {"layout": "scroll"}, "back"),
        (10, 90, {"layout": "scroll"}, "next"),
        (10, 50, {"layout": "scroll"}, "controls"),
    ],
)
def test_a_tap_means_what_its_zone_says(
    logic: Logic, x: int, y: int, how: dict[str, Any], zone: str
) -> None:
    assert logic("zones", "zoneAt(x, y, 100, 100, how)", x=x, y=y, how=how) == zone


@pytest.mark.parametrize(
    ("width", "height", "layout"), [(1049, 1000, "single"), (1050, 1000, "double")]
)
def test_two_pages_need_room(logic: Logic, width: int, height: int, layout: str) -> None:
    assert logic("geometry", "layoutFor('double', w, h)", w=width, h=height) == layout
    assert logic("geometry", "layoutFor('scroll', w, h)", w=width, h=height) == "scroll"


@pytest.mark.parametrize(
    ("shown", "original", "width"),
    [(700, 3000, 800), (800, 1600, 800), (800, 1599, 0), (801, 3000, 1200), (1700, 9000, 0)],
)
def test_a_smaller_image_is_asked_for_where_the_original_is_far_larger(
    logic: Logic, shown: int, original: int, width: int
) -> None:
    assert logic("geometry", "widthFor(shown, original)", shown=shown, original=original) == width


@pytest.mark.parametrize(
    ("fit", "width"), [("screen", 350), ("width", 1000), ("height", 350), ("original", None)]
)
def test_how_wide_a_spread_lies_follows_from_the_fit(
    logic: Logic, fit: str, width: int | None
) -> None:
    said = logic("geometry", "spreadWidth(fit, 0.7, 1000, 500)", fit=fit)

    assert said == (float("inf") if width is None else width)


@pytest.mark.parametrize(
    ("pages", "origin", "layout"),
    [
        ([SLICE] * 3, "default", "scroll"),
        ([SLICE] * 3, "library", "scroll"),
        ([SLICE] * 3, "series", "double"),
        ([TALL, TALL, SLICE], "default", "double"),
        ([], "default", "double"),
    ],
)
def test_slices_open_in_scroll_unless_the_series_says(
    logic: Logic, pages: list[dict[str, int]], origin: str, layout: str
) -> None:
    said = logic("geometry", "openingLayout(pages, 'double', origin)", pages=pages, origin=origin)

    assert said == layout


def test_neighbours_are_held_nearest_first(logic: Logic) -> None:
    assert logic("geometry", "heldAround(5, 20)") == [5, 6, 4, 7, 8]
    assert logic("geometry", "heldAround(0, 2)") == [0, 1]
    assert logic("geometry", "heldAround(5, 20, {ahead: 1, behind: 0})") == [5, 6]


@pytest.mark.parametrize(("y", "index"), [(0, 0), (99, 0), (100, 1), (250, 2), (9999, 2)])
def test_the_page_at_a_line_is_found(logic: Logic, y: int, index: int) -> None:
    assert logic("geometry", "pageAt([0, 100, 200], y)", y=y) == index


def test_positions_are_said_in_words(logic: Logic) -> None:
    pages = [TALL, TALL, TALL, WIDE]

    assert logic("geometry", "words([1, 2], pages)", pages=pages) == "Pages 2 and 3 of 4"
    assert logic("geometry", "words([0], pages)", pages=pages) == "Page 1 of 4"
    assert logic("geometry", "words([3], pages)", pages=pages) == "Page 4 of 4, wide"
    assert logic("geometry", "words([], pages)", pages=pages) == "End of chapter"


def row(minute: int, page: int, done: bool = False) -> dict[str, Any]:
    return {"at": f"2026-03-01T12:{minute:02}:00Z", "page": page, "done": done}


def test_the_newer_row_waits_and_no_finish_is_lost(logic: Logic) -> None:
    old, new = row(1, 20, done=True), row(2, 3)

    for first, second in ((old, new), (new, old)):
        said = logic("outbox", "merged(a, b)", a=first, b=second)
        assert (said["page"], said["done"]) == (3, True)
    assert logic("outbox", "merged(undefined, b)", b=new) == new


@pytest.mark.parametrize(
    ("minute", "page", "further"), [(2, 9, True), (2, 2, False), (0, 9, False)]
)
def test_another_device_is_further_when_later_and_on_a_later_page(
    logic: Logic, minute: int, page: int, further: bool
) -> None:
    said = logic("outbox", "isFurther(kept, mine)", kept=row(minute, page), mine=row(1, 5))

    assert said is further


@pytest.mark.parametrize(
    ("light", "css"),
    [
        ({}, "none"),
        ({"brightness": 80}, "brightness(80%)"),
        (
            {"warmth": 20, "greyscale": True, "negative": True},
            "sepia(20%) grayscale(1) invert(1)",
        ),
    ],
)
def test_light_is_one_filter_absent_at_defaults(
    logic: Logic, light: dict[str, Any], css: str
) -> None:
    assert logic("light", "filterFor(light)", light=light) == css


def test_the_script_keeps_its_budget() -> None:
    """40 KB for all of the page's scripts, compressed."""
    sources = b"".join(path.read_bytes() for path in sorted(MODULES.glob("*.js")))

    assert len(gzip.compress(sources)) < 40_000

"""The pages in a browser: scripts, keys, narrow and wide screens."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job, State
from library.models import Library, Series
from reader.listing import PER_PAGE
from reader.models import Progress
from reader.progress import mark_read
from tests.factories import make_chapter, make_content, make_library, make_series

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (320, 600, 900, 1440, 1920)
# Controls below 44 px, with their height; not links within a sentence.
SMALL = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select')]
  .filter((one) => one.checkVisibility() && !one.matches('p a, .skip'))
  .map((one) => [(one.closest('label') ?? one).getBoundingClientRect().height, one.outerHTML])
  .filter(([height]) => height > 2 && height < 44)"""


@pytest.fixture
def page(desk_page: Page) -> Page:
    desk_page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    return desk_page


@pytest.fixture
def come_in(client: Client, live: str, page: Page) -> Callable[..., Page]:
    """Opens an address as this person, and fails on errors in the console."""

    def opened(user: User, path: str) -> Page:
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        signed_in = {"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live}
        page.context.add_cookies([signed_in])
        page.on(
            "console",
            lambda said: (
                pytest.fail(f"console: {said.text}")
                if said.type == "error" and "Content Security" in said.text
                else None
            ),
        )
        page.goto(live + path)
        return page

    return opened


@pytest.fixture
def shelf(alice: User) -> Library:
    """More series than one page holds; the first has four chapters, one of them read."""
    library = make_library()
    for n in range(PER_PAGE + 5):
        make_chapter(make_series(library, f"Series {n:03}"), "1")
    first = Series.objects.get(title="Series 000")
    for number in ("2", "3", "4"):
        make_chapter(first, number)
    mark_read(alice, first.chapters.filter(number="1"))
    return library


def test_more_series_come_as_one_scrolls(
    come_in: Callable[..., Page], alice: User, shelf: Library
) -> None:
    page = come_in(alice, "/library?sort=title")
    expect(page.locator(".tile")).to_have_count(PER_PAGE)

    page.locator("#more").scroll_into_view_if_needed()

    expect(page.locator(".tile")).to_have_count(PER_PAGE + 5)
    expect(page.locator("#more")).to_have_count(0)


def test_typing_searches_and_keeps_the_focus(
    come_in: Callable[..., Page], alice: User, shelf: Library
) -> None:
    page = come_in(alice, "/library?sort=title")

    page.keyboard.press("/")
    page.keyboard.type("series 06")

    expect(page.locator(".tile")).to_have_count(6)
    expect(page.locator("#search-side")).to_be_focused()
    expect(page).to_have_url(re.compile("search=series%2006"))
    assert "sort=title" in page.url


def test_back_from_the_reader_shows_where_one_is_now(
    come_in: Callable[..., Page], alice: User, shelf: Library
) -> None:
    page = come_in(alice, f"/series/{Series.objects.get(title='Series 000').pk}")
    # The first answer sets a cookie, and what was answered before it is not kept.
    page.reload()
    begin = page.locator("a.btn.read").first
    expect(begin).to_have_text(re.compile("Continue ch. 2"))
    begin.click()
    page.wait_for_url("**/read/**")

    with page.expect_response(lambda answer: '"done":true' in (answer.request.post_data or "")):
        page.keyboard.press("End")
    page.go_back()

    expect(begin).to_have_text(re.compile("Continue ch. 3"))


def test_back_undoes_a_filter(come_in: Callable[..., Page], alice: User, shelf: Library) -> None:
    page = come_in(alice, "/library?sort=title")
    page.get_by_role("link", name="Unread", exact=True).click()
    page.wait_for_url("**unread=any**")

    page.go_back()

    expect(page.locator(".chip.on")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("unread"))


def test_arrows_walk_the_grid(come_in: Callable[..., Page], alice: User, shelf: Library) -> None:
    page = come_in(alice, "/library?sort=title")
    page.locator(".tile").first.focus()

    page.keyboard.press("ArrowRight")
    expect(page.locator(".tile").nth(1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(page.locator(".tile").nth(1)).to_be_focused()


def test_a_menu_opens_beside_its_button(
    come_in: Callable[..., Page], alice: User, shelf: Library
) -> None:
    page = come_in(alice, "/library")
    button = page.locator("[popovertarget=sorts]")

    button.click()
    # The script places it a moment after it opened.
    expect(page.locator("#sorts")).to_have_css("position", "fixed")
    expect(page.locator("#sorts")).to_have_attribute("style", re.compile("inset"))

    at, menu = button.bounding_box(), page.locator("#sorts").bounding_box()
    assert at is not None
    assert menu is not None
    assert 0 <= menu["y"] - at["y"] - at["height"] <= 20
    assert abs(menu["x"] + menu["width"] - at["x"] - at["width"]) <= 1


def test_marking_keeps_the_place_and_the_focus(
    come_in: Callable[..., Page], alice: User, shelf: Library
) -> None:
    series = Series.objects.get(title="Series 000")
    page = come_in(alice, f"/series/{series.pk}")

    page.get_by_role("button", name="Mark Chapter 2 read").click()

    expect(page.get_by_role("button", name="Mark Chapter 2 unread")).to_be_focused()
    assert Progress.objects.of(alice).finished().count() == 2
    assert page.url.endswith(str(series.pk))


def test_keys_mark_what_is_focused(
    come_in: Callable[..., Page], alice: User, shelf: Library
) -> None:
    series = Series.objects.get(title="Series 000")
    page = come_in(alice, f"/series/{series.pk}")
    page.locator("a.ch").nth(1).focus()

    page.keyboard.press("Shift+R")

    expect(page.locator("h2 .dim")).to_have_text("1 unread")
    assert Progress.objects.of(alice).finished().count() == 3


def test_c_continues(come_in: Callable[..., Page], alice: User, shelf: Library) -> None:
    series = Series.objects.get(title="Series 000")
    page = come_in(alice, f"/series/{series.pk}")

    page.keyboard.press("c")

    page.wait_for_url(f"**/read/{series.chapters.get(number='2').pk}")


def test_continue_is_in_sight_under_a_very_long_title(
    come_in: Callable[..., Page], alice: User, shelf: Library
) -> None:
    Series.objects.filter(title="Series 000").update(title="The reincarnated accountant " * 9)
    page = come_in(alice, "/")

    for width, height in ((1440, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        expect(page.get_by_role("link", name="Continue")).to_be_in_viewport()


def test_the_admin_and_the_description_of_the_api_wear_the_chosen_theme(
    come_in: Callable[..., Page], alice: User, live: str
) -> None:
    page = come_in(alice, "/")
    page.emulate_media(color_scheme="light")
    page.evaluate("localStorage.theme = 'dark'")

    for path in ("/", "/admin/", "/api/docs"):
        page.goto(live + path)
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert paper.startswith("oklch(0.168"), path


def test_the_chosen_theme_stays(
    come_in: Callable[..., Page], alice: User, shelf: Library, live: str
) -> None:
    page = come_in(alice, "/library")
    was = page.evaluate("getComputedStyle(document.body).backgroundColor")

    page.locator(".side [data-theme-toggle]").click()
    page.goto(live + "/activity")

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != was


def test_a_tint_of_the_next_page_is_applied(
    come_in: Callable[..., Page], alice: User, shelf: Library
) -> None:
    cover = make_content(3, cover_state="ready", tint="#b8643c")
    Series.objects.filter(title="Series 064").update(cover=cover)
    page = come_in(alice, "/library?sort=title")

    page.locator("#more").scroll_into_view_if_needed()

    last = page.locator("[data-tint]").last
    expect(last).to_have_css("background-color", "rgb(184, 100, 60)")


def test_activity_moves_by_itself_and_keeps_what_is_there(
    come_in: Callable[..., Page], alice: User
) -> None:
    job = Job.objects.create(
        kind="scan", subject=make_library().pk, state=State.RUNNING, done=100, total=1000
    )
    page = come_in(alice, "/activity")
    slats = page.locator(".blind").element_handle()
    expect(page.locator(".figs b").first).to_have_text("100")

    Job.objects.filter(pk=job.pk).update(done=900)

    expect(page.locator(".figs b").first).to_have_text("900")
    expect(page.locator(".blind i.d")).to_have_count(54)
    assert slats is not None
    assert slats.evaluate("slats => slats.isConnected")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/library",
        "/library?view=table",
        "/activity",
        "series",
        "/setup/folder?path=/etc",
        "/api/docs",
        "/admin/library/series/",
    ],
)
def test_no_page_scrolls_sideways(
    come_in: Callable[..., Page], alice: User, shelf: Library, path: str
) -> None:
    first = Series.objects.get(title="Series 000")
    Series.objects.filter(pk=first.pk).update(title="An unbroken" + "titlethatnevereverends" * 9)
    page = come_in(alice, f"/series/{first.pk}" if path == "series" else path)

    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{over} px too wide at {width}"


@pytest.fixture
def in_hand(phone_page: Page, client: Client, alice: User, shelf: Library, live: str) -> Page:
    """Alice's phone."""
    client.force_login(alice)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    signed_in = {"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live}
    phone_page.context.add_cookies([signed_in])
    return phone_page


def test_it_works_with_a_thumb(in_hand: Page, live: str) -> None:
    page = in_hand
    page.goto(live + "/")

    page.locator(".tabbar").get_by_role("button", name="More").tap()
    page.locator("#more-places").get_by_role("button", name="Sign out").tap()

    page.wait_for_url("**/login")


@pytest.mark.parametrize(
    "path", ["/library", "/search?q=series", "/settings/keys", "/setup/folder?path=/etc"]
)
def test_what_a_thumb_meets_is_large_enough(in_hand: Page, live: str, path: str) -> None:
    in_hand.goto(live + path)
    more = in_hand.locator(".tabbar").get_by_role("button", name="More")
    if more.is_visible():
        more.tap()

    assert in_hand.evaluate(SMALL) == []

"""What the reader saves, and when."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from reader.models import Progress
from reader.progress import turn_to
from tests.reader.js.conftest import QUESTION, Reading, Shelf, noon, unhurried

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_rest_is_saved_with_the_furthest_page_on_screen(reading: Reading, shelf: Shelf) -> None:
    chapter = shelf.add("1")
    reading.open(chapter).press("ArrowLeft")

    row = reading.saved(chapter, 3)

    assert (row.device, row.chapter, row.is_finished) == ("computer", chapter, False)


def test_fast_turning_is_saved_once(reading: Reading, shelf: Shelf) -> None:
    chapter = shelf.add("1")
    reading.open(chapter)
    reading.saved(chapter, 1)

    reading.turn_at_once(3)

    reading.saved(chapter, 7)
    reading.has_sent(1, 7)


def test_leaving_saves_at_once(reading: Reading, shelf: Shelf) -> None:
    chapter = shelf.add("1")
    reading.open(chapter).press("ArrowLeft")
    reading.sees(3, 2)

    reading.page.goto(f"{reading.base}/library")

    reading.saved(chapter, 3)


def test_the_last_page_at_rest_finishes(reading: Reading, shelf: Shelf) -> None:
    chapter = shelf.add("1")
    reading.open(chapter, page=8)

    reading.saved(chapter, 8, finished=True)


def test_moving_on_from_the_last_page_finishes_at_once(reading: Reading, shelf: Shelf) -> None:
    chapter = shelf.add("1")
    shelf.add("2")
    reading.open(chapter, page=8).press("ArrowLeft", "ArrowLeft")

    reading.saved(chapter, 8, finished=True)


def test_skipping_to_the_next_chapter_does_not_finish(reading: Reading, shelf: Shelf) -> None:
    chapter = shelf.add("1")
    shelf.add("2")
    reading.open(chapter, page=2).press("n")
    expect(reading.page.locator("#heading")).to_have_text("Chapter 2")

    assert not reading.saved(chapter, 3).is_finished


def test_a_glance_into_a_finished_chapter_writes_nothing(reading: Reading, shelf: Shelf) -> None:
    chapter = shelf.add("1")
    turn_to(reading.user, chapter.content, 8, noon(), "tablet")
    # A glance lasts ten seconds, however slow this machine is.
    reading.page.add_init_script("performance.now = () => 0")
    reading.open(chapter).sees(1)

    reading.page.goto(f"{reading.base}/library")

    assert reading.saves == []
    assert Progress.objects.get().page == 8


def test_turning_in_a_finished_chapter_is_saved_and_unfinishes_nothing(
    reading: Reading, shelf: Shelf
) -> None:
    chapter = shelf.add("1")
    turn_to(reading.user, chapter.content, 8, noon(), "tablet")
    reading.open(chapter).press("ArrowLeft")

    assert reading.saved(chapter, 3).is_finished


def test_a_save_that_fails_waits_on_the_device_and_is_sent_later(
    reading: Reading, shelf: Shelf
) -> None:
    chapter = shelf.add("1")
    reading.open(chapter)
    reading.saved(chapter, 1)
    reading.page.context.set_offline(True)
    reading.press("ArrowLeft")
    kept = f"localStorage.getItem('km.outbox.{reading.user.pk}')"
    reading.page.wait_for_function(f"() => ({kept} ?? '').includes('\"page\":3')")
    assert Progress.objects.get().page == 1

    reading.page.context.set_offline(False)

    reading.saved(chapter, 3)
    reading.page.wait_for_function(f"() => {kept} === '{{}}'")


def test_what_waits_on_the_device_decides_where_it_opens(reading: Reading, shelf: Shelf) -> None:
    chapter = shelf.add("1")
    turn_to(reading.user, chapter.content, 2, noon(), "tablet")
    row = {
        "chapter": str(chapter.pk),
        "page": 6,
        "fraction": 0,
        "pages": 8,
        "done": False,
        "at": timezone.now().isoformat(),
        "device": "computer",
    }
    reading.page.add_init_script(
        f"localStorage.setItem('km.outbox.{reading.user.pk}', "
        f"{json.dumps(json.dumps({str(chapter.pk): row}))});"
    )

    reading.open(chapter).sees(7, 6)


def test_another_device_that_is_further_is_offered_never_jumped_to(
    reading: Reading, shelf: Shelf
) -> None:
    unhurried(reading.page, QUESTION)
    chapter = shelf.add("1")
    reading.open(chapter)
    reading.saved(chapter, 1)
    # Ahead of what this browser will say next, as the clock of a tablet may be.
    Progress.objects.update(page=6, device="tablet", at=timezone.now() + timedelta(minutes=5))
    reading.press("ArrowLeft")
    toast = reading.page.locator("#toast")
    expect(toast).to_contain_text("Your tablet is on page 6.")
    reading.sees(3, 2)

    toast.get_by_role("button", name="Go there").click()

    reading.sees(7, 6)


def test_opening_an_earlier_page_offers_the_further_one(reading: Reading, shelf: Shelf) -> None:
    chapter = shelf.add("1")
    turn_to(reading.user, chapter.content, 6, noon(), "tablet")

    reading.open(chapter, page=2)

    expect(reading.page.locator("#toast")).to_contain_text("Your tablet is on page 6.")

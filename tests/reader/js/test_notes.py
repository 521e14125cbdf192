"""Bookmarks and notes in the reader."""

import pytest
from playwright.sync_api import Route, expect

from reader import notes
from reader.models import Bookmark, Note
from tests.reader.js.conftest import QUESTION, Reading, Shelf, unhurried

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_key_bookmarks_the_page_and_takes_it_back(reading: Reading, shelf: Shelf) -> None:
    unhurried(reading.page, QUESTION)
    page = reading.open(shelf.add("1"), page=4).page
    with page.expect_response("**/bookmarks/*") as answer:
        reading.press("b")
    assert answer.value.ok
    assert Bookmark.objects.get().user == reading.user
    expect(page.locator("#marks i")).to_have_count(1)

    with page.expect_response("**/bookmarks/*"):
        page.get_by_role("button", name="Undo").click()

    expect(page.locator("#marks i")).to_have_count(0)
    assert not Bookmark.objects.exists()


def test_what_was_meant_last_is_what_is_kept_however_late_the_first_comes(
    reading: Reading, shelf: Shelf
) -> None:
    page = reading.open(shelf.add("1"), page=4).page
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/bookmarks/*", hold, times=1)
    reading.press("b", "b")
    expect(page.locator("#toast")).to_contain_text("The bookmark is off page 4.")
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        held[0].continue_()
    assert not Bookmark.objects.exists()


def test_bookmarks_are_there_when_it_is_opened_again(reading: Reading, shelf: Shelf) -> None:
    chapter = shelf.add("1")
    assert chapter.content is not None
    for number in (2, 5):
        notes.bookmark(reading.user, chapter.content, number)

    expect(reading.open(chapter).page.locator("#marks i")).to_have_count(2)


def test_a_note_is_written_changed_and_erased(reading: Reading, shelf: Shelf) -> None:
    unhurried(reading.page, QUESTION)
    page = reading.open(shelf.add("1"), page=1).page
    reading.press("a")
    page.get_by_label("Text").fill("Nobody leaves a boat.")
    page.get_by_label("Tags").fill("ferry, salt , ferry")
    with page.expect_response("**/notes"):
        page.get_by_role("button", name="Save").click()
    expect(page.locator("#note")).to_be_hidden()
    assert Note.objects.get().tags == ["ferry", "salt"]

    reading.press("a")
    expect(page.get_by_label("Text")).to_have_value("Nobody leaves a boat.")
    page.get_by_label("Text").fill("Somebody does.")
    with page.expect_response("**/notes/*"):
        page.get_by_role("button", name="Save").click()
    assert Note.objects.get().text == "Somebody does."

    expect(page.locator("#note")).to_be_hidden()
    reading.press("a")
    with page.expect_response("**/notes/*"):
        page.get_by_role("button", name="Erase").click()
    with page.expect_response("**/notes"):
        page.get_by_role("button", name="Undo").click()
    assert Note.objects.get().text == "Somebody does."


def test_escape_loses_no_words(reading: Reading, shelf: Shelf) -> None:
    page = reading.open(shelf.add("1"), page=1).page
    reading.press("a")
    page.get_by_label("Text").fill("Half a thought")
    reading.press("Escape")
    expect(page.locator("#note")).to_be_hidden()

    reading.press("a")

    expect(page.get_by_label("Text")).to_have_value("Half a thought")


def test_the_menu_of_a_page_marks_that_page(reading: Reading, shelf: Shelf) -> None:
    page = reading.open(shelf.add("1"), page=1).page
    page.locator("#stage").click(button="right")
    with page.expect_response("**/bookmarks/1"):
        page.get_by_role("button", name="Bookmark", exact=True).click()

    page.locator("#stage").click(button="right")

    expect(page.locator("[data-menu=bookmark]")).to_have_text("Take the bookmark off")


def test_what_cannot_be_saved_says_so(reading: Reading, shelf: Shelf) -> None:
    page = reading.open(shelf.add("1"), page=1).page
    page.route("**/bookmarks/*", lambda route: route.abort())
    page.route("**/notes", lambda route: route.abort())
    reading.press("b")
    expect(page.locator("#toast")).to_contain_text("could not be saved")
    expect(page.locator("#marks i")).to_have_count(0)

    reading.press("a")
    page.get_by_label("Text").fill("Kept")
    page.get_by_role("button", name="Save").click()

    expect(page.locator("#toast")).to_contain_text("stays here")
    expect(page.locator("#note")).to_be_visible()

"""Chapters that people put into another series than their names say."""

import pytest

from kiremisu.lib.errors import Conflict, Invalid
from library.models import Chapter, Series
from library.reshaping import moving
from tests.factories import make_chapter, make_library, make_series
from tests.library.reshaping.conftest import shown
from tests.library.scanning.driving import Shelf

ROAD, DIARY = "Salt Road/Salt Road c00{}.cbz", "Road Diary/Road Diary c00{}.cbz"


@pytest.fixture
def road(shelf: Shelf) -> Series:
    for number in (1, 2, 3):
        shelf.put(ROAD.format(number), first=number)
    shelf.put(DIARY.format(1), first=9)
    shelf.scan()
    return Series.objects.get(title="Salt Road")


def test_a_moved_chapter_stays_where_it_was_put(shelf: Shelf, road: Series) -> None:
    diary = Series.objects.get(title="Road Diary")
    moving.move(road, diary, [shelf.at(ROAD.format(3))])
    after = shown()
    for full in (False, True):
        shelf.scan(full=full)
        assert shown() == after
    assert [one.chapter_count for one in Series.objects.order_by("title")] == [2, 2]


def test_what_is_moved_stays_when_its_file_is_renamed_or_replaced(
    shelf: Shelf, road: Series
) -> None:
    diary = Series.objects.get(title="Road Diary")
    moving.move(road, diary, [shelf.at(ROAD.format(2)), shelf.at(ROAD.format(3))])
    shelf.move(ROAD.format(2), "Ember Year/Ember Year c002.cbz")
    shelf.put(ROAD.format(3), first=30)
    shelf.scan()
    homes = dict(Chapter.objects.values_list("path", "series__title"))
    assert homes["Ember Year/Ember Year c002.cbz"] == homes[ROAD.format(3)] == "Road Diary"
    assert Series.objects.count() == 2


def test_what_people_put_into_a_series_holds_no_name_for_it(shelf: Shelf, road: Series) -> None:
    shelf.put("7.cbz", first=70)
    shelf.scan()
    alone = shelf.at("7.cbz")
    moving.move(alone.series, road, [alone])
    for number in (1, 2, 3):
        shelf.move(ROAD.format(number), f"Ember Year/Ember Year c00{number}.cbz")
    shelf.scan()
    road.refresh_from_db()
    assert (road.title, road.chapter_count) == ("Ember Year", 4)


def test_a_series_whose_chapters_were_all_moved_gets_what_comes_under_its_name(
    shelf: Shelf, road: Series
) -> None:
    diary = Series.objects.get(title="Road Diary")
    moving.move(road, diary, list(road.chapters.order_by("id")))
    shelf.put(ROAD.format(4), first=40)
    shelf.scan(full=True)
    assert shelf.at(ROAD.format(4)).series_id == road.pk
    assert diary.chapters.count() == 4


def test_a_split_stays_split_and_is_taken_back(shelf: Shelf, road: Series) -> None:
    before = shown()
    memo = moving.split_off(road, "Ember Year", [shelf.at(ROAD.format(3))])
    after = shown()
    shelf.scan(full=True)
    assert shown() == after != before
    moving.put_back(road.pk, memo)
    shelf.scan(full=True)
    assert shown() == before
    assert moving.split_off(road, "Ember Year", [shelf.at(ROAD.format(3))]).made


def test_a_split_needs_a_name_of_its_own(shelf: Shelf, road: Series) -> None:
    with pytest.raises(Conflict):
        moving.split_off(road, "Road Diary", [shelf.at(ROAD.format(3))])


def test_what_was_moved_on_is_not_put_back(shelf: Shelf, road: Series) -> None:
    diary, third = Series.objects.get(title="Road Diary"), make_series(shelf.library, "Third")
    first = moving.move(road, diary, [shelf.at(ROAD.format(2)), shelf.at(ROAD.format(3))])
    second = moving.move(diary, third, [shelf.at(ROAD.format(3))])
    with pytest.raises(Conflict):
        moving.put_back(road.pk, first)
    moving.put_back(diary.pk, second)
    moving.put_back(road.pk, first)
    assert shelf.at(ROAD.format(2)).by_hand == shelf.at(ROAD.format(3)).by_hand == []


def test_chapters_stay_in_their_library(db: None) -> None:
    one, other = make_series(make_library("One")), make_series(make_library("Other"))
    chapter = make_chapter(one)
    for wrong in (other, one):
        with pytest.raises(Invalid):
            moving.move(one, wrong, [chapter])

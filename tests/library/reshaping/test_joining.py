"""Series that are made one, by people, against what the names of files say."""

import pytest

from kiremisu.accounts.models import User
from kiremisu.lib.errors import Conflict, Invalid
from library import curation, search
from library.models import Chapter, Library, Series
from library.reshaping import joining, moving
from reader.models import List, ListEntry
from tests import files
from tests.factories import make_chapter, make_library, make_series
from tests.library.reshaping.conftest import shown
from tests.library.scanning.driving import Shelf
from tests.library.sidecars.table import info

ROAD, DIARY = "Salt Road/Salt Road c00{}.cbz", "Road Diary/Road Diary c00{}.cbz"


@pytest.fixture
def two(shelf: Shelf) -> tuple[Series, Series]:
    """Salt Road, and Road Diary, which is the same under another name."""
    for number in (1, 2):
        shelf.put(ROAD.format(number), first=number)
        shelf.put(DIARY.format(number + 2), first=number + 2)
    shelf.scan()
    return Series.objects.get(title="Salt Road"), Series.objects.get(title="Road Diary")


def test_a_merged_series_stays_merged_after_a_scan(
    shelf: Shelf, two: tuple[Series, Series]
) -> None:
    road, diary = two
    joining.merge(diary, road)
    after = shown()
    for full in (False, True):
        shelf.scan(full=full)
        assert shown() == after
    assert [(one.pk, one.chapter_count) for one in Series.objects.filter(hidden_at=None)] == [
        (road.pk, 4)
    ]


def test_what_comes_under_the_merged_name_later_joins_the_target(
    shelf: Shelf, two: tuple[Series, Series]
) -> None:
    road, diary = two
    memo = joining.merge(diary, road)
    shelf.put(DIARY.format(5), first=9)
    shelf.scan()
    assert shelf.at(DIARY.format(5)).series_id == road.pk
    joining.part(diary.pk, memo)
    assert shelf.at(DIARY.format(5)).series_id == diary.pk


@pytest.mark.parametrize("name", ["Salt Road", "Road Diary"])
def test_files_renamed_after_a_merge_stay_together(
    shelf: Shelf, two: tuple[Series, Series], name: str
) -> None:
    road, diary = two
    joining.merge(diary, road)
    for path in shelf.paths:
        if path.startswith(name):
            shelf.move(path, path.replace(name, "Ember Year"))
    shelf.scan()
    assert set(Chapter.objects.values_list("series", flat=True)) == {road.pk}
    assert Series.objects.filter(hidden_at=None).count() == 1


def test_a_merge_is_taken_back_whole(shelf: Shelf, two: tuple[Series, Series]) -> None:
    before = shown()
    memo = joining.merge(two[1], two[0])
    shelf.scan(full=True)
    joining.part(two[1].pk, memo)
    assert shown() == before
    shelf.scan(full=True)
    assert shown() == before


def test_what_files_say_of_a_merged_series_is_not_said_of_its_target(shelf: Shelf) -> None:
    shelf.put("Salt Road/Salt Road c002.cbz", first=1)
    about = {"ComicInfo.xml": info("<Series>Another</Series><Summary>Other.</Summary>")}
    files.make_zip(shelf.put(DIARY.format(1), first=7), {**files.pages(2, first=7), **about})
    shelf.write("Road Diary/details.json", b'{"title": "A Diary"}')
    shelf.scan()
    road, diary = Series.objects.get(key="salt road"), Series.objects.get(key="road diary")
    said = diary.said
    memo = joining.merge(diary, road)
    shelf.scan(full=True)
    road.refresh_from_db()
    diary.refresh_from_db()
    assert (road.title, road.summary, road.said.sources) == ("Salt Road", "", {})
    assert diary.said == said
    joining.part(diary.pk, memo)
    shelf.scan(full=True)
    diary.refresh_from_db()
    assert diary.said.sources.keys() == said.sources.keys() != set()


def test_merges_are_taken_back_from_the_last_on(shelf: Shelf, two: tuple[Series, Series]) -> None:
    road, diary = two
    shelf.put("Ember Year/Ember Year c001.cbz", first=20)
    shelf.scan()
    before, ember = shown(), Series.objects.get(title="Ember Year")
    first = joining.merge(diary, road)
    second = joining.merge(road, ember)
    assert set(Series.objects.exclude(pk=ember.pk).values_list("merged_into", flat=True)) == {
        ember.pk
    }
    with pytest.raises(Conflict):
        joining.part(diary.pk, first)
    joining.part(road.pk, second)
    joining.part(diary.pk, first)
    assert shown() == before


def test_a_merge_of_which_chapters_were_moved_on_is_taken_back_after_that(
    shelf: Shelf, two: tuple[Series, Series]
) -> None:
    road, diary = two
    before, third = shown(), make_series(shelf.library, "Third")
    merged = joining.merge(diary, road)
    moved = moving.move(road, third, [shelf.at(DIARY.format(3))])
    with pytest.raises(Conflict):
        joining.part(diary.pk, merged)
    moving.put_back(road.pk, moved)
    joining.part(diary.pk, merged)
    third.delete()
    assert shown() == before


def test_series_of_two_libraries_stay_two(db: None) -> None:
    one, other = make_series(make_library("One")), make_series(make_library("Other"))
    for wrong in (other, one):
        with pytest.raises(Invalid):
            joining.merge(one, wrong)


def test_what_people_have_of_a_merged_series_they_have_of_its_target(
    bob: User, private: Library
) -> None:
    one, other = make_series(private, "One"), make_series(private, "Other")
    mine = List.objects.create(user=bob, name="Mine")
    entry = ListEntry.objects.create(list=mine, series=one, place=1)
    memo = joining.merge(one, other)
    assert [each.series_id for each in ListEntry.objects.visible_to(bob)] == [other.pk]
    joining.part(one.pk, memo)
    entry.refresh_from_db()
    assert entry.series_id == one.pk


def test_a_merged_series_is_not_restored_but_parted(alice: User, private: Library) -> None:
    one, other = make_series(private, "One"), make_series(private, "Other")
    make_chapter(one)
    joining.merge(one, other)
    with pytest.raises(Conflict):
        curation.restore_series(alice, one.pk)


def test_the_target_is_found_by_the_merged_name(bob: User, private: Library) -> None:
    one, other = make_series(private, "Road Diary"), make_series(private, "Salt Road")
    joining.merge(one, other)
    assert [hit.series for hit in search.find(bob, "diary")] == [other.pk]

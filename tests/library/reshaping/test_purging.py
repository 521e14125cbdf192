"""Chapters whose files are gone, and that people did away with."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kiremisu.accounts.models import User
from kiremisu.jobs.queue import enqueue
from kiremisu.jobs.running import run_now
from kiremisu.lib.errors import Gone
from library.models import Chapter, Series
from library.reshaping import purging
from reader import progress
from reader.models import List, ListEntry
from tests.asking import Asker
from tests.factories import make_chapter, make_library, make_series
from tests.library.reshaping.conftest import shown
from tests.library.scanning.driving import Shelf

ROAD = "Salt Road/Salt Road c00{}.cbz"


@pytest.fixture
def road(shelf: Shelf) -> Series:
    """Its second chapter is missing."""
    for number in (1, 2):
        shelf.put(ROAD.format(number), first=number)
    shelf.scan()
    shelf.move(ROAD.format(2), "../away.cbz")
    shelf.scan()
    return Series.objects.get()


def gone(road: Series) -> Chapter:
    return road.chapters.exclude(missing_since=None).get()


def test_what_is_purged_is_seen_by_nobody_and_not_counted(
    shelf: Shelf, road: Series, alice: User
) -> None:
    memo, chapters = purging.purge(road)
    shelf.scan(full=True)
    road.refresh_from_db()
    assert [gone(road).pk] == memo.chapters == [chapter.pk for chapter in chapters]
    assert (road.chapter_count, road.missing_count) == (1, 0)
    assert not Chapter.objects.visible_to(alice).filter(pk__in=memo.chapters).exists()
    assert len(Asker(alice).get(f"series/{road.pk}/chapters")["items"]) == 1


@pytest.mark.parametrize(
    ("name", "full"), [(ROAD.format(2), False), (ROAD.format(2), True), (ROAD.format(3), False)]
)
def test_a_returned_file_brings_its_chapter_back(
    shelf: Shelf, road: Series, bob: User, name: str, full: bool
) -> None:
    chapter = gone(road)
    progress.mark_read(bob, [chapter])
    purging.purge(road)
    shelf.move("../away.cbz", name)
    assert shelf.scan(full=full).restored == 1
    back = Chapter.objects.visible_to(bob).get(pk=chapter.pk)
    assert (back.path, back.content_id, back.purged_at) == (name, chapter.content_id, None)
    assert progress.in_contents(bob, [back.content_id])[back.content_id].is_finished
    road.refresh_from_db()
    assert (road.chapter_count, road.missing_count) == (2, 0)


def test_a_purge_is_taken_back(shelf: Shelf, road: Series) -> None:
    before = shown()
    memo, _ = purging.purge(road)
    assert shown() != before
    purging.bring_back(road.pk, memo)
    assert shown() == before


def test_what_is_there_is_not_purged(shelf: Shelf, road: Series) -> None:
    assert purging.purge(road)[1]
    assert not purging.purge(road)[1]


@pytest.fixture
def purged(alice: User) -> Chapter:
    """Long ago."""
    long_ago = timezone.now() - timedelta(days=31)
    found = make_chapter(make_series(make_library()), missing_since=long_ago)
    Chapter.objects.filter(pk=found.pk).update(purged_at=long_ago)
    return found


def test_what_was_purged_stays_while_somebody_has_it_in_a_list(
    alice: User, purged: Chapter
) -> None:
    mine = List.objects.create(user=alice, name="Mine")
    entry = ListEntry.objects.create(list=mine, chapter=purged, place=1, note="The best one.")
    run_now(enqueue("purged", key="purged"))
    assert ListEntry.objects.get().chapter == purged
    entry.delete()
    run_now(enqueue("purged", key="purged"))
    assert not Chapter.objects.exists()


def test_what_is_deleted_is_held_so_that_no_scan_brings_it_back_meanwhile(purged: Chapter) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        purging.forget([purged.pk])
    told = [each["sql"] for each in asked if '"library_chapter"' in each["sql"]]
    assert "FOR UPDATE" in told[0]
    assert not Chapter.objects.exists()


def test_the_night_forgets_what_was_purged_long_ago(alice: User) -> None:
    series, long_ago = make_series(make_library()), timezone.now() - timedelta(days=31)
    make_chapter(series, "1", missing_since=long_ago)
    old, young = (make_chapter(series, number, missing_since=long_ago) for number in ("2", "3"))
    Chapter.objects.filter(pk=young.pk).update(purged_at=timezone.now())
    Chapter.objects.filter(pk=old.pk).update(purged_at=long_ago)
    run_now(enqueue("purged", key="purged"))
    assert sorted(Chapter.objects.values_list("number", flat=True)) == ["1", "3"]
    with pytest.raises(Gone):
        purging.bring_back(series.pk, purging.Purged(chapters=[old.pk]))

"""What keeps its id, and with it its progress, cover and notes."""

import os
import shutil
import zipfile
from itertools import pairwise

import pytest
from django.utils import timezone

from kiremisu.accounts.models import User
from library import curation, libraries
from library.models import Chapter, Series
from reader.models import Progress
from tests import files
from tests.library.scanning.driving import Shelf

A, B = "Salt Road/Salt Road v01.cbz", "Salt Road/Salt Road v02.cbz"


def place(bob: User, chapter: Chapter, page: int = 2) -> Progress:
    now = timezone.now()
    return Progress.objects.create(
        user=bob, content=chapter.content, chapter=chapter, page=page, at=now, started_at=now
    )


def test_a_renamed_file_keeps_its_id_and_progress(shelf: Shelf, bob: User) -> None:
    shelf.put(A)
    shelf.scan()
    chapter = shelf.at(A)
    progress = place(bob, chapter)
    shelf.move(A, B)
    tally = shelf.scan()
    assert (tally.moved, tally.changes) == (1, 1)
    moved = shelf.at(B)
    assert (moved.id, moved.volume, moved.content_id) == (chapter.id, "2", progress.content_id)


def test_a_renamed_folder_keeps_the_ids_of_series_and_chapters(shelf: Shelf) -> None:
    for number in (1, 2, 3):
        shelf.put(f"Salt Road/Salt Road c00{number}.cbz", first=number)
    shelf.scan()
    before = dict(Chapter.objects.values_list("id", "series_id"))
    shelf.move("Salt Road", "Ember Year")
    for path in (shelf.root / "Ember Year").iterdir():
        path.rename(path.with_name(path.name.replace("Salt Road", "Ember Year")))
    assert shelf.scan().moved == 3
    assert dict(Chapter.objects.values_list("id", "series_id")) == before
    series = Series.objects.get()
    assert (series.title, series.chapter_count, series.missing_count) == ("Ember Year", 3, 0)


def test_a_moved_root_keeps_everything(shelf: Shelf, bob: User) -> None:
    shelf.put(A)
    shelf.scan()
    chapter = shelf.at(A)
    place(bob, chapter)
    new_root = shelf.root.with_name("elsewhere")
    shelf.root.rename(new_root)
    libraries.move(shelf.library, str(new_root))
    assert shelf.scan().changes == 0
    assert shelf.at(A).id == chapter.id
    assert Progress.objects.get().chapter_id == chapter.id


def test_two_files_that_swap_names_swap_paths(shelf: Shelf) -> None:
    shelf.put(A, first=1)
    shelf.put(B, first=5)
    shelf.scan()
    first, second = shelf.at(A), shelf.at(B)
    shelf.move(A, "x")
    shelf.move(B, A)
    shelf.move("x", B)
    tally = shelf.scan()
    assert (tally.moved, tally.changes) == (2, 2)
    assert (shelf.at(A).id, shelf.at(B).id) == (second.id, first.id)


def test_renumbering_shifts_ids_along(shelf: Shelf) -> None:
    names = [f"T/T c{number:03}.cbz" for number in range(1, 5)]
    for first, name in enumerate(names[:3], 1):
        shelf.put(name, first=first * 10)
    shelf.scan()
    ids = [shelf.at(name).id for name in names[:3]]
    for old, new in reversed(list(pairwise(names))):
        shelf.move(old, new)
    assert shelf.scan().moved == 3
    assert [shelf.at(name).id for name in names[1:]] == ids
    assert shelf.paths == names[1:]


def test_a_file_renamed_onto_anothers_name_takes_it(shelf: Shelf) -> None:
    shelf.put(A, first=1)
    shelf.put(B, first=5)
    shelf.scan()
    winner, loser = shelf.at(B), shelf.at(A)
    shelf.move(B, A)
    tally = shelf.scan()
    assert (tally.moved, tally.missing) == (1, 1)
    assert shelf.at(A).id == winner.id
    loser.refresh_from_db()
    assert loser.is_missing


def test_who_lost_its_path_is_found_when_it_returns(shelf: Shelf) -> None:
    shelf.put(A, first=1)
    shelf.put(B, first=5)
    shelf.scan()
    loser = shelf.at(A)
    shelf.move(B, A)
    shelf.scan()
    shelf.put("Other/back.cbz", first=1)
    assert shelf.scan().restored == 1
    assert shelf.at("Other/back.cbz").id == loser.id


def test_a_repacked_archive_is_the_same_chapter(shelf: Shelf) -> None:
    shelf.put(A)
    shelf.scan()
    chapter = shelf.at(A)
    files.make_zip(shelf.root / A, files.pages(3, size=(40, 60)), zipfile.ZIP_DEFLATED)
    tally = shelf.scan()
    assert tally.changes == 0
    again = shelf.at(A)
    assert (again.id, again.content_id) == (chapter.id, chapter.content_id)
    assert again.mtime_ns > chapter.mtime_ns
    assert again.page_index.list.pages[0].method == zipfile.ZIP_DEFLATED


def test_a_replaced_file_keeps_its_id_and_the_readers_place(shelf: Shelf, bob: User) -> None:
    shelf.put(A, count=5)
    shelf.scan()
    chapter = shelf.at(A)
    place(bob, chapter, page=5)
    shelf.put(A, first=20, count=3)
    assert shelf.scan().changed == 1
    replaced = shelf.at(A)
    assert replaced.id == chapter.id
    assert replaced.content_id != chapter.content_id
    progress = Progress.objects.get()
    assert (progress.content_id, progress.page) == (replaced.content_id, 3)


def test_the_place_stays_while_another_file_holds_the_old_pages(shelf: Shelf, bob: User) -> None:
    shelf.put(A)
    shutil.copy(shelf.root / A, shelf.root / B)
    shelf.scan()
    old = shelf.at(A).content_id
    place(bob, shelf.at(A))
    shelf.put(A, first=20)
    shelf.scan()
    assert Progress.objects.get().content_id == old


def test_what_was_moved_away_before_a_replacement_goes_with_its_pages(shelf: Shelf) -> None:
    shelf.put(A, first=1)
    shelf.scan()
    chapter = shelf.at(A)
    shelf.move(A, "Z/kept.cbz")
    shelf.put(A, first=9)
    tally = shelf.scan()
    assert (tally.moved, tally.added) == (1, 1)
    assert shelf.at("Z/kept.cbz").id == chapter.id


def test_a_touched_file_stays_itself_though_a_copy_appears(shelf: Shelf) -> None:
    shelf.put(B)
    shelf.scan()
    chapter = shelf.at(B)
    shutil.copy(shelf.root / B, shelf.root / A)
    os.utime(shelf.root / B, (5, 5))
    tally = shelf.scan()
    assert (tally.added, tally.changes) == (1, 1)
    assert shelf.at(B).id == chapter.id
    assert shelf.at(A).content_id == chapter.content_id


def test_copies_that_move_together_keep_their_neighbours(shelf: Shelf) -> None:
    shelf.put("X/a.cbz")
    shelf.put("Y/a.cbz")
    shelf.scan()
    x, y = shelf.at("X/a.cbz").id, shelf.at("Y/a.cbz").id
    shelf.move("X/a.cbz", "X/b.cbz")
    shelf.move("Y/a.cbz", "Y/b.cbz")
    shelf.scan()
    assert (shelf.at("X/b.cbz").id, shelf.at("Y/b.cbz").id) == (x, y)


def test_a_missing_file_that_returns_is_restored_unread(shelf: Shelf) -> None:
    shelf.put(A)
    shelf.put(B, first=7)
    shelf.scan()
    chapter = shelf.at(A)
    (shelf.root / A).rename(shelf.root.parent / "aside")
    assert shelf.scan().missing == 1
    chapter.refresh_from_db()
    assert chapter.is_missing
    (shelf.root.parent / "aside").rename(shelf.root / A)
    assert shelf.scan().restored == 1
    assert shelf.at(A).id == chapter.id
    assert Series.objects.get().missing_count == 0


def test_other_pages_at_the_path_of_a_missing_file_take_its_place(shelf: Shelf) -> None:
    shelf.put(A)
    shelf.put(B, first=7)
    shelf.scan()
    chapter = shelf.at(A)
    shelf.remove(A)
    shelf.scan()
    shelf.put(A, first=30)
    assert shelf.scan().changed == 1
    assert shelf.at(A).id == chapter.id


def test_a_series_that_is_only_partly_renamed_stays(shelf: Shelf) -> None:
    shelf.put("Salt Road/Salt Road c001.cbz", first=1)
    shelf.put("Salt Road/Salt Road c002.cbz", first=4)
    shelf.scan()
    series = Series.objects.get()
    shelf.move("Salt Road/Salt Road c002.cbz", "Ember Year/Ember Year c002.cbz")
    shelf.scan()
    series.refresh_from_db()
    assert (series.title, series.chapter_count) == ("Salt Road", 1)
    assert Series.objects.get(title="Ember Year").chapter_count == 1


def test_a_title_set_by_people_survives_the_folders_renaming(shelf: Shelf) -> None:
    shelf.put("Salt Road/Salt Road c001.cbz")
    shelf.scan()
    curation.change_series(Series.objects.get(), title="Sel")
    shelf.move("Salt Road/Salt Road c001.cbz", "Ember Year/Ember Year c001.cbz")
    shelf.scan()
    series = Series.objects.get()
    assert (series.title, series.key) == ("Sel", "ember year")


def test_nothing_is_ever_deleted(shelf: Shelf) -> None:
    shelf.put(A)
    shelf.put(B, first=5)
    shelf.scan()
    shelf.remove(A)
    shelf.move(B, "Ember Year/Ember Year v01.cbz")
    shelf.put("Salt Road/new.cbz", first=50)
    shelf.scan()
    assert Chapter.objects.count() == 3


@pytest.mark.parametrize("many", [1, 60])
def test_a_whole_library_that_moves_into_a_folder_keeps_its_ids(shelf: Shelf, many: int) -> None:
    titles = [f"Road {chr(65 + at // 8)}{chr(65 + at % 8)}" for at in range(many)]
    for at, title in enumerate(titles):
        shelf.put(f"{title}/{title} v01.cbz", first=at * 3 + 1)
    shelf.scan()
    before = dict(Chapter.objects.values_list("id", "series__title"))
    for title in titles:
        shelf.move(title, f"deeper/{title}")
    assert shelf.scan().moved == many
    assert dict(Chapter.objects.values_list("id", "series__title")) == before


def test_a_new_file_in_a_renamed_folders_old_place_begins_a_series(shelf: Shelf) -> None:
    shelf.put("Salt/Salt c1.cbz", first=1)
    shelf.scan()
    series = shelf.at("Salt/Salt c1.cbz").series_id
    shelf.move("Salt", "Salt Road")
    shelf.put("Salt/Salt c2.cbz", first=9)
    shelf.scan()
    assert shelf.at("Salt Road/Salt c1.cbz").series_id == series
    assert shelf.at("Salt/Salt c2.cbz").series_id != series

"""What a scan finds, counts, refuses and leaves alone."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kiremisu.jobs.models import Job
from kiremisu.jobs.running import Work
from kiremisu.lib.errors import Unavailable
from library import curation
from library.inspection import Reading
from library.models import Chapter, Content, Series
from library.scanning import reading
from tests import files
from tests.library.scanning.driving import Shelf


def test_a_first_scan_lists_every_file(shelf: Shelf) -> None:
    shelf.put("Salt Road/Salt Road v01 c002 (2019) (Digital) (NightOwl).cbz", count=4)
    files.make_folder(shelf.root / "Ember/Chapter 7", files.pages(2))
    tally = shelf.scan()
    assert (tally.files, tally.added, tally.failed, tally.done) == (2, 2, 0, 2)
    chapter = shelf.at("Salt Road/Salt Road v01 c002 (2019) (Digital) (NightOwl).cbz")
    assert (chapter.volume, chapter.number, chapter.page_count) == ("1", "2", 4)
    assert (chapter.year, chapter.group, chapter.format) == (2019, "NightOwl", "zip")
    assert len(chapter.page_index.list.pages) == 4
    assert shelf.at("Ember/Chapter 7").format == "folder"


def test_series_count_what_they_hold(shelf: Shelf) -> None:
    shelf.put("T/T v01 (2019).cbz", first=1, count=3)
    shelf.put("T/T v02 (2019).cbz", first=5, count=4)
    shelf.write("T/T v03 (2019).cbz", b"nothing")
    shelf.scan()
    series = Series.objects.get()
    assert (series.chapter_count, series.volume_count, series.page_count) == (3, 3, 7)
    assert (series.problem_count, series.missing_count, series.year) == (1, 0, 2019)
    assert series.cover_id == shelf.at("T/T v01 (2019).cbz").content_id
    assert series.last_added is not None


def test_a_second_scan_changes_nothing_and_writes_nothing(shelf: Shelf) -> None:
    shelf.put("T/T v01.cbz")
    shelf.write("T/broken.cbz", b"nothing")
    shelf.scan()
    Content.objects.update(cover_state="ready", measured=timezone.now())
    before = list(Chapter.objects.values()), list(Series.objects.values())
    shelf.library.refresh_from_db()
    version = shelf.library.version
    with CaptureQueriesContext(
        connection,
    ) as queries:
        tally = shelf.scan()
    said = [query["sql"].split()[0] for query in queries.captured_queries]
    assert not {"UPDATE", "INSERT", "COPY", "DELETE"}.intersection(said)
    assert len(queries) <= 10
    assert (tally.changes, tally.failed, tally.files) == (0, 0, 2)
    assert (list(Chapter.objects.values()), list(Series.objects.values())) == before
    shelf.library.refresh_from_db()
    assert shelf.library.version == version


def test_a_broken_file_is_listed_with_its_reason_and_stops_nothing(shelf: Shelf) -> None:
    shelf.write("T/T v01.cbz", b"<html>not found</html>")
    shelf.put("T/T v02.cbz")
    tally = shelf.scan()
    assert (tally.added, tally.failed, tally.notches) == (1, 1, [30])
    broken = shelf.at("T/T v01.cbz")
    assert (broken.problem, broken.content) == ("not_an_archive", None)
    assert broken.problem_detail


def test_a_mended_file_is_read_again(shelf: Shelf) -> None:
    shelf.write("T/T v01.cbz", b"nothing")
    shelf.scan()
    broken = shelf.at("T/T v01.cbz")
    shelf.put("T/T v01.cbz")
    assert shelf.scan().changed == 1
    mended = shelf.at("T/T v01.cbz")
    assert (mended.id, mended.problem, mended.page_count) == (broken.id, "", 3)
    assert Series.objects.get().problem_count == 0


def test_an_empty_root_marks_nothing(shelf: Shelf) -> None:
    shelf.put("T/T v01.cbz")
    shelf.scan()
    shelf.remove("T")
    with pytest.raises(Unavailable, match="empty"):
        shelf.scan()
    assert not shelf.at("T/T v01.cbz").is_missing


def test_a_root_that_is_away_marks_nothing(shelf: Shelf) -> None:
    shelf.put("T/T v01.cbz")
    shelf.scan()
    shelf.root.rename(shelf.root.with_name("away"))
    with pytest.raises(Unavailable, match="cannot be read"):
        shelf.scan()
    assert shelf.paths == ["T/T v01.cbz"]


def test_a_root_that_goes_during_the_scan_marks_nothing(shelf: Shelf) -> None:
    shelf.put("T/T v01.cbz", first=1)
    shelf.put("T/T v02.cbz", first=5)
    shelf.scan()
    shelf.remove("T/T v01.cbz")
    shelf.put("T/T v03.cbz", first=9)
    steps = shelf.steps()
    while next(steps).added == 0:
        pass
    shelf.root.rename(shelf.root.with_name("away"))
    shelf.root.mkdir()
    with pytest.raises(Unavailable, match="replaced"):
        list(steps)
    assert "T/T v01.cbz" in shelf.paths


def test_below_a_folder_that_cannot_be_read_nothing_is_missing(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put("Shut/a.cbz", first=1)
    shelf.put("Shut too/b.cbz", first=5)
    shelf.put("Open/c.cbz", first=9)
    shelf.scan()
    shelf.remove("Shut too")
    scandir = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("Shut"):
            raise PermissionError(13, "no")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert shelf.scan().missing == 1
    assert shelf.paths == ["Open/c.cbz", "Shut/a.cbz"]


def failing(path: str, code: str) -> Any:
    inspect = reading.inspect

    def look(root: str, found: Any) -> Reading:
        seen = inspect(root, found)
        if found.path != path:
            return seen
        return Reading(*found, seen.facts, code, "The disk did not give it up.")

    return look


def test_a_passing_fault_keeps_what_is_known(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    place = shelf.put("T/T v01.cbz")
    shelf.scan()
    chapter = shelf.at("T/T v01.cbz")
    os.utime(place, (7, 7))
    with monkeypatch.context() as patch:
        patch.setattr(reading, "inspect", failing("T/T v01.cbz", "unreadable"))
        assert shelf.scan().failed == 1
    faulty = shelf.at("T/T v01.cbz")
    assert (faulty.problem, faulty.content_id) == ("unreadable", chapter.content_id)
    assert faulty.page_count == 3
    shelf.scan()
    assert shelf.at("T/T v01.cbz").problem == ""


def test_a_lasting_fault_of_the_disk_writes_nothing_again(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put("T/T v01.cbz")
    monkeypatch.setattr(reading, "inspect", failing("T/T v01.cbz", "no_permission"))
    shelf.scan()
    before = Chapter.objects.get().updated
    assert shelf.scan().failed == 1
    assert Chapter.objects.get().updated == before


def test_what_vanished_since_the_walk_is_left_to_the_next_scan(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put("T/T v01.cbz")
    monkeypatch.setattr(reading, "inspect", failing("T/T v01.cbz", "gone"))
    assert shelf.scan().added == 0
    assert shelf.paths == []


def test_a_file_that_still_grows_waits(shelf: Shelf, settings: Any) -> None:
    settings.SCAN_SETTLE_SECONDS = 0.05
    place = shelf.put("T/T v01.cbz")
    os.utime(place)
    steps = shelf.steps()
    next(steps)
    next(steps)
    place.write_bytes(place.read_bytes() + b"more")
    *_, tally = steps
    assert (tally.waiting, tally.added) == (1, 0)


def test_a_file_that_is_stable_at_the_second_look_is_listed(shelf: Shelf, settings: Any) -> None:
    settings.SCAN_SETTLE_SECONDS = 0.05
    os.utime(shelf.put("T/T v01.cbz"))
    tally = shelf.scan()
    assert (tally.waiting, tally.added) == (0, 1)


def test_a_file_from_the_future_is_listed_once_it_is_stable(shelf: Shelf, settings: Any) -> None:
    settings.SCAN_SETTLE_SECONDS = 0.05
    tomorrow = time.time() + 86_400
    os.utime(shelf.put("T/T v01.cbz"), (tomorrow, tomorrow))
    assert (shelf.scan().added, shelf.scan().changes) == (1, 0)


def test_a_full_scan_reads_names_again_and_follows_them(shelf: Shelf) -> None:
    shelf.put("T/T v01.cbz")
    shelf.put("T/T v02.cbz", first=5)
    shelf.scan()
    Chapter.objects.update(volume="9", title="as an older parser had it")
    Series.objects.update(key="older", title="Older")
    series = Series.objects.get()
    assert shelf.scan().changes == 0
    shelf.scan(full=True)
    assert shelf.at("T/T v01.cbz").volume == "1"
    series.refresh_from_db()
    assert (series.title, series.chapter_count, Series.objects.count()) == ("T", 2, 1)


def test_what_people_set_on_a_chapter_survives_a_replaced_file(shelf: Shelf) -> None:
    shelf.put("T/T v01.cbz")
    shelf.scan()
    curation.change_chapter(shelf.at("T/T v01.cbz"), title="By hand")
    shelf.put("T/T v01.cbz", first=40)
    shelf.scan()
    assert shelf.at("T/T v01.cbz").title == "By hand"


def test_twins_by_letter_case_and_form_stay_apart(shelf: Shelf) -> None:
    for at, folder in enumerate(["Café", "Cafe\u0301", "NARUTO", "Naruto"]):
        shelf.put(f"{folder}/v01.cbz", first=at * 5 + 1)
    assert shelf.scan().added == 4
    assert len(shelf.paths) == 4
    assert Series.objects.count() == 2


def test_odd_names_reach_the_database(shelf: Shelf) -> None:
    odd = ["line\nbreak.cbz", "quo\"te'.cbz", "\N{BOOKS}.cbz", "-rf.cbz", "\u202egpj.cbz"]
    odd += ["x" * 251 + ".cbz", "v" + "1" * 240 + ".cbz", os.fsdecode(b"caf\xe9 v01.cbz")]
    for name in odd:
        shelf.put(name)
    tally = shelf.scan()
    assert (tally.added, tally.failed) == (len(odd), 0)
    assert all(Path(chapter.file).exists() for chapter in Chapter.objects.all())


def test_a_path_of_three_thousand_bytes_works(shelf: Shelf) -> None:
    deep = "/".join("d" * 200 for _ in range(14)) + "/deep v01.cbz"
    shelf.put("book.cbz")
    here = os.open(shelf.root, os.O_RDONLY)
    for part in deep.split("/")[:-1]:
        os.mkdir(part, dir_fd=here)
        here = os.open(part, os.O_RDONLY, dir_fd=here)
    os.rename(shelf.root / "book.cbz", "deep v01.cbz", dst_dir_fd=here)
    assert shelf.scan().added == 1
    assert shelf.paths == [deep]


def test_an_interrupted_scan_ends_like_an_undisturbed_one(shelf: Shelf) -> None:
    titles = ["Salt", "Ember", "Harbor", "Fox"]
    for number in range(1, 131):
        title = titles[number % 4]
        shelf.put(f"{title}/{title} c{number:03}.cbz", first=number)
    work = Work(Job(kind="scan", subject=shelf.library.pk))
    for tally in shelf.steps(work=work):
        if tally.added:
            break
    assert Chapter.objects.count() == 50
    *_, tally = shelf.steps(work=work)
    assert (tally.files, tally.added, tally.done) == (130, 130, 130)
    assert Chapter.objects.count() == 130
    counted = {series.title: series.chapter_count for series in Series.objects.all()}
    assert counted == {"Salt": 32, "Ember": 33, "Harbor": 33, "Fox": 32}


def test_a_long_walk_tells_that_it_lives(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.put("T/T v01.cbz")
    monkeypatch.setattr("library.scanning.course._OFTEN", -1.0)
    seen = {(tally.files, tally.message) for tally in shelf.steps()}
    assert (1, "Looking through the folders") in seen


def test_a_scan_tells_whoever_asked_to_hear_of_it(
    shelf: Shelf, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[object] = []
    monkeypatch.setattr(time, "heard", heard.append, raising=False)
    settings.AFTER_SCAN = ["time.heard"]
    shelf.put("T/T v01.cbz")
    shelf.scan()
    shelf.scan()
    assert heard == [shelf.library]


def test_the_same_pages_in_two_files_are_one_content(shelf: Shelf) -> None:
    shelf.put("T/T v01.cbz")
    shelf.put("U/U v01.cbz")
    shelf.scan()
    assert (Chapter.objects.count(), Content.objects.count()) == (2, 1)

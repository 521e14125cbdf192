"""What scans learn from files that tell of others."""

import json
import os
from collections import Counter
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library import curation, knowing
from library.facts import Patch
from library.models import Chapter, Series, Sidecar
from tests import files
from tests.library.scanning.driving import OLD, Shelf
from tests.library.sidecars.table import info

type Learnt = list[tuple[str, str, Patch | None]]


@pytest.fixture
def learnt(monkeypatch: pytest.MonkeyPatch) -> Learnt:
    """Everything that is learnt or forgotten, by the title of the series."""
    heard: Learnt = []
    learn, forget = knowing.learn, knowing.forget

    def learning(series: UUID, source: str, patch: Patch, run: UUID) -> bool:
        heard.append((Series.objects.get(pk=series).key, source, patch))
        return learn(series, source, patch, run)

    def forgetting(series: UUID, source: str, run: UUID) -> bool:
        heard.append((Series.objects.get(pk=series).key, source, None))
        return forget(series, source, run)

    monkeypatch.setattr(knowing, "learn", learning)
    monkeypatch.setattr(knowing, "forget", forgetting)
    return heard


def put(shelf: Shelf, path: str, inner: str, first: int = 1) -> None:
    """A book with a ComicInfo.xml."""
    place = shelf.put(path, first)
    files.make_zip(place, {**files.pages(2, first=first), "ComicInfo.xml": info(inner)})
    os.utime(place, (OLD + first, OLD + first))


def write(shelf: Shelf, path: str, title: str, at: int = OLD) -> None:
    """A details.json."""
    place = shelf.write(path, json.dumps({"title": title}).encode())
    os.utime(place, (at, at))


def titles(learnt: Learnt) -> list[tuple[str, str, str | None]]:
    """Series, source, and the title that it says; None where it was forgotten."""
    return [
        (key, source, patch.titles[0].text if patch and patch.titles else None)
        for key, source, patch in learnt
    ]


def test_a_comicinfo_tells_of_its_chapter_and_its_series(shelf: Shelf, learnt: Learnt) -> None:
    put(shelf, "Tide/Tide c3.cbz", "<Series>Salt</Series><Number>3.5</Number><Title>Rain</Title>")
    shelf.scan()
    chapter = shelf.at("Tide/Tide c3.cbz")
    assert (chapter.number, str(chapter.number_order), chapter.title) == ("3.5", "3.500", "Rain")
    assert (chapter.sidecar, chapter.sidecar_problem) == ("comicinfo", "")
    assert titles(learnt) == [("tide", "comicinfo", "Salt")]


def test_the_first_chapter_speaks_for_its_series(shelf: Shelf, learnt: Learnt) -> None:
    put(shelf, "Tide/Tide c2.cbz", "<Series>Two</Series>", 4)
    put(shelf, "Tide/Tide c10.cbz", "<Series>Ten</Series>", 8)
    shelf.scan()
    assert titles(learnt) == [("tide", "comicinfo", "Two")]
    learnt.clear()
    put(shelf, "Tide/Tide c1.cbz", "<Series>One</Series>", 12)
    put(shelf, "Tide/Tide c11.cbz", "<Series>Eleven</Series>", 16)
    shelf.scan()
    assert titles(learnt) == [("tide", "comicinfo", "One")]


def test_a_comicinfo_changed_within_its_file_is_learnt_anew(shelf: Shelf, learnt: Learnt) -> None:
    put(shelf, "Tide/Tide c1.cbz", "<Series>Salt</Series><Number>1</Number>")
    shelf.scan()
    before = shelf.at("Tide/Tide c1.cbz")
    put(shelf, "Tide/Tide c1.cbz", "<Series>Sand</Series><Number>1.5</Number>")
    tally = shelf.scan()
    chapter = shelf.at("Tide/Tide c1.cbz")
    assert (chapter.pk, chapter.content, chapter.number) == (before.pk, before.content, "1.5")
    assert [title for *_, title in titles(learnt)] == ["Salt", "Sand"]
    assert (chapter.series.title, tally.changed) == ("Sand", 0)


def test_what_no_file_says_any_more_is_let_go(shelf: Shelf, learnt: Learnt) -> None:
    put(shelf, "Tide/Tide c1.cbz", "<Series>Salt</Series>")
    shelf.scan()
    shelf.put("Tide/Tide c1.cbz", 5)
    shelf.scan()
    assert [title for *_, title in titles(learnt)] == ["Salt", None]
    assert Series.objects.get().title == "Tide"


def test_a_comicinfo_of_the_whole_series_stands_above_those_of_chapters(
    shelf: Shelf, learnt: Learnt
) -> None:
    put(shelf, "Tide/Tide c1.cbz", "<Series>Salt</Series>")
    shelf.write("Tide/ComicInfo.xml", info("<Series>Dune</Series>"))
    shelf.scan()
    put(shelf, "Tide/Tide c1.cbz", "<Series>Sand</Series>", 5)
    shelf.scan()
    assert [title for *_, title in titles(learnt)] == ["Dune"]
    shelf.remove("Tide/ComicInfo.xml")
    shelf.scan()
    assert [title for *_, title in titles(learnt)] == ["Dune", None, "Sand"]


def test_what_an_interrupted_scan_listed_is_learnt_by_the_next(
    shelf: Shelf, learnt: Learnt
) -> None:
    put(shelf, "Tide/Tide c1.cbz", "<Series>Salt</Series>")
    for _ in shelf.steps():
        if shelf.paths:
            break
    assert not learnt
    put(shelf, "Ember/Ember c1.cbz", "<Series>Fire</Series>", 5)
    shelf.scan()
    assert sorted(titles(learnt)) == [("ember", "comicinfo", "Fire"), ("tide", "comicinfo", "Salt")]


def test_what_changed_before_it_is_learnt_is_passed_over(shelf: Shelf, learnt: Learnt) -> None:
    put(shelf, "Tide/Tide c1.cbz", "<Series>Salt</Series>")
    steps = shelf.steps()
    while not shelf.paths:
        next(steps)
    shelf.remove("Tide/Tide c1.cbz")
    list(steps)
    assert not learnt


def test_a_sidecar_that_cannot_be_read_is_a_finding_and_no_failure(
    shelf: Shelf, learnt: Learnt
) -> None:
    place = shelf.put("Tide/Tide c1.cbz")
    files.make_zip(place, {**files.pages(2), "ComicInfo.xml": b"<ComicInfo>"})
    shelf.write("Tide/details.json", b"{")
    tally = shelf.scan()
    chapter, beside = shelf.at("Tide/Tide c1.cbz"), Sidecar.objects.get()
    assert (tally.added, tally.failed, chapter.problem, chapter.number) == (1, 0, "", "1")
    assert (chapter.sidecar, chapter.sidecar_problem) == ("comicinfo", "not_xml")
    assert "line 1" in chapter.sidecar_detail
    assert (beside.series, beside.source, beside.problem) == (
        *(chapter.series, "details.json", "not_json"),
    )
    assert not learnt


def test_a_file_replaced_in_place_says_what_the_new_one_does(shelf: Shelf) -> None:
    put(shelf, "Tide/Tide c3.cbz", "<Number>4</Number><Volume>2</Volume>", 1)
    shelf.scan()
    put(shelf, "Tide/Tide c3.cbz", "<Number>5</Number>", 9)
    shelf.scan()
    chapter = shelf.at("Tide/Tide c3.cbz")
    assert (chapter.volume, chapter.number) == ("", "5")


def test_what_people_set_stays_whatever_happens_to_the_file(shelf: Shelf) -> None:
    put(shelf, "Tide/Tide c3.cbz", "<Number>4</Number><Title>Rain</Title>", 1)
    shelf.scan()
    curation.change_chapter(shelf.at("Tide/Tide c3.cbz"), number="12", year=None)
    put(shelf, "Tide/Tide c3.cbz", "<Number>5</Number><Title>Sun</Title><Year>2019</Year>", 9)
    shelf.scan()
    shelf.move("Tide/Tide c3.cbz", "Tide/Tide c6.cbz")
    shelf.scan(full=True)
    chapter = shelf.at("Tide/Tide c6.cbz")
    assert (chapter.number, chapter.number_order, chapter.title) == ("12", 12, "Sun")
    assert chapter.year is None


def test_a_file_that_cannot_be_read_any_more_keeps_its_facts(shelf: Shelf) -> None:
    put(shelf, "Tide/Tide c3.cbz", "<Number>4</Number>")
    shelf.scan()
    shelf.write("Tide/Tide c3.cbz", b"nothing")
    shelf.scan()
    chapter = shelf.at("Tide/Tide c3.cbz")
    assert (chapter.problem, chapter.number, chapter.sidecar) == (
        *("not_an_archive", "4", "comicinfo"),
    )


def test_files_whose_names_tell_no_series_are_put_where_they_say(shelf: Shelf) -> None:
    put(shelf, "c001.cbz", "<Series>Salt Road</Series>", 1)
    put(shelf, "c002.cbz", "<Series>Salt Road</Series>", 5)
    shelf.scan()
    assert Series.objects.get().title == "Salt Road"
    put(shelf, "c002.cbz", "<Series>Ember</Series>", 9)
    shelf.scan(full=True)
    assert shelf.at("c001.cbz").series.key == "salt road"
    assert shelf.at("c002.cbz").series.key == "ember"


def test_what_lies_beside_files_tells_of_their_series(shelf: Shelf, learnt: Learnt) -> None:
    shelf.put("Tide/v1/Tide v01.cbz", 1)
    shelf.put("Tide/v2/Tide v02.cbz", 5)
    write(shelf, "Tide/details.json", "Salt")
    shelf.write("Tide/ComicInfo.xml", info("<Series>Salt</Series><Number>9</Number>"))
    shelf.write("Tide/series.json", b'{"metadata": {"name": "Salt"}}')
    shelf.scan()
    sources = ["comicinfo", "details.json", "series.json"]
    assert titles(learnt) == [("tide", source, "Salt") for source in sources]
    assert {row.series for row in Sidecar.objects.all()} == {Series.objects.get()}


def test_what_lies_beside_several_series_tells_of_none(shelf: Shelf, learnt: Learnt) -> None:
    shelf.put("Ember/Ember v01.cbz", 1)
    shelf.put("Tide/Tide v01.cbz", 5)
    write(shelf, "details.json", "Salt")
    write(shelf, "Later/details.json", "Dune")
    shelf.scan()
    problems = dict(Sidecar.objects.values_list("path", "problem"))
    assert problems == {"details.json": "several_series", "Later/details.json": "no_series"}
    assert not learnt
    shelf.put("Later/Later v01.cbz", 9)
    shelf.scan()
    assert titles(learnt) == [("later", "details.json", "Dune")]


def test_what_lies_beside_files_is_read_again_when_it_changes(shelf: Shelf, learnt: Learnt) -> None:
    shelf.put("Tide/Tide v01.cbz")
    write(shelf, "Tide/details.json", "Salt")
    shelf.scan()
    shelf.scan()
    write(shelf, "Tide/details.json", "Sand", OLD + 1)
    shelf.scan()
    shelf.scan()
    assert [title for *_, title in titles(learnt)] == ["Salt", "Sand"]


def test_what_a_file_said_goes_with_it(shelf: Shelf, learnt: Learnt) -> None:
    shelf.put("Tide/Tide v01.cbz")
    write(shelf, "Tide/details.json", "Salt")
    shelf.scan()
    shelf.remove("Tide/details.json")
    shelf.scan()
    assert titles(learnt)[1:] == [("tide", "details.json", None)]
    assert not Sidecar.objects.exists()


def test_what_a_file_said_before_it_broke_goes_with_it(shelf: Shelf, learnt: Learnt) -> None:
    shelf.put("Tide/Tide v01.cbz")
    write(shelf, "Tide/details.json", "Salt")
    shelf.scan()
    shelf.write("Tide/details.json", b"{")
    shelf.scan()
    shelf.remove("Tide/details.json")
    shelf.scan()
    assert titles(learnt)[1:] == [("tide", "details.json", None)]


def test_a_folder_renamed_keeps_what_was_said_in_it(shelf: Shelf, learnt: Learnt) -> None:
    shelf.put("Tide/Tide v01.cbz")
    shelf.put("Ember/Ember v01.cbz", 5)
    write(shelf, "Tide/details.json", "Salt")
    shelf.scan()
    shelf.move("Tide", "Tides")
    shelf.scan()
    assert None not in [title for *_, title in titles(learnt)]
    assert Sidecar.objects.get().series == shelf.at("Tides/Tide v01.cbz").series


def test_a_scan_gives_a_sign_of_life_after_each_file_that_it_learns_from(shelf: Shelf) -> None:
    for first, name in ((1, "Tide"), (5, "Ember"), (9, "Moss")):
        put(shelf, f"{name}/{name} c1.cbz", "<Series>Salt</Series>", first)
        write(shelf, f"{name}/details.json", "Salt")
    phases = Counter(tally.phase for tally in shelf.steps())
    assert phases["Reading what lies beside files"] > 3
    assert phases["Learning what files say of their series"] > 3


def test_a_scan_without_changes_reads_and_writes_nothing(shelf: Shelf, learnt: Learnt) -> None:
    put(shelf, "Tide/Tide c3.cbz", "<Series>Salt</Series>")
    write(shelf, "Tide/details.json", "Salt")
    write(shelf, "details.json", "Salt")
    shelf.write("Tide/series.json", b"{")
    shelf.scan()
    learnt.clear()
    before = list(Chapter.objects.values()), list(Sidecar.objects.values())
    with CaptureQueriesContext(connection) as queries:
        shelf.scan()
    said = [query["sql"].split()[0] for query in queries.captured_queries]
    assert not {"UPDATE", "INSERT", "COPY", "DELETE"}.intersection(said)
    assert not learnt
    assert (list(Chapter.objects.values()), list(Sidecar.objects.values())) == before

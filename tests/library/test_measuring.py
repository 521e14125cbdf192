"""How pages look: measured by a job, once for each content."""

import io
from pathlib import Path
from random import Random

import pytest
from django.db import transaction

from bench import drawn
from kiremisu.jobs.models import Job, Priority
from kiremisu.jobs.running import Work
from kiremisu.lib.errors import Unavailable
from library import looking, measuring, tasks
from library.archives import open_book
from library.models import Content, PageGeometries, PageIndex
from library.shapes import PageGeometry
from tests import files
from tests.library.scanning.conftest import shelf
from tests.library.scanning.driving import Shelf

__all__ = ["shelf"]


def measure_all(shelf: Shelf, most: int = 100) -> None:
    """What the job does, until it is stopped after so many steps."""
    work = Work(Job(kind="geometry", subject=shelf.library.pk))
    for _, step in zip(range(most), tasks.measure_pages(work), strict=False):
        assert step.apply
        with transaction.atomic():
            step.apply()


def picture(page: drawn.Drawn) -> bytes:
    made = io.BytesIO()
    page.picture.save(made, "JPEG", quality=80)
    return made.getvalue()


@pytest.fixture(scope="module")
def pages() -> dict[str, bytes]:
    """Page 2 goes on on page 3, from left to right; page 4 is blank."""
    rng = Random(5)
    spread = drawn.spread(rng)
    made = [drawn.few_words(rng), *spread, drawn.blank(rng)]
    return {f"{number}.jpg": picture(page) for number, page in enumerate(made, 1)}


def test_a_scan_asks_once_and_the_job_measures_every_page(
    shelf: Shelf, pages: dict[str, bytes]
) -> None:
    files.make_zip(shelf.root / "Salt Road 1.cbz", pages)
    shelf.scan()
    assert Job.objects.get(kind="geometry").priority == Priority.IDLE
    measure_all(shelf)
    content = Content.objects.get()
    first, left, right, blank = measuring.known(content)
    assert content.measured
    assert first.box != (0, 0, 1000, 1000)
    assert (left.ltr > 0.9, left.rtl < 0.1, right.ltr, blank.blank) == (True, True, 0, True)
    Job.objects.all().delete()
    shelf.scan()
    assert not Job.objects.filter(kind="geometry").exists()


@pytest.mark.parametrize("form", ["7z", "tar"])
def test_pages_of_every_format_are_measured(
    tmp_path: Path, pages: dict[str, bytes], form: str
) -> None:
    path = tmp_path / f"a.{form}"
    if form == "7z":
        files.make_7z(path, pages)
    else:
        files.make_tar(path, pages)
    book = open_book(str(path))
    told = looking.looks(str(path), book.format, book.pages, (1, 100), 60)
    assert [page["blank"] for page in told] == [False, False, False, True]
    assert told[1]["ltr"] > 0.9


@pytest.mark.parametrize("form", ["7z", "zip"])
def test_pages_that_lie_in_another_order_are_measured_at_once_where_they_are_packed(
    tmp_path: Path, form: str
) -> None:
    path = tmp_path / f"a.{form}"
    make = files.make_7z if form == "7z" else files.make_zip
    make(path, {f"{number}.png": files.image(number) for number in range(1, 13)})
    book = open_book(str(path))
    told = looking.looks(str(path), book.format, book.pages, (1, 100), 0)
    assert len(told) == (12 if form == "7z" else 1)


def test_what_lies_beyond_the_last_page_is_nothing(tmp_path: Path) -> None:
    book = open_book(str(files.make_zip(tmp_path / "a.cbz")))
    assert looking.looks(str(tmp_path / "a.cbz"), book.format, book.pages, (4, 100), 60) == []


def test_it_goes_on_from_where_it_was_stopped(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "_PAGES", 3)
    shelf.put("A 1.cbz", count=6)
    shelf.scan()
    measure_all(shelf, most=1)
    assert measuring.place(Content.objects.get()) == 3
    measure_all(shelf)
    content = Content.objects.get()
    assert (len(measuring.known(content)), content.measured is not None) == (6, True)


def test_what_two_jobs_measure_at_once_is_kept_once(shelf: Shelf) -> None:
    shelf.put("A 1.cbz")
    shelf.scan()
    chapter = measuring.file_of(Content.objects.get())
    assert chapter
    part = measuring.measure(chapter, 1)
    measuring.record(part)
    measuring.record(part)
    assert len(measuring.known(part.content)) == 3


def test_a_page_that_is_no_picture_is_passed_over(shelf: Shelf) -> None:
    members = files.pages(3) | {"002.png": files.image(2)[:80]}
    files.make_zip(shelf.root / "A 1.cbz", members)
    shelf.scan()
    measure_all(shelf)
    assert [bool(page.tint) for page in measuring.known(Content.objects.get())] == [1, 0, 1]


def test_a_page_that_ends_the_child_is_passed_over(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put("A 1.cbz")
    shelf.scan()
    fine = PageGeometry(tint="#aabbcc")

    def seen(_chapter: object, first: int, most: int) -> list[PageGeometry]:
        return [fine] if first != 2 and most == 1 else []

    monkeypatch.setattr(measuring, "_seen", seen)
    measure_all(shelf)
    assert [page.tint for page in measuring.known(Content.objects.get())] == [
        "#aabbcc",
        "",
        "#aabbcc",
    ]


def test_a_book_over_which_the_child_fails_is_not_tried_whole_after_each_page(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put("A 1.cbz", count=90)
    shelf.scan()
    failed = []

    def seen(_chapter: object, first: int, most: int) -> list[PageGeometry]:
        if first <= 40 < first + most:
            failed.append(most)
            return []
        return [PageGeometry(tint="#aabbcc")] * most

    monkeypatch.setattr(measuring, "_seen", seen)
    measure_all(shelf)
    content = Content.objects.get()
    assert [bool(page.tint) for page in measuring.known(content)].index(False) == 39
    assert (len(measuring.known(content)), content.measured is not None) == (90, True)
    assert len(failed) < 12


def test_a_book_of_which_no_file_is_known_is_not_called_measured(shelf: Shelf) -> None:
    shelf.put("A 1.cbz")
    shelf.scan()
    PageIndex.objects.all().delete()
    content = Content.objects.get()
    for step in tasks.measure_book(Work(Job(kind="geometry-of", subject=content.pk))):
        assert step.apply
        step.apply()
    content.refresh_from_db()
    assert content.measured is None
    assert not measuring.pending(shelf.library).exists()


def test_what_a_disk_gave_up_half_way_is_tried_again_from_there_by_a_full_scan(
    shelf: Shelf,
) -> None:
    shelf.put("A 1.cbz", count=6)
    shelf.scan()
    content = Content.objects.get()
    fine = [PageGeometry(tint="#aabbcc")] * 4
    measuring.record(measuring.Part(content, 1, fine, is_last=False))
    measuring.record(measuring.Part(content, 5, [], is_last=True))
    assert not measuring.pending(shelf.library).exists()
    shelf.scan(full=True)
    measure_all(shelf)
    assert len(measuring.known(Content.objects.get())) == 6
    shelf.scan(full=True)
    assert not measuring.pending(shelf.library).exists()


def test_what_an_older_version_left_unmeasured_is_asked_for_by_any_scan(shelf: Shelf) -> None:
    shelf.put("A 1.cbz")
    shelf.scan()
    Content.objects.update(cover_state=Content.CoverState.READY)
    Job.objects.all().delete()
    shelf.scan()
    assert Job.objects.filter(kind="geometry").exists()


def test_a_file_that_is_gone_is_tried_again_by_a_full_scan(shelf: Shelf) -> None:
    place, _ = shelf.put("A 1.cbz"), shelf.put("B 1.cbz", first=9)
    shelf.scan()
    data = place.read_bytes()
    place.unlink()
    measure_all(shelf)
    assert (PageGeometries.objects.count(), measuring.pending(shelf.library).count()) == (1, 0)
    place.write_bytes(data)
    shelf.scan(full=True)
    assert measuring.pending(shelf.library).count() == 1


def test_nothing_is_given_up_while_the_disk_is_away(shelf: Shelf) -> None:
    shelf.put("A 1.cbz")
    shelf.scan()
    shelf.root.rename(shelf.root.with_name("unplugged"))
    with pytest.raises(Unavailable):
        measure_all(shelf)
    assert measuring.pending(shelf.library).exists()

"""How far one is in a series, kept beside one's progress by all that changes either."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job
from kiremisu.jobs.running import Work
from library import checking, outlines, tasks
from library.curation import change_series
from library.models import Chapter, Library, Series
from reader import progress, standing
from reader.carrying import carry_over
from reader.models import Progress, Standing
from tests.asking import Asker
from tests.factories import make_chapter, make_content, make_series
from tests.library.scanning.conftest import shelf
from tests.library.scanning.driving import Shelf

__all__ = ["shelf"]

pytestmark = pytest.mark.quick

type Counted = dict[tuple[str, str], tuple[int, float]]


@pytest.fixture
def series(private: Library) -> Series:
    one = make_series(private)
    for number in ("1", "2", "3"):
        make_chapter(one, number, pages=4)
    return one


def kept() -> Counted:
    return {
        (str(row.user_id), str(row.series_id)): (row.unread, row.read)
        for row in Standing.objects.all()
    }


def counted() -> Counted:
    """The same, by counting."""
    found: Counted = {}
    for user in User.objects.all():
        for one in Series.objects.all():
            chapters = Chapter.objects.readable().filter(series=one).select_related("content")
            mine = {row.content_id: row for row in Progress.objects.of(user)}
            if not any(chapter.content_id in mine for chapter in chapters):
                continue
            shares = [share(chapter, mine.get(chapter.content_id)) for chapter in chapters]
            unread = sum(
                chapter.content_id not in mine or not mine[chapter.content_id].is_finished
                for chapter in chapters
            )
            known = round(sum(shares) / len(shares), 6)
            found[str(user.pk), str(one.pk)] = (unread, known)
    return found


def share(chapter: Chapter, mine: Progress | None) -> float:
    if mine is None or chapter.content is None:
        return 0.0
    return 1.0 if mine.is_finished else mine.page / chapter.content.page_count


def turn(user: User, chapter: Chapter, page: int) -> None:
    assert chapter.content is not None
    progress.turn_to(user, chapter.content, page, timezone.now(), chapter=chapter)


def test_each_way_of_reading_is_counted(bob: User, charlie: User, series: Series) -> None:
    first, second, third = series.chapters.select_related("content").in_order()
    copy = make_chapter(make_series(series.library, "Copies"), content=first.content)
    deeds: list[Callable[[], object]] = [
        lambda: turn(bob, first, 2),
        lambda: turn(bob, first, 4),
        lambda: turn(charlie, second, 1),
        lambda: progress.mark_read(bob, [second, third]),
        lambda: progress.mark_unread(bob, [second]),
        lambda: turn(bob, copy, 1),
        lambda: progress.clear(charlie, second.content),
        lambda: progress.clear(bob, first.content),
    ]
    for deed in deeds:
        before = standing.version_of(bob), standing.version_of(charlie)
        deed()
        assert kept() == counted()
        assert (standing.version_of(bob), standing.version_of(charlie)) > before


def test_what_carries_over_is_counted(bob: User, series: Series) -> None:
    first, second, _ = series.chapters.select_related("content").in_order()
    turn(bob, first, 4)
    turn(bob, second, 1)
    other = make_content(3)
    old = first.content
    assert old is not None
    Chapter.objects.filter(pk=first.pk).update(content=other)
    carry_over(old, other)
    assert kept() == counted() != {}


def test_scans_are_counted(bob: User, shelf: Shelf) -> None:
    names = [f"Salt Road/Salt Road c00{n}.cbz" for n in (1, 2, 3)]
    for number, name in enumerate(names, start=1):
        shelf.put(name, first=number)
    shelf.scan()
    turn(bob, shelf.at(names[0]), 3)
    turn(bob, shelf.at(names[1]), 1)
    deeds: list[Callable[[], object]] = [
        lambda: shelf.put("Salt Road/Salt Road c004.cbz", first=4),
        lambda: shelf.remove(names[0]),
        lambda: shelf.put(names[1], first=9, count=5),
        lambda: shelf.move(names[2], "Moss/Moss c001.cbz"),
        # One by one: several at once would wait for a person's word.
        lambda: shelf.remove("Salt Road/Salt Road c004.cbz"),
        lambda: shelf.remove(names[1]),
    ]
    for deed in deeds:
        before = standing.version_of(bob)
        deed()
        shelf.scan()
        assert kept() == counted()
        assert standing.version_of(bob) > before
    assert kept() == {}


def test_lists_are_sorted_by_what_is_unread_and_when_it_was_read(bob: User, series: Series) -> None:
    moss = make_series(series.library, "Moss")
    make_chapter(moss, pages=4)
    make_series(series.library, "Empty")
    turn(bob, moss.chapters.select_related("content").get(), 4)
    turn(bob, series.chapters.select_related("content").in_order()[0], 4)

    def titles(sort: str) -> list[str]:
        return [row["title"] for row in Asker(bob).get("series", sort=sort)["items"]]

    assert titles("-unread")[0] == series.title
    assert titles("unread")[2] == series.title
    assert titles("-read") == [series.title, "Moss", "Empty"]
    assert titles("read") == ["Moss", series.title, "Empty"]


# ------------------------------------------------------------------------- the check


def checked() -> Work:
    work = Work(Job(kind="check"))
    for step in tasks.check(work):
        if step.apply:
            step.apply()
    return work


def test_a_check_of_what_is_right_changes_nothing(bob: User, shelf: Shelf) -> None:
    shelf.put("Salt Road/Salt Road c001.cbz")
    shelf.scan()
    turn(bob, shelf.at("Salt Road/Salt Road c001.cbz"), 2)
    change_series(Series.objects.get(), tags=["salt"])
    outlines.weigh([Series.objects.get().pk])
    before = Series.objects.values().get()
    assert checked().cursor["mended"] == 0
    assert Series.objects.values().get() == before


def test_a_check_mends_what_is_wrong_and_tells(bob: User, shelf: Shelf) -> None:
    shelf.put("Salt Road/Salt Road c001.cbz")
    shelf.scan()
    turn(bob, shelf.at("Salt Road/Salt Road c001.cbz"), 2)
    version = Library.objects.get().version
    Series.objects.update(chapter_count=9, raw_labels={"tags": ["x"]})
    Standing.objects.update(unread=7)
    assert checked().cursor["mended"] == 3
    assert Series.objects.get().chapter_count == 1
    assert kept() == counted()
    assert Library.objects.get().version > version


def test_a_check_goes_on_where_it_was_stopped(private: Library) -> None:
    made = [make_series(private, f"Series {number}") for number in range(3)]
    ids = sorted(one.pk for one in made)
    assert checking.after(None, 2) == ids[:2]
    assert checking.after(ids[1], 2) == ids[2:]

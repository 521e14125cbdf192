"""Where reading goes on, and how much of a series is left."""

from typing import Any

from django.utils import timezone

from kiremisu.accounts.models import User
from library.models import Chapter, Library, Series
from reader.progress import also_open, card_columns, continue_from, mark_read, turn_to
from tests.factories import make_chapter, make_series
from tests.reader.test_progress import NOON, minutes, series

__all__ = ["series"]


def test_reading_goes_on_where_it_was(bob: User, series: Series) -> None:
    chapter = make_chapter(series)
    turn_to(bob, chapter.content, 5, NOON)

    place = continue_from(bob)

    assert place is not None
    assert (place.chapter, place.page) == (chapter, 5)
    assert place.progress is not None


def test_reading_goes_on_through_the_file_it_was_read_in(bob: User, series: Series) -> None:
    first = make_chapter(series, path="a.cbz")
    second = make_chapter(series, path="b.cbz", content=first.content)

    for chapter in (second, first):
        turn_to(bob, first.content, 5, minutes(chapter is first), chapter=chapter)
        place = continue_from(bob)
        assert place is not None
        assert place.chapter == chapter


def test_after_a_finished_chapter_comes_the_next_unread(bob: User, series: Series) -> None:
    chapters = [make_chapter(series, str(n)) for n in (1, 2, 3)]
    mark_read(bob, [chapters[1]])
    turn_to(bob, chapters[0].content, 12, timezone.now())

    place = continue_from(bob)

    assert place is not None
    assert (place.chapter, place.page, place.progress) == (chapters[2], 1, None)


def test_a_series_read_to_its_end_is_not_offered(bob: User, series: Series) -> None:
    mark_read(bob, [make_chapter(series)])

    assert continue_from(bob) is None


def test_what_is_missing_or_not_theirs_is_not_offered(
    bob: User, charlie: User, private: Library
) -> None:
    chapter = make_chapter(make_series(private))
    for user in (bob, charlie):
        turn_to(user, chapter.content, 5, NOON)
    assert continue_from(charlie) is None

    Chapter.objects.update(missing_since=timezone.now())
    assert continue_from(bob) is None


def test_the_other_open_series_come_newest_first_once_each(bob: User, series: Series) -> None:
    others = [make_series(series.library, f"Series {n}") for n in range(6)]
    for when, each in enumerate([series, *others]):
        for number in ("1", "2"):
            turn_to(bob, make_chapter(each, number).content, 2, minutes(when))

    assert [place.chapter.series.title for place in also_open(bob, 3)] == [
        "Series 4",
        "Series 3",
        "Series 2",
    ]


def test_a_card_says_how_much_of_a_series_is_unread_and_read(
    bob: User, charlie: User, series: Series, django_assert_num_queries: Any
) -> None:
    chapters = [make_chapter(series, str(n)) for n in (1, 2, 3, 4)]
    turn_to(bob, chapters[0].content, 12, NOON)
    turn_to(bob, chapters[1].content, 6, minutes(1))
    turn_to(charlie, chapters[2].content, 12, NOON)
    other = make_series(series.library, "Unread")
    make_chapter(other)

    with django_assert_num_queries(1):
        cards = card_columns(bob, [series.pk, other.pk])

    assert cards[series.pk] == {"unread": 3, "read": 0.375, "last_read": minutes(1)}
    assert cards[other.pk] == {"unread": 1, "read": 0, "last_read": None}

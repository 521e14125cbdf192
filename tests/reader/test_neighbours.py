"""What comes before and after a chapter."""

from typing import Any

import pytest
from django.utils import timezone

from kiremisu.accounts.models import User
from library.models import NO_NUMBER, Chapter, Series
from reader.neighbours import neighbours
from tests.factories import make_chapter, make_library, make_series


@pytest.fixture
def series(db: None) -> Series:
    return make_series(make_library())


def numbers(series: Series, *given: str) -> list[Chapter]:
    return [make_chapter(series, number) for number in given]


def tear(series: Series, number: str, **facts: Any) -> None:
    """A chapter whose file is there and cannot be read."""
    torn = make_chapter(series, number, problem="damaged", **facts)
    Chapter.objects.filter(pk=torn.pk).update(content=None)


def test_chapters_follow_in_reading_order(alice: User, series: Series) -> None:
    ten, two, nine = numbers(series, "10", "2", "9")

    around = neighbours(alice, nine)

    assert (around.previous, around.next) == (two, ten)


def test_the_ends_have_no_neighbour(alice: User, series: Series) -> None:
    (only,) = numbers(series, "1")

    around = neighbours(alice, only)

    assert (around.previous, around.next, around.gap) == (None, None, "")


def test_volumes_come_before_loose_chapters(alice: User, series: Series) -> None:
    loose = make_chapter(series, "9")
    two, one = (
        make_chapter(series, "", volume=v, volume_order=v, number_order=NO_NUMBER, path=v)
        for v in ("2", "1")
    )

    assert neighbours(alice, one).next == two
    assert neighbours(alice, two).next == loose
    assert neighbours(alice, loose).previous == two


def test_specials_come_last_by_name(alice: User, series: Series) -> None:
    (one,) = numbers(series, "1")
    b, a = (
        make_chapter(series, "", special=True, number_order=NO_NUMBER, path=p) for p in ("b", "a")
    )

    assert neighbours(alice, one).next == a
    assert neighbours(alice, a).next == b
    assert neighbours(alice, b).previous == a


def test_what_cannot_be_read_is_stepped_over(alice: User, series: Series) -> None:
    one, two, three = numbers(series, "1", "2", "3")
    Chapter.objects.filter(pk=two.pk).update(missing_since=timezone.now())

    assert neighbours(alice, one).next == three


def test_the_same_chapter_by_another_group_is_not_next(alice: User, series: Series) -> None:
    first = {
        group: make_chapter(series, "1", group=group, path=f"1{group}") for group in ("A", "B")
    }
    second = {
        group: make_chapter(series, "2", group=group, path=f"2{group}") for group in ("A", "B")
    }

    for group in ("A", "B"):
        assert neighbours(alice, first[group]).next == second[group]
        assert neighbours(alice, second[group]).previous == first[group]


def test_a_change_of_group_is_said(alice: User, series: Series) -> None:
    one = make_chapter(series, "1", group="Kite")
    make_chapter(series, "2", group="Heron")

    assert neighbours(alice, one).group == "The next chapter is by Heron."


@pytest.mark.parametrize(
    ("here", "then", "said"),
    [
        ("41", "42", ""),
        ("41", "41.5", ""),
        ("41.5", "42", ""),
        ("41", "43", "Chapter 42 is missing, next is 43."),
        ("41", "44.5", "Chapters 42 to 44 are missing, next is 44.5."),
        ("1-8", "10", "Chapter 9 is missing, next is 10."),
        ("41", "43-50", "Chapter 42 is missing, next is 43-50."),
    ],
)
def test_gaps_are_said(alice: User, series: Series, here: str, then: str, said: str) -> None:
    chapter, _ = numbers(series, here, then)

    assert neighbours(alice, chapter).gap == said


@pytest.mark.parametrize(
    ("then", "torn", "said"),
    [
        ("43", ["42"], "Chapter 42 cannot be read"),
        ("44", ["42", "43"], "Chapters 42 to 43 cannot be read"),
        ("44", ["43"], "Chapter 42 is missing and chapter 43 cannot be read"),
        ("45", ["43-44"], "Chapter 42 is missing and chapters 43 to 44 cannot be read"),
        ("46", ["44"], "Chapters 42 to 43 and 45 are missing and chapter 44 cannot be read"),
    ],
)
def test_what_cannot_be_read_is_not_said_to_be_missing(
    alice: User, series: Series, then: str, torn: list[str], said: str
) -> None:
    chapter, _ = numbers(series, "41", then)
    for number in torn:
        tear(series, number)

    assert neighbours(alice, chapter).gap == f"{said}, next is {then}."


def test_a_torn_file_that_is_gone_is_missing(alice: User, series: Series) -> None:
    chapter, _ = numbers(series, "41", "43")
    tear(series, "42", missing_since=timezone.now())

    assert neighbours(alice, chapter).gap == "Chapter 42 is missing, next is 43."


def test_a_missing_volume_is_said(alice: User, series: Series) -> None:
    one, _ = (
        make_chapter(series, "", volume=v, volume_order=v, number_order=NO_NUMBER, path=v)
        for v in ("1", "4")
    )
    tear(series, "", volume="3", volume_order="3", number_order=NO_NUMBER, path="3")

    told = "Volume 2 is missing and volume 3 cannot be read, next is 4."
    assert neighbours(alice, one).gap == told


def test_numbers_that_begin_anew_in_a_volume_are_no_gap(alice: User, series: Series) -> None:
    last = make_chapter(series, "9", volume="1", volume_order=1)
    make_chapter(series, "1", volume="2", volume_order=2)

    assert neighbours(alice, last).gap == ""


def test_before_specials_there_is_no_gap(alice: User, series: Series) -> None:
    (one,) = numbers(series, "1")
    make_chapter(series, "5", special=True)

    assert neighbours(alice, one).gap == ""


def test_numbers_that_are_none_make_no_gap(alice: User, series: Series) -> None:
    one = make_chapter(series, "1")
    Chapter.objects.filter(pk=make_chapter(series, "9").pk).update(number="IX")

    assert neighbours(alice, one).gap == ""

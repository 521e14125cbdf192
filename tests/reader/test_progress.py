"""Where a reader is: the newest save wins, a finish stays, nothing is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from kiremisu.accounts.models import User
from kiremisu.lib.errors import Invalid
from library.models import Content, Series
from reader.carrying import carry_over
from reader.models import PagePairing, Progress
from reader.preferences import pair, pairing_of
from reader.progress import (
    clear,
    in_contents,
    mark_read,
    mark_unread,
    turn_to,
)
from tests.factories import make_chapter, make_content, make_library, make_series

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def minutes(count: float) -> datetime:
    return NOON + timedelta(minutes=count)


@pytest.fixture
def content(db: None) -> Content:
    return make_content(20)


@pytest.fixture
def series(db: None) -> Series:
    return make_series(make_library())


def stored(user: User, content: Content) -> Progress:
    return Progress.objects.get(user=user, content=content)


def test_turning_to_a_page_remembers_page_time_and_device(bob: User, content: Content) -> None:
    turn_to(bob, content, 7, NOON, "tablet", fraction=0.5)

    kept = stored(bob, content)
    assert (kept.page, kept.at, kept.device, kept.fraction) == (7, NOON, "tablet", 0.5)
    assert not kept.is_finished


def test_it_answers_what_is_stored(bob: User, content: Content) -> None:
    turn_to(bob, content, 9, minutes(5), "tablet")

    answer = turn_to(bob, content, 3, NOON, "phone")

    assert (answer.page, answer.device) == (9, "tablet")


def test_an_older_save_moves_nothing(bob: User, content: Content) -> None:
    turn_to(bob, content, 9, minutes(5))
    turn_to(bob, content, 3, NOON)

    assert stored(bob, content).page == 9


def test_a_newer_save_may_turn_back(bob: User, content: Content) -> None:
    turn_to(bob, content, 9, NOON)
    turn_to(bob, content, 3, minutes(1))

    assert stored(bob, content).page == 3


def test_the_last_page_finishes(bob: User, content: Content) -> None:
    turn_to(bob, content, 20, NOON)

    assert stored(bob, content).finished_at == NOON


def test_an_older_save_of_the_last_page_still_finishes(bob: User, content: Content) -> None:
    turn_to(bob, content, 4, minutes(5))
    turn_to(bob, content, 20, NOON)

    kept = stored(bob, content)
    assert (kept.page, kept.finished_at) == (4, NOON)


def test_reading_it_again_unfinishes_nothing(bob: User, content: Content) -> None:
    turn_to(bob, content, 20, NOON)
    turn_to(bob, content, 2, minutes(60))

    kept = stored(bob, content)
    assert (kept.page, kept.finished_at) == (2, NOON)
    assert kept.is_read_again


def test_turning_back_after_the_end_is_still_the_same_reading(bob: User, content: Content) -> None:
    turn_to(bob, content, 20, NOON)
    turn_to(bob, content, 19, minutes(1))

    assert not stored(bob, content).is_open


def test_finishing_again_closes_the_second_reading(bob: User, content: Content) -> None:
    for page, when in ((20, 0), (2, 60), (3, 61), (20, 90)):
        turn_to(bob, content, page, minutes(when))

    kept = stored(bob, content)
    assert kept.finished_at == minutes(90)
    assert not kept.is_read_again


def test_the_last_page_of_a_strip_is_not_done_before_its_foot(bob: User, content: Content) -> None:
    turn_to(bob, content, 20, NOON, fraction=0.1, done=False)
    assert not stored(bob, content).is_finished

    turn_to(bob, content, 20, minutes(1), fraction=1, done=True)
    assert stored(bob, content).is_finished


def test_flowing_on_finishes_from_any_page(bob: User, content: Content) -> None:
    turn_to(bob, content, 19, NOON, done=True)

    assert stored(bob, content).is_finished


def test_a_clock_that_runs_ahead_is_set_to_now(bob: User, content: Content) -> None:
    answer = turn_to(bob, content, 2, timezone.now() + timedelta(days=365))

    assert answer.at <= timezone.now()


def test_a_clock_that_ran_ahead_does_not_shut_out_the_others(bob: User, content: Content) -> None:
    turn_to(bob, content, 2, timezone.now() + timedelta(days=365))
    turn_to(bob, content, 5, timezone.now())

    assert stored(bob, content).page == 5


@pytest.mark.parametrize("page", [0, -1, 21])
def test_there_is_no_page_beyond_the_ends(bob: User, content: Content, page: int) -> None:
    with pytest.raises(Invalid, match="1 to 20"):
        turn_to(bob, content, page, NOON)


@pytest.mark.parametrize("fraction", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_fraction_lies_between_nothing_and_all(
    bob: User, content: Content, fraction: float
) -> None:
    with pytest.raises(Invalid):
        turn_to(bob, content, 1, NOON, fraction=fraction)


def test_a_time_without_a_zone_is_refused(bob: User, content: Content) -> None:
    with pytest.raises(Invalid):
        turn_to(bob, content, 1, datetime(2026, 3, 1, 12))


def test_a_device_name_is_made_fit_to_store(bob: User, content: Content) -> None:
    assert turn_to(bob, content, 1, NOON, "pho\x00ne " + "x" * 200).device == "phone " + "x" * 94


# Row: saves of two devices, one offline for a week, arriving in any order and twice.
SAVES = [
    {"page": 3, "at": minutes(-7 * 24 * 60), "device": "tablet"},
    {"page": 20, "at": minutes(-3), "device": "phone"},
    {"page": 12, "at": minutes(0), "device": "tablet", "fraction": 0.25},
    {"page": 14, "at": minutes(0), "device": "phone"},
]


@pytest.mark.parametrize("order", list(permutations(range(len(SAVES)))), ids=str)
def test_whatever_order_saves_arrive_in_the_outcome_is_the_same(
    bob: User, content: Content, order: tuple[int, ...]
) -> None:
    for number in (*order, *order):
        turn_to(bob, content, **SAVES[number])  # type: ignore[arg-type]  # a table of facts

    kept = stored(bob, content)
    assert (kept.page, kept.device, kept.at) == (14, "phone", minutes(0))
    assert kept.finished_at == minutes(-3)


def in_parallel(calls: list[Callable[[], Any]], threads: int = 10) -> list[Any]:
    """Run them at once, each thread with a database connection of its own."""

    def run(call: Callable[[], Any]) -> Any:
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return [done.result() for done in [pool.submit(run, call) for call in calls]]


@pytest.mark.django_db(transaction=True)
def test_a_hundred_saves_at_once_make_one_row() -> None:
    bob, content = User.objects.create_user("bob"), make_content(20)

    in_parallel([lambda: turn_to(bob, content, 8, NOON, "phone")] * 100)

    assert Progress.objects.count() == 1
    assert stored(bob, content).page == 8


@pytest.mark.django_db(transaction=True)
def test_of_many_saves_at_once_the_newest_wins_and_the_finish_is_kept() -> None:
    bob, content = User.objects.create_user("bob"), make_content(20)
    pages = [*range(1, 21), 5]

    in_parallel(
        [
            lambda page=page, when=when: turn_to(bob, content, page, minutes(when / 10))
            for when, page in reversed(list(enumerate(pages)))
        ]
    )

    kept = stored(bob, content)
    assert (kept.page, kept.finished_at) == (5, minutes(1.9))


@pytest.mark.django_db(transaction=True)
def test_marking_read_while_pages_turn_loses_no_finish() -> None:
    bob, chapter = User.objects.create_user("bob"), make_chapter(make_series(make_library()))
    content = chapter.content
    assert content is not None

    in_parallel([lambda: mark_read(bob, [chapter]), lambda: turn_to(bob, content, 2, NOON)] * 20, 8)

    assert stored(bob, content).is_finished


def test_clearing_forgets_this_reader_alone(bob: User, charlie: User, content: Content) -> None:
    turn_to(bob, content, 2, NOON)
    turn_to(charlie, content, 3, NOON)

    clear(bob, content)

    assert [p.user for p in Progress.objects.all()] == [charlie]


def test_marking_read_finishes_every_chapter(bob: User, series: Series) -> None:
    chapters = [make_chapter(series, str(n)) for n in (1, 2, 3)]
    turn_to(bob, chapters[0].content, 4, NOON)

    assert mark_read(bob, chapters) == 3

    assert {(p.page, p.is_finished) for p in Progress.objects.of(bob)} == {(12, True)}


def test_marking_read_leaves_what_is_finished_as_it_was(bob: User, series: Series) -> None:
    chapter = make_chapter(series)
    turn_to(bob, chapter.content, 12, NOON)

    assert mark_read(bob, [chapter]) == 0

    assert stored(bob, chapter.content).finished_at == NOON


def test_marking_read_passes_over_chapters_without_pages(bob: User, series: Series) -> None:
    broken = make_chapter(series)
    broken.content = None

    assert mark_read(bob, [broken]) == 0


def test_marking_unread_forgets_those_chapters(bob: User, series: Series) -> None:
    one, two = make_chapter(series, "1"), make_chapter(series, "2")
    mark_read(bob, [one, two])

    assert mark_unread(bob, [one]) == 1

    assert [p.content for p in Progress.objects.of(bob)] == [two.content]


def test_a_replaced_file_takes_its_readers_along(bob: User, content: Content) -> None:
    turn_to(bob, content, 15, NOON, fraction=0.5)
    pair(bob, content, flip=True, alone=[4])
    shorter = make_content(12)

    carry_over(content, shorter)

    kept = stored(bob, shorter)
    assert (kept.page, kept.fraction, kept.at) == (12, 0, NOON)
    assert pairing_of(bob, shorter).alone == [4]
    assert not Progress.objects.filter(content=content).exists()


@pytest.mark.parametrize(("page_of_old", "kept_page"), [(minutes(1), 6), (minutes(-1), 9)])
def test_who_has_read_both_keeps_the_newer_place_and_the_finish(
    bob: User, content: Content, page_of_old: datetime, kept_page: int
) -> None:
    other = make_content(20)
    turn_to(bob, content, 6, page_of_old)
    turn_to(bob, other, 20, minutes(-5))
    turn_to(bob, other, 9, NOON)

    carry_over(content, other)

    kept = stored(bob, other)
    assert (kept.page, kept.finished_at) == (kept_page, minutes(-5))


def test_a_pairing_made_for_the_new_pages_stays(bob: User, content: Content) -> None:
    other = make_content(20)
    pair(bob, content, flip=True)
    pair(bob, other, flip=False)

    carry_over(content, other)

    assert PagePairing.objects.count() == 1
    assert pairing_of(bob, other).flip is False


def test_progress_in_several_contents_is_asked_at_once(bob: User, content: Content) -> None:
    turn_to(bob, content, 2, NOON)

    assert [p.page for p in in_contents(bob, [content.pk, make_content().pk]).values()] == [2]

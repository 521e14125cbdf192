"""When feeds are asked for, and what is expected."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from metadata.watching.scheduling import LONGEST, SHORTEST, after_failure, plan

pytestmark = pytest.mark.quick

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


def every(gap: timedelta, times: int = 8, last: timedelta = timedelta()) -> list[datetime]:
    """So many moments, the last so long ago."""
    return [NOW - last - gap * place for place in range(times)]


def waits(published: Sequence[datetime], **told: bool) -> set[timedelta]:
    """For many feeds of this kind."""
    return {plan(published, NOW, str(seed), **told).due - NOW for seed in range(200)}


@pytest.mark.parametrize(
    ("published", "least", "most"),
    [
        ([], 20 * HOUR, 27 * HOUR),
        (every(WEEK), 18 * HOUR, 24 * HOUR),
        (every(DAY), 2 * HOUR, 4 * HOUR),
        (every(HOUR), HOUR, 27 * HOUR),
        (every(90 * DAY), 6 * DAY, WEEK),
        # About to come.
        (every(WEEK, last=6.9 * DAY), 6 * HOUR, 8 * HOUR),
        # It should have come long ago.
        (every(WEEK, last=60 * DAY), 6 * DAY, WEEK),
        (every(WEEK, last=5 * 365 * DAY), 6 * DAY, WEEK),
    ],
)
def test_checks_follow_the_pace(
    published: list[datetime], least: timedelta, most: timedelta
) -> None:
    found = waits(published)
    assert least <= min(found)
    assert max(found) <= most


def test_a_work_that_has_ended_is_looked_at_once_a_week() -> None:
    assert min(waits(every(DAY), is_over=True)) > 6 * DAY


def test_the_first_check_in_the_expected_time_is_not_late() -> None:
    found = plan(every(WEEK, last=6 * DAY), NOW, "a feed")
    assert found.expected is not None
    assert found.within is not None
    assert found.due <= found.expected - found.within + HOUR


def test_feeds_of_one_pace_are_spread() -> None:
    found = sorted(waits(every(WEEK)))
    assert len(found) > 150
    assert found[-1] - found[0] > 3 * HOUR


def test_a_steady_work_is_expected_when_its_time_comes() -> None:
    found = plan(every(WEEK, last=2 * DAY), NOW, "a feed")
    assert (found.pace, found.expected) == (WEEK, NOW + 5 * DAY)
    assert found.within is not None
    assert found.within < 2 * DAY


@pytest.mark.parametrize(
    "published",
    [
        every(WEEK, times=3),
        [NOW - day * DAY for day in (0, 1, 30, 31, 90, 300)],
        every(WEEK, last=20 * DAY),
        [],
    ],
)
def test_of_what_comes_as_it_likes_nothing_is_expected(published: list[datetime]) -> None:
    assert plan(published, NOW, "a feed").expected is None


def test_what_comes_together_is_one_delivery() -> None:
    published = [moment - HOUR * n / 4 for moment in every(WEEK) for n in range(5)]
    assert plan(published, NOW, "a feed").pace == WEEK


def test_failures_are_tried_again_later_and_later() -> None:
    found = [after_failure(number, NOW, "a feed") - NOW for number in (1, 2, 3, 6, 30)]
    assert found == sorted(found)
    assert found[0] >= SHORTEST
    assert found[-1] <= LONGEST


def test_a_thousand_feeds_are_each_asked_for_in_time_and_no_hour_holds_many() -> None:
    # The checks of a week, by a moved clock: each follows from the one before.
    asked: list[datetime] = []
    for number in range(1000):
        pace = WEEK if number % 3 else DAY
        at, last = NOW, NOW - (number % 100) / 100 * pace
        while at < NOW + WEEK:
            asked.append(at)
            came = [last - pace * place for place in range(8)]
            due = plan([*came, *_since(last, pace, at)], at, str(number)).due
            assert SHORTEST <= due - at <= LONGEST
            at = due
    settled = [moment for moment in asked if moment > NOW + DAY]
    by_hour = dict.fromkeys(range(24, 168), 0)
    for moment in settled:
        by_hour[(moment - NOW) // HOUR] += 1
    assert max(by_hour.values()) < 2.5 * len(settled) / len(by_hour)


def _since(last: datetime, pace: timedelta, until: datetime) -> list[datetime]:
    """What came meanwhile."""
    return [last + pace * place for place in range(1, (until - last) // pace + 1)]

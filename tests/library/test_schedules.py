"""When a library is scanned by itself."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.schedules import PATTERN, next_after

BERLIN = ZoneInfo("Europe/Berlin")
SCHEDULES = ["every 15 minutes", "every 1 hour", "every 6 hours", "daily 03:30", "weekly sun 04:00"]


@pytest.mark.parametrize(
    ("schedule", "now", "then"),
    [
        ("every 15 minutes", "2026-11-27 08:07", "2026-11-27 08:15"),
        ("every 15 minutes", "2026-11-27 08:15", "2026-11-27 08:30"),
        ("every 1 hour", "2026-11-27 23:59", "2026-11-28 00:00"),
        ("every 6 hours", "2026-11-27 06:01", "2026-11-27 12:00"),
        ("daily 03:30", "2026-11-27 03:29", "2026-11-27 03:30"),
        ("daily 03:30", "2026-11-27 03:30", "2026-11-28 03:30"),
        ("weekly sun 04:00", "2026-11-27 08:00", "2026-11-29 04:00"),
        ("weekly fri 04:00", "2026-11-27 08:00", "2026-12-04 04:00"),
        # The clock goes from 02:00 to 03:00, and seven months later from 03:00 to 02:00.
        ("daily 02:30", "2026-03-28 12:00", "2026-03-29 03:30"),
        ("daily 02:30", "2026-10-24 12:00", "2026-10-25 02:30"),
    ],
)
def test_the_next_time_is_the_first_after_now(schedule: str, now: str, then: str) -> None:
    local = datetime.fromisoformat(now).replace(tzinfo=BERLIN)
    found = next_after(schedule, local)
    assert found is not None
    shown = datetime.fromtimestamp(found.timestamp(), BERLIN)
    assert f"{shown:%Y-%m-%d %H:%M}" == then


@pytest.mark.parametrize(
    ("noon", "hours"),
    [("2026-03-28", ["03:30", "02:30", "02:30"]), ("2026-10-24", ["02:30", "02:30", "02:30"])],
)
def test_who_looks_every_15_seconds_asks_once_a_day_over_a_change_of_the_clock(
    noon: str, hours: list[str]
) -> None:
    now = datetime.fromisoformat(f"{noon} 12:00").replace(tzinfo=BERLIN)
    due, asked = next_after("daily 02:30", now), []
    for seconds in range(0, 3 * 86_400, 15):
        local = datetime.fromtimestamp(now.timestamp() + seconds, BERLIN)
        if due and due.timestamp() <= local.timestamp():
            asked.append(f"{local:%H:%M}")
            due = next_after("daily 02:30", local)
    assert asked == hours


@given(st.sampled_from(SCHEDULES), st.integers(0, 4_000_000_000))
def test_it_always_lies_ahead_and_not_far(schedule: str, moment: int) -> None:
    now = datetime.fromtimestamp(moment, BERLIN)
    found = next_after(schedule, now)
    assert found is not None
    most = {"every": timedelta(hours=7), "daily": timedelta(hours=25)}
    assert (
        0
        < found.timestamp() - moment
        <= most.get(schedule.split(maxsplit=1)[0], timedelta(days=7, hours=1)).total_seconds()
    )


def test_without_a_schedule_there_is_none() -> None:
    assert next_after("", datetime.now(BERLIN)) is None


@pytest.mark.parametrize("text", ["daily 24:00", "every 7 minutes", "weekly x 04:00", "daily"])
def test_nothing_else_is_a_schedule(text: str) -> None:
    assert not re.fullmatch(PATTERN, text)
    assert all(re.fullmatch(PATTERN, each) for each in ["", *SCHEDULES])

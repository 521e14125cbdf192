"""When a library is scanned by itself. Pure.

A schedule is a few words: "every 30 minutes", "every 6 hours", "daily 03:30", "weekly sun 04:00",
or "" for never. What comes every so often is counted from midnight. Times are local ones.
"""

from datetime import datetime, time, timedelta

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]"
# What a schedule may look like.
PATTERN = (
    "^(every (15|30) minutes|every 1 hour|every (2|3|4|6|8|12) hours"
    f"|daily {_TIME}|weekly ({'|'.join(_DAYS)}) {_TIME})?$"
)


def next_after(schedule: str, now: datetime) -> datetime | None:
    """The first time of this schedule after `now`, an aware local time; None for none."""
    words = schedule.split()
    match words:
        case ["every", many, unit]:
            step = timedelta(**{f"{unit.rstrip('s')}s": int(many)})
            midnight = datetime.combine(now.date(), time())
            passed = now.replace(tzinfo=None) - midnight
            return _first(midnight + (passed // step) * step, step, now)
        case ["daily", at]:
            return _first(_at(now, at), timedelta(days=1), now)
        case ["weekly", day, at]:
            ahead = (_DAYS.index(day) - now.weekday()) % 7
            return _first(_at(now, at) + timedelta(days=ahead), timedelta(days=7), now)
    return None


def _at(now: datetime, at: str) -> datetime:
    return datetime.combine(now.date(), time.fromisoformat(at))


def _first(local: datetime, step: timedelta, now: datetime) -> datetime:
    """The first of the wall clock's times from `local` on that lies after `now`. One that a change
    of the clock leaves out comes as much later, one that it repeats comes once."""
    while (found := local.replace(tzinfo=now.tzinfo)).timestamp() <= now.timestamp():
        local += step
    return found

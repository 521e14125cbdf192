"""A thousand watched series over days: how often their feeds are looked at, and what is told.

    bench/watching.py [--series 1000] [--days 2] [--faster 20]

A small MangaDex on this machine has so many works: most get a chapter each week, some twice a
week, some now and then, some have ended. All are watched from the same moment by somebody who has
a channel. The clock is moved on by ten minutes whenever nothing is due, and the seconds of
the pace are so many times shorter, so that days pass in minutes. Prints what was seen and, last,
one JSON line. Ends with 1 when more than three requests came in any such second, a chapter was
missed or told twice, or an hour after the first had more than a tenth of all checks.
"""

# ruff: noqa: PLC0415 - imported once Django is set up

import argparse
import json
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

from serving import data_folder, database

if TYPE_CHECKING:
    from tests.metadata.notifying.receiving import Receiver
    from tests.upstream import Manga, Upstream

MOST, TICK = 3, timedelta(minutes=10)
# Hours between two chapters of a work; 0 for one that has ended. Each kind's share in twenty.
KINDS = {168: 12, 84: 3, 400: 3, 0: 2}
BEFORE = 8  # chapters that came before anybody watched


class Clock:
    """The time as it is, and as far as it was moved on."""

    def __init__(self) -> None:
        self.moved = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.moved


class World:
    """The works, and which chapters of them come when."""

    def __init__(self, upstream: "Upstream", many: int, began: datetime, days: float) -> None:
        self.works: list[Manga] = []
        self.coming: list[tuple[datetime, Manga, int]] = []
        paces = [hours for hours, share in KINDS.items() for _ in range(share)]
        for place in range(many):
            hours = paces[place % len(paces)]
            work = upstream.catalogue.add(f"Tale {place}", chapters=0)
            self.works.append(work)
            step = timedelta(hours=hours or 168)
            # The next one at some time within its pace, another for each.
            next_one = began + step * ((place * 0.618) % 1) + timedelta(minutes=1)
            for number in range(1, BEFORE + 1):
                self._put(work, number, next_one - step * (BEFORE + 1 - number))
            end, number = began + timedelta(days=days), BEFORE + 1
            while hours and next_one < end:
                self.coming.append((next_one, work, number))
                next_one, number = next_one + step, number + 1
        self.coming.sort(key=lambda each: each[0])
        self.came: dict[tuple[str, str], datetime] = {}

    def go_on(self, now: datetime) -> None:
        """Put up what has come by now."""
        while self.coming and self.coming[0][0] <= now:
            when, work, number = self.coming.pop(0)
            self._put(work, number, when)
            self.came[work.id, str(number)] = when

    def _put(self, work: "Manga", number: int, when: datetime) -> None:
        from tests.upstream import Chapter
        from tests.upstream.catalogue import made_id

        told = f"{when:%Y-%m-%dT%H:%M:%S+00:00}"
        key = made_id(work.id, str(number))
        work.chapters.append(Chapter(key, str(number), language="en", published=told))


def watched(world: World, now: datetime, url: str) -> None:
    """All works as series that somebody watches, who has a channel."""
    from kiremisu.accounts import people
    from library.models import Library, MatchState, Series
    from metadata.models import Feed, Match, Watch
    from metadata.notifying import channels

    library = Library.objects.create(name="Manga", root="/nowhere")
    series = Series.objects.bulk_create(
        Series(
            library=library,
            key=f"tale {place}",
            title=f"Tale {place}",
            sort_title=f"tale {place:05}",
            match_state=MatchState.MATCHED,
        )
        for place in range(len(world.works))
    )
    later = now + timedelta(days=365)
    Match.objects.bulk_create(
        Match(series=one, provider="mangadex", provider_id=work.id, score=100, told=now, due=later)
        for one, work in zip(series, world.works, strict=True)
    )
    user = people.make("alice", "a quiet harbour")
    channels.make(user, "Phone", url)
    Watch.objects.bulk_create(Watch(user=user, series=one, since=now) for one in series)
    Feed.objects.bulk_create(
        Feed(series=one, provider="mangadex", provider_id=work.id, due=now)
        for one, work in zip(series, world.works, strict=True)
    )


def pass_days(clock: Clock, world: World, upstream: "Upstream", days: float) -> Counter[int]:
    """Look whether anything is due, as workers do every few seconds; how many checks each hour
    had."""
    from kiremisu.jobs.running import run_now
    from metadata.notifying import sending
    from metadata.watching import checking

    began, hours = clock.now(), Counter[int]()
    while (now := clock.now()) < began + timedelta(days=days):
        world.go_on(now)
        asked = len(upstream.asked)
        for job in (checking.ask(), sending.ask()):
            if job is not None:
                run_now(job)
        hours[int((now - began) / timedelta(hours=1))] += len(upstream.asked) - asked
        clock.moved += TICK
    return hours


def seen(world: World, receiver: "Receiver", hours: Counter[int]) -> dict[str, Any]:
    """What was told, beside what came."""
    from metadata.models import Notice

    rows = Notice.objects.order_by("id").select_related("release", "series__match")
    when = [(each.series.match.provider_id, each.release.number, each.created) for each in rows]
    told = Counter((work, number) for work, number, _ in when)
    due = world.came.keys()
    waits = [
        (created - world.came[work, number]) / timedelta(hours=1)
        for work, number, created in when
        if (work, number) in due
    ]
    said = sum(body.count("Chapter") for body in receiver.bodies)
    later = [checks for hour, checks in hours.items() if hour]
    return {
        "chapters that came": len(world.came),
        "missed": len(due - told.keys()),
        "told that did not come": len(told.keys() - due),
        "told twice": sum(told.values()) - len(told) + max(0, said - len(world.came)),
        "told over the channel": said,
        "messages": len(receiver.said),
        "checks": sum(hours.values()),
        "checks in the first hour": hours[0],
        "in an hour after that, median": round(median(later)),
        "in the busiest": max(later),
        "hours until told, median": round(median(waits), 1),
        "95 of 100 within": round(quantiles(waits, n=20)[-1], 1),
    }


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--series", type=int, default=1000)
    options.add_argument("--days", type=float, default=2.0)
    options.add_argument("--faster", type=float, default=20.0)
    asked = options.parse_args()
    with data_folder() as folder, database(folder):
        from django.conf import settings
        from django.core.management import call_command
        from django.utils import timezone

        from kiremisu.lib import logs
        from metadata.models import Feed
        from tests.metadata.notifying.receiving import receiving
        from tests.upstream import serving

        logs.configure("keys", "error")
        call_command("migrate", verbosity=0)
        clock = Clock()
        timezone.now = clock.now
        with serving() as upstream, receiving() as receiver:
            settings.MANGADEX_URL = settings.MANGADEX_UPLOADS_URL = upstream.url
            settings.APPRISE_HOSTS = [receiver.host]
            settings.UPSTREAM_WINDOW /= asked.faster
            settings.UPSTREAM_PAUSE /= asked.faster
            world = World(upstream, asked.series, clock.now(), asked.days)
            watched(world, clock.now(), receiver.url)
            start = time.perf_counter()
            hours = pass_days(clock, world, upstream, asked.days)
            # What came last and is not due yet: nobody says that it was missed.
            for (work, _), when in world.came.items():
                last = Feed.objects.filter(provider_id=work, checked__lt=when)
                last.update(due=clock.now())
            pass_days(clock, world, upstream, 0.02)
            found = seen(world, receiver, hours)
            found["busiest second"] = upstream.busiest(1.0 / asked.faster)
            found["seconds it took"] = round(time.perf_counter() - start)
    for name, figure in found.items():
        print(f"{name:32} {figure}")
    print(json.dumps(found))
    wrong = found["missed"] or found["told that did not come"] or found["told twice"]
    is_spread = found["in the busiest"] <= found["checks"] / 10
    return int(bool(wrong) or found["busiest second"] > MOST or not is_spread)


if __name__ == "__main__":
    sys.exit(main())

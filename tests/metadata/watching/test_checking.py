"""Feeds that are asked for, and what is told of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job
from kiremisu.jobs.running import run_now
from library.models import Series
from metadata import enrichment
from metadata.models import Feed, Notice, Release, Watch
from metadata.review import choosing
from metadata.watching import checking, watches
from tests.factories import make_chapter, make_library, make_series
from tests.upstream import Chapter, Manga, Upstream
from tests.upstream.catalogue import made_id

pytestmark = [pytest.mark.quick, pytest.mark.django_db]


def at(hours: float) -> str:
    """So many hours from now, as the site writes it."""
    return f"{timezone.now() + timedelta(hours=hours):%Y-%m-%dT%H:%M:%S+00:00}"


def chapter(number: str | None, hours: float = 0.0, **facts: object) -> Chapter:
    given = {"language": "en", "published": at(hours), **facts}
    return Chapter(made_id(str(number), *map(str, facts.values())), number, **given)  # type: ignore[arg-type] # as told


@pytest.fixture
def tale(upstream: Upstream) -> Manga:
    """Ten chapters, one each week, the last of them this week."""
    weekly = [chapter(str(10 - week), hours=-1 - 168 * week) for week in range(10)]
    return upstream.catalogue.add("Salt Road Diary", chapters=weekly[::-1])


@pytest.fixture
def road(tale: Manga) -> Series:
    series = make_series(make_library(), "Salt Road Diary")
    make_chapter(series, "1", language="en")
    run_now(enrichment.request_library(series.library_id))
    return series


@pytest.fixture
def watch(road: Series, bob: User) -> Watch:
    """Bob watches it since two hours ago."""
    watches.watch(bob, road)
    Watch.objects.update(since=timezone.now() - timedelta(hours=2))
    return Watch.objects.get()


def check(now: datetime | None = None) -> Job:
    Feed.objects.update(due=now or timezone.now() - timedelta(seconds=1))
    job = checking.ask()
    assert job is not None
    return run_now(job)


def told() -> Sequence[str]:
    return list(Notice.objects.order_by("id").values_list("key", flat=True))


def test_what_came_since_is_told_once(watch: Watch) -> None:
    check()
    assert told() == ["c10"]
    Notice.objects.update(state=Notice.State.READ)
    check()
    assert told() == ["c10"]


def test_nothing_is_asked_where_nobody_watches(road: Series) -> None:
    assert checking.ask() is None


def test_nothing_is_asked_for_who_wants_no_news_for_now(watch: Watch, bob: User) -> None:
    watches.watch(bob, watch.series, paused=True)
    assert checking.ask() is None


def test_who_goes_on_is_not_told_of_what_came_meanwhile(
    watch: Watch, bob: User, tale: Manga
) -> None:
    for paused in (True, False):
        watches.watch(bob, watch.series, paused=paused)
    check()
    assert told() == []


def test_a_check_says_when_the_next_is_and_what_is_expected(watch: Watch) -> None:
    check()
    feed = Feed.objects.get()
    assert feed.pace == 7 * 24 * 3600
    assert feed.expected is not None
    assert timedelta(days=6) < feed.expected - timezone.now() < timedelta(days=7)
    assert feed.due > timezone.now() + timedelta(hours=1)
    assert checking.ask() is None


def test_one_feed_is_asked_for_once_for_all_who_watch(
    watch: Watch, alice: User, upstream: Upstream
) -> None:
    watches.watch(alice, watch.series, languages=["fr"])
    upstream.asked.clear()
    check()
    (asked,) = (each for each in upstream.asked if each.path.endswith("/feed"))
    assert asked.query.all("translatedLanguage") == ["en", "fr"]


def test_a_feed_that_shrinks_takes_nothing_away(watch: Watch, tale: Manga) -> None:
    check()
    Notice.objects.update(state=Notice.State.READ)
    tale.chapters.clear()
    check()
    assert (Release.objects.count(), Release.objects.filter(gone=None).count()) == (10, 0)
    assert watch.series.chapters.count() == 1
    assert Notice.objects.get().state == Notice.State.READ


def test_what_nobody_looked_at_waits_until_it_is_back(watch: Watch, tale: Manga) -> None:
    check()
    last = tale.chapters.pop()
    check()
    assert Notice.objects.get().state == Notice.State.WITHDRAWN
    tale.chapters.append(last)
    check()
    assert Notice.objects.get().state == Notice.State.NEW


def test_ids_that_change_tell_nothing_again(watch: Watch, tale: Manga) -> None:
    check()
    for each in tale.chapters:
        each.id = made_id("other", each.id)
    check()
    assert told() == ["c10"]


def test_what_is_here_is_not_told(watch: Watch) -> None:
    make_chapter(watch.series, "10")
    check()
    assert told() == []


def test_more_than_one_page_of_a_feed_is_read(watch: Watch, tale: Manga) -> None:
    tale.chapters += [chapter(str(number)) for number in range(11, 711)]
    check()
    assert len(told()) == 701


def test_a_feed_that_fails_is_tried_again_later(watch: Watch, upstream: Upstream) -> None:
    upstream.faults.say(200, b"<html>", kind="text/html", path="/manga/")
    check()
    feed = Feed.objects.get()
    assert (feed.failures, bool(feed.problem)) == (1, True)
    assert feed.due > timezone.now() + timedelta(minutes=50)
    check()
    assert (Feed.objects.get().failures, told()) == (0, ["c10"])


def test_a_feed_that_cannot_be_kept_stops_no_other(
    watch: Watch, bob: User, upstream: Upstream
) -> None:
    upstream.catalogue.add("Iron Garden", chapters=[chapter("13")])
    other = make_series(watch.series.library, "Iron Garden")
    run_now(enrichment.request_library(other.library_id))
    watches.watch(bob, other)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE metadata_release ADD CHECK (number <> '13')")
    assert check().state == "done"
    assert (told(), Feed.objects.get(series=other).failures) == (["c10"], 1)


def test_a_work_that_was_taken_down_keeps_what_was_told(
    watch: Watch, tale: Manga, upstream: Upstream
) -> None:
    check()
    upstream.catalogue.forget(tale)
    check()
    assert (Feed.objects.get().failures, told()) == (1, ["c10"])


def test_another_work_is_another_feed(watch: Watch, upstream: Upstream) -> None:
    check()
    choosing.reject(watch.series.candidates.get(), None)
    assert (Feed.objects.count(), Notice.objects.count()) == (0, 0)
    assert Watch.objects.count() == 1


def test_a_series_that_is_matched_later_is_followed_then(tale: Manga, bob: User) -> None:
    series = make_series(make_library(), "Salt Road Diary")
    watches.watch(bob, series)
    assert not Feed.objects.exists()
    run_now(enrichment.request_library(series.library_id))
    assert Feed.objects.get().provider_id == tale.id


def test_who_stops_watching_is_forgotten(watch: Watch, bob: User) -> None:
    check()
    watches.unwatch(bob, watch.series)
    assert (Feed.objects.count(), Notice.objects.count()) == (0, 0)


def test_nonsense_of_when_chapters_came_stops_no_check(watch: Watch, tale: Manga) -> None:
    for number, year in enumerate(("0001", "0900", "1800", "2025", "9999"), start=20):
        tale.chapters.append(chapter(str(number), hours=0))
        tale.chapters[-1].published = f"{year}-01-01T00:00:00+00:00"
    tale.chapters[:] = tale.chapters[-5:]
    check()
    assert Feed.objects.get().checked is not None


def test_a_chapter_that_gets_another_number_is_still_to_be_read(watch: Watch, tale: Manga) -> None:
    check()
    tale.chapters[-1].number = "10.5"
    check()
    notice = Notice.objects.get()
    assert (notice.state, notice.release.number) == (Notice.State.NEW, "10.5")


def test_what_one_group_took_down_leads_to_what_another_has(watch: Watch, tale: Manga) -> None:
    check()
    tale.chapters.append(chapter("10", groups=("Moss Scans",)))
    del tale.chapters[-2]
    check()
    assert Notice.objects.get().release.provider_id == tale.chapters[-1].id


def test_an_entry_that_stands_twice_in_a_feed_stops_no_check(watch: Watch, tale: Manga) -> None:
    tale.chapters.append(tale.chapters[-1])
    check()
    assert told() == ["c10"]

"""Two checks of one feed at the same time, on two connections."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from queue import Queue

import pytest
from django.db import connection, transaction
from django.utils import timezone

from kiremisu.accounts import vault
from kiremisu.accounts.models import User
from metadata.models import Channel, Feed, Notice, Pending, Release
from metadata.providers import Release as Told
from metadata.watching import checking, watches
from tests.factories import make_library, make_series
from tests.library.test_turns import backend, until_it_waits

pytestmark = pytest.mark.django_db(transaction=True)


def chapter(number: int) -> Told:
    when = timezone.now() - timedelta(minutes=1)
    where = f"https://mangadex.org/chapter/{number}"
    return Told(f"id {number}", "", str(number), "", "en", (), 20, when, where, False, False)


def learn(feed: Feed, told: Sequence[Told], pids: Queue[int]) -> int:
    pids.put(backend())
    try:
        return len(checking.learn(feed, told, [], timezone.now()))
    finally:
        connection.close()


def test_they_tell_each_chapter_once(bob: User) -> None:
    series = make_series(make_library(), "Salt Road Diary")
    watch = watches.watch(bob, series)
    type(watch).objects.update(since=timezone.now() - timedelta(hours=1))
    facts = {"provider": "mangadex", "provider_id": "x", "due": timezone.now()}
    feed = Feed.objects.create(series=series, **facts)
    Channel.objects.create(user=bob, name="Phone", sealed=vault.sealed("tgram://x"), shown="x")
    told = [chapter(number) for number in range(1, 21)]
    pids: Queue[int] = Queue()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first = len(checking.learn(feed, told[:15], [], timezone.now()))
            other = pool.submit(learn, feed, told, pids)
            until_it_waits(pids.get(timeout=120))
        assert (first, other.result(timeout=120)) == (15, 5)
    assert sorted(Notice.objects.values_list("key", flat=True)) == sorted(
        f"c{n}" for n in range(1, 21)
    )
    assert (Release.objects.count(), Pending.objects.count()) == (20, 20)

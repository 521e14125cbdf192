"""Two at once who make rows that all series share."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import Queue

import pytest
from django.db import connection, transaction

from kiremisu.lib.ids import uuid7
from library import knowing, sheets
from library.facts import Patch
from library.models import Series, Tag
from tests.factories import make_library, make_series

pytestmark = pytest.mark.django_db(transaction=True)


def learn(series: Series, tag: str) -> None:
    knowing.learn(series.pk, "mangadex", Patch(tags=[tag]), uuid7())


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def until_it_waits(pid: int) -> None:
    """Until this backend waits for what the caller's transaction holds."""
    end = time.monotonic() + 120
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute("SELECT pg_backend_pid() = ANY(pg_blocking_pids(%s))", [pid])
            if cursor.fetchone()[0]:
                return
    raise AssertionError("it does not wait")


def learn_crosswise(series: Sequence[Series], pids: Queue[int]) -> None:
    pids.put(backend())
    try:
        with transaction.atomic():
            sheets.hold(each.pk for each in series)
            learn(series[0], "Action")
            learn(series[1], "Romance")
    finally:
        connection.close()


def test_two_who_learn_the_same_new_tags_never_wait_for_each_other() -> None:
    libraries = make_library("Tide"), make_library("Ember")
    here, there = ([make_series(each, f"Salt {n}") for n in range(2)] for each in libraries)
    pids: Queue[int] = Queue()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            sheets.hold(each.pk for each in here)
            learn(here[0], "Romance")
            other = pool.submit(learn_crosswise, there, pids)
            until_it_waits(pids.get(timeout=120))
            learn(here[1], "Action")
        other.result(timeout=120)
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["Action", "Romance"]

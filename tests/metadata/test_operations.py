"""What many series were matched with, and learnt, is taken back."""

from typing import Any

import pytest

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job, State
from kiremisu.jobs.running import run_now
from library import matched
from library.models import Deed, MatchState, Memo, Series
from metadata.models import Match
from metadata.review import choosing
from tests.asking import Asker
from tests.factories import make_chapter, make_library, make_series
from tests.upstream import Manga, Upstream

pytestmark = [pytest.mark.quick, pytest.mark.django_db]


@pytest.fixture
def series(alice: User) -> Series:
    found = make_series(make_library(), "Salt Road Diary")
    make_chapter(found)
    return found


@pytest.fixture
def work(upstream: Upstream) -> Manga:
    return upstream.catalogue.add("Salt Road Diary", authors=["Ogawa Rin"], year=2016)


def do(user: User, series: Series, operation: str) -> None:
    """Have it done, and the job run that it asks for."""
    Asker(user).post("series/batch", {"ids": [str(series.pk)], "operation": operation})
    run_now(Job.objects.filter(queue="metadata").latest("created"))


def undo(user: User) -> None:
    Asker(user).post(f"acts/{Deed.objects.get().pk}/undo", status=202)
    run_now(Job.objects.get(kind="undo"))


def stands(series: Series) -> Any:
    series.refresh_from_db()
    return series.match_state, series.year, Match.objects.filter(series=series).exists()


@pytest.mark.usefixtures("work")
def test_a_match_that_was_found_is_parted_again(alice: User, series: Series) -> None:
    do(alice, series, "match")
    assert stands(series) == ("matched", 2016, True)
    undo(alice)
    assert stands(series) == ("review", None, False)


@pytest.mark.usefixtures("work")
def test_what_has_no_match_is_said_to_have_none_again(alice: User, series: Series) -> None:
    matched.mark([series.pk], MatchState.NONE)
    do(alice, series, "match")
    undo(alice)
    assert stands(series) == ("none", None, False)


@pytest.mark.usefixtures("work")
def test_what_people_decided_since_stays(alice: User, series: Series) -> None:
    do(alice, series, "match")
    choosing.accept(series.candidates.get(), alice)
    undo(alice)
    assert stands(series) == ("matched", 2016, True)
    assert Memo.objects.get().refused == "Somebody decided about its match since."


def test_what_was_learnt_by_asking_again_is_forgotten(
    alice: User, series: Series, work: Manga
) -> None:
    run_now(_matched(alice, series))
    work.year = 2018
    do(alice, series, "refresh")
    assert stands(series) == ("matched", 2018, True)
    undo(alice)
    assert stands(series) == ("matched", 2016, True)


@pytest.mark.usefixtures("work")
def test_while_a_worker_asks_it_waits(alice: User, series: Series) -> None:
    Asker(alice).post("series/batch", {"ids": [str(series.pk)], "operation": "match"})
    Job.objects.update(state=State.RUNNING)
    undo(alice)
    assert Memo.objects.get().refused.startswith("It is being asked for in this moment.")


def _matched(user: User, series: Series) -> Job:
    Asker(user).post(f"series/{series.pk}/match", status=202)
    return Job.objects.get(queue="metadata")

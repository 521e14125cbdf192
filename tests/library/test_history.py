"""What became of the facts of a series, and taking it back."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job
from kiremisu.jobs.running import run_now
from kiremisu.lib.ids import uuid7
from library import knowing, sheets
from library.curation import change_series, hide_series
from library.history import tasks
from library.models import FactChange, Library, Series
from tests.asking import Asker
from tests.factories import make_series
from tests.library.test_knowing import KNOWN, RUN, learn, shown, source

pytestmark = pytest.mark.quick


@pytest.fixture
def series(private: Library) -> Series:
    return make_series(private)


def stood(series: Series) -> dict[str, Any]:
    return sheets.standing(Series.objects.get(pk=series.pk))


def lines(alice: User, series: Series) -> Any:
    return Asker(alice).get(f"series/{series.pk}/history")["items"]


def undo(alice: User, series: Series, entry: object, status: int = 200) -> Any:
    return Asker(alice).post(f"series/{series.pk}/history/{entry}/undo", {}, status)


def undo_many(alice: User, **which: Any) -> Job:
    job = Job.objects.get(pk=Asker(alice).post("history/undo", which, 202)["id"])
    run_now(job)
    job.refresh_from_db()
    return job


def test_facts_tell_where_they_are_from(bob: User, series: Series) -> None:
    learn(series, year=1999)
    told = Asker(bob).get(f"series/{series.pk}/facts")
    year = told["year"]
    assert (year["value"], year["source"], year["run"]) == (1999, "mangadex", str(RUN))
    assert (told["title"]["source"], told["summary"]["source"]) == ("name", "")


def test_a_change_is_told_with_what_was_before(alice: User, series: Series) -> None:
    learn(series, year=1999)
    Asker(alice).patch(f"series/{series.pk}", {"year": 2005})
    by_alice, by_source = lines(alice, series)
    assert (by_alice["by"], by_alice["source"], by_source["by"]) == ("alice", "person", "")
    assert (by_alice["before"]["value"], by_alice["after"]["value"]) == (1999, 2005)
    assert (by_alice["before"]["locked"], by_alice["after"]["locked"]) == (False, True)
    assert by_source["run"] == str(RUN)


def test_readers_and_strangers_do_not_see_what_became_of_it(
    bob: User, charlie: User, series: Series
) -> None:
    Asker(bob).get(f"series/{series.pk}/history", 403)
    Asker(charlie).get(f"series/{series.pk}/history", 404)
    Asker(charlie).get(f"series/{series.pk}/facts", 404)


def test_an_undo_brings_back_value_source_and_lock(alice: User, series: Series) -> None:
    learn(series, year=1999)
    before = stood(series)["year"]
    change_series(series, year=2005)
    told = undo(alice, series, lines(alice, series)[0]["id"])
    assert told["after"]["value"] == 1999
    assert stood(series)["year"] == before
    assert Series.objects.get().user_metadata == {}


def test_an_undo_is_undone(alice: User, series: Series) -> None:
    change_series(series, tags=["salt"], title="Sel")
    after = stood(series)
    for line in lines(alice, series):
        told = undo(alice, series, line["id"])
        undo(alice, series, told["id"])
    assert stood(series) == after


def test_what_stands_as_before_cannot_be_undone_again(alice: User, series: Series) -> None:
    learn(series, year=1999)
    (line,) = lines(alice, series)
    undo(alice, series, line["id"])
    assert undo(alice, series, line["id"], 409)["code"] == "conflict"


@pytest.mark.parametrize("entry", ["another", "none"])
def test_a_change_of_another_series_is_not_there(
    alice: User, private: Library, series: Series, entry: str
) -> None:
    other = make_series(private, "Other")
    learn(other, year=1999)
    undo(alice, series, FactChange.objects.get().pk if entry == "another" else uuid4(), 404)


def test_a_change_of_a_hidden_series_is_not_there(alice: User, series: Series) -> None:
    learn(series, year=1999)
    hide_series(series)
    undo(alice, series, FactChange.objects.get().pk, 404)


def test_what_was_undone_stays_until_the_source_says_something_new(
    alice: User, series: Series
) -> None:
    learn(series, "comicinfo", year=2000)
    learn(series, year=1999)
    undo(alice, series, lines(alice, series)[0]["id"])
    learn(series, year=1999, status="ongoing")
    assert (shown(series, "year"), source(series, "year")) == (2000, "comicinfo")
    learn(series, year=1998)
    assert shown(series, "year") == 1998


def test_a_sources_older_word_is_brought_back(alice: User, series: Series) -> None:
    learn(series, year=1999)
    learn(series, year=1998)
    undo(alice, series, lines(alice, series)[0]["id"])
    learn(series, year=1998, status="ongoing")
    assert (shown(series, "year"), source(series, "year")) == (1999, "mangadex")


def test_an_undo_passes_over_those_who_rate_higher(alice: User, series: Series) -> None:
    learn(series, content_rating="suggestive")
    learn(series, "pdf", content_rating="erotica")
    undo(alice, series, lines(alice, series)[0]["id"])
    learn(series, "pdf", content_rating="erotica", status="ongoing")
    assert shown(series, "content_rating") == "suggestive"
    assert source(series, "content_rating") == "mangadex"


def test_a_series_goes_back_to_its_first_state(alice: User, series: Series) -> None:
    before = stood(series)
    knowing.learn(series.pk, "mangadex", KNOWN, RUN)
    change_series(series, tags=["sea"], year=2005)
    knowing.lock(series, "summary")
    Asker(alice).post(f"series/{series.pk}/history/undo", {})
    assert stood(series) == before


def test_a_run_is_undone_but_for_what_was_changed_since(alice: User, private: Library) -> None:
    one, other = make_series(private, "One"), make_series(private, "Other")
    for series in (one, other):
        learn(series, year=1999, status="ongoing")
    change_series(other, year=2005)
    job = undo_many(alice, run=str(RUN))
    assert (job.state, job.message) == ("done", "3 facts stand as before")
    assert [shown(series, "year", "status") for series in (one, other)] == [(None, ""), (2005, "")]


def test_a_run_is_undone_in_as_many_parts_as_it_takes(
    alice: User, private: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_AT_ONCE", 2)
    # Their titles are in another order than their ids.
    for title in ("Salt", "Iron", "Moss"):
        learn(make_series(private, title), year=1999)
    assert undo_many(alice, run=str(RUN)).done == 3
    assert not Series.objects.filter(year=1999).exists()


def test_an_undone_run_is_brought_back_by_undoing_the_undo(alice: User, series: Series) -> None:
    learn(series, year=1999, status="ongoing")
    after = stood(series)
    job = undo_many(alice, run=str(RUN))
    assert shown(series, "year") is None
    undo_many(alice, run=str(job.pk))
    assert stood(series) == after


def test_a_day_is_undone(alice: User, series: Series) -> None:
    learn(series, year=1999)
    FactChange.objects.update(created=datetime(2026, 3, 1, 23, 59, tzinfo=UTC))
    learn(series, year=2001, run=uuid7())
    FactChange.objects.filter(created__gt=datetime(2026, 3, 2, tzinfo=UTC)).update(
        created=datetime(2026, 3, 2, tzinfo=UTC)
    )
    undo_many(alice, day="2026-03-02")
    assert shown(series, "year") == 1999
    undo_many(alice, day=str(date(2026, 3, 3)))
    assert shown(series, "year") == 1999


def test_a_run_is_undone_only_where_one_may_see(alice: User, series: Series) -> None:
    learn(series, year=1999)
    hide_series(series)
    assert undo_many(alice, run=str(RUN)).message == "0 facts stand as before"
    assert shown(series, "year") == 1999


@pytest.mark.parametrize(
    "body", [{}, {"run": str(RUN), "day": "2026-03-01"}, {"run": "x"}, {"day": "yesterday"}]
)
def test_an_undo_of_nothing_known_is_refused(alice: User, body: dict[str, str]) -> None:
    Asker(alice).post("history/undo", body, 422)


def test_readers_undo_nothing(bob: User, series: Series) -> None:
    learn(series, year=1999)
    Asker(bob).post("history/undo", {"run": str(RUN)}, 403)
    undo(bob, series, FactChange.objects.get().pk, 403)
    Asker(bob).post(f"series/{series.pk}/history/undo", {}, 403)


def test_a_field_is_locked_and_unlocked(alice: User, bob: User, series: Series) -> None:
    path = f"series/{series.pk}/locks/summary"
    assert Asker(alice).put(path, {})["summary"]["locked"]
    learn(series, summary="About salt.")
    assert Asker(alice).delete(path, 200)["summary"]["value"] == "About salt."
    Asker(bob).put(path, {}, 403)
    Asker(alice).put(f"series/{series.pk}/locks/mood", {}, 422)


def test_a_batch_is_one_act(alice: User, private: Library) -> None:
    ids = [str(make_series(private, title).pk) for title in ("One", "Other")]
    fields = {"fields": ["year", "status"]}
    for operation, options in (("set_fields", {"year": 2005}), ("lock", fields)):
        body = {"ids": ids, "operation": operation, "options": options}
        Asker(alice).post("series/batch", body)
    by_run: dict[UUID, int] = {}
    for line in FactChange.objects.all():
        by_run[line.run] = by_run.get(line.run, 0) + 1
        assert line.by == alice
    assert sorted(by_run.values()) == [2, 2]

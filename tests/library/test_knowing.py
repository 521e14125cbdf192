"""What sources and people say of a series, and what is shown of it."""

from typing import Any
from uuid import UUID

import pytest

from kiremisu.accounts.models import User
from kiremisu.accounts.ratings import Rating
from kiremisu.jobs.models import Job
from kiremisu.jobs.running import run_now
from kiremisu.lib.errors import NotThere
from kiremisu.lib.ids import uuid7
from library import knowing, sheets
from library.curation import add_series, change_series
from library.facts import Credit, Patch, titled
from library.models import Chapter, FactChange, Library, Series, TitleForm
from library.scanning.series import count
from tests.asking import Asker
from tests.factories import make_chapter, make_series

pytestmark = pytest.mark.quick

RUN = UUID("019a4c1e-8f3b-7d20-9c55-3e1f60a7b842")
KNOWN = Patch(
    titles=titled("The Salt Road", [("塩の道", "ja")], "en"),
    summary="About salt.",
    people=[Credit(name="Mori Aki", role="author")],
    tags=["roads", "salt"],
    genres=["Drama"],
    status="completed",
    year=1999,
    demographic="seinen",
    content_rating="suggestive",
    language="ja",
    direction="rtl",
    links={"mangadex": "a1"},
    last_chapter="48",
    last_volume="6",
)


@pytest.fixture
def series(private: Library) -> Series:
    series = make_series(private)
    make_chapter(series)
    return series


def learn(series: Series, source: str = "mangadex", run: UUID = RUN, **said: Any) -> bool:
    return knowing.learn(series.pk, source, Patch(**said), run)


def shown(series: Series, *fields: str) -> Any:
    """The values, or the one value, as they stand in the database."""
    stood = sheets.standing(Series.objects.get(pk=series.pk))
    values = tuple(stood[field].value for field in fields)
    return values if len(fields) > 1 else values[0]


def source(series: Series, field: str) -> str:
    return sheets.standing(Series.objects.get(pk=series.pk))[field].source


def test_all_that_a_source_says_is_shown(series: Series) -> None:
    assert knowing.learn(series.pk, "mangadex", KNOWN, RUN)
    stood = sheets.standing(Series.objects.get())
    assert {field: each.value for field, each in stood.items()} == {
        "title": "The Salt Road",
        "sort_title": "salt road",
        "titles": [
            {"text": "The Salt Road", "language": "en"},
            {"text": "塩の道", "language": "ja"},
        ],
        "summary": "About salt.",
        "people": [{"name": "Mori Aki", "role": "author"}],
        "tags": ["roads", "salt"],
        "genres": ["Drama"],
        "status": "completed",
        "year": 1999,
        "demographic": "seinen",
        "content_rating": "suggestive",
        "language": "ja",
        "direction": "rtl",
        "links": [{"site": "mangadex", "address": "a1"}],
        "last_chapter": "48",
        "last_volume": "6",
    }
    assert {each.source for field, each in stood.items() if field != "sort_title"} == {"mangadex"}
    assert {each.run for field, each in stood.items() if field != "sort_title"} == {RUN}


def test_the_same_word_again_writes_nothing(series: Series) -> None:
    knowing.learn(series.pk, "mangadex", KNOWN, RUN)
    before = Series.objects.values().get(), FactChange.objects.count()
    assert not knowing.learn(series.pk, "mangadex", KNOWN, uuid7())
    assert (Series.objects.values().get(), FactChange.objects.count()) == before


def test_the_library_hears_only_of_what_is_shown(series: Series) -> None:
    learn(series, year=1999)
    version = Library.objects.get(pk=series.library_id).version
    learn(series, "comicinfo", year=2000)
    assert Library.objects.get(pk=series.library_id).version == version
    learn(series, "comicinfo", year=2000, status="ongoing")
    assert Library.objects.get(pk=series.library_id).version == version + 1


def test_the_first_source_in_the_order_is_shown_whoever_came_first(series: Series) -> None:
    learn(series, "mangadex", year=1999)
    assert not learn(series, "comicinfo", year=2000, summary="")
    learn(series, "pdf", summary="Poor.")
    learn(series, "details.json", summary="Fair.")
    assert shown(series, "year", "summary") == (1999, "Fair.")


def test_a_library_may_have_an_order_of_its_own(series: Series) -> None:
    Library.objects.update(fact_sources=["comicinfo", "mangadex"])
    learn(series, "mangadex", year=1999)
    learn(series, "comicinfo", year=2000)
    assert shown(series, "year") == 2000


def test_what_was_said_is_weighed_anew_when_the_order_changes(alice: User, series: Series) -> None:
    learn(series, "mangadex", year=1999, status="ongoing", summary="Theirs.")
    learn(series, "comicinfo", year=2000, summary="Mine.")
    knowing.lock(series, "summary")
    path = f"libraries/{series.library_id}"
    told = Asker(alice).patch(path, {"fact_sources": ["comicinfo"]})
    run_now(Job.objects.get(kind="facts"))
    assert told["fact_sources"] == ["comicinfo"]
    assert shown(series, "year", "status", "summary") == (2000, "ongoing", "Theirs.")


@pytest.mark.parametrize("order", [["person"], ["name"], ["pdf", "pdf"], [""], ["x" * 41]])
def test_an_order_that_makes_no_sense_is_refused(
    alice: User, series: Series, order: list[str]
) -> None:
    Asker(alice).patch(f"libraries/{series.library_id}", {"fact_sources": order}, 422)


def test_where_a_source_says_no_more_the_next_is_shown(series: Series) -> None:
    learn(series, "comicinfo", year=2000)
    learn(series, "mangadex", year=1999, status="ongoing")
    learn(series, "mangadex", status="ongoing")
    assert (shown(series, "year"), source(series, "year")) == (2000, "comicinfo")


def test_what_a_source_said_can_be_forgotten(series: Series) -> None:
    knowing.learn(series.pk, "mangadex", KNOWN, RUN)
    assert knowing.forget(series.pk, "mangadex", uuid7())
    assert not knowing.forget(series.pk, "mangadex", uuid7())
    assert shown(series, "title", "summary", "year") == ("Salt Road Diary", "", None)
    assert Series.objects.get().said.sources == {}


def test_what_the_names_of_files_say_comes_back(series: Series) -> None:
    Chapter.objects.update(year=2010, language="en")
    learn(series, year=1999, language="ja", titles=titled("Sel"))
    knowing.forget(series.pk, "mangadex", uuid7())
    assert shown(series, "year", "language", "title") == (2010, "en", "Salt Road Diary")
    assert source(series, "year") == source(series, "title") == "name"


def test_a_scan_changes_nothing_that_another_source_or_a_lock_holds(series: Series) -> None:
    learn(series, year=1999)
    knowing.lock(series, "language")
    Chapter.objects.update(year=2010, language="en")
    count([series.pk], Series.objects.get().updated)
    assert shown(series, "year", "language") == (1999, "")


def test_a_series_is_found_by_all_that_its_sources_call_it(series: Series) -> None:
    learn(series, "comicinfo", titles=titled("Sel"))
    knowing.learn(series.pk, "mangadex", KNOWN, RUN)
    texts = set(TitleForm.objects.values_list("text", flat=True))
    assert texts == {"The Salt Road", "salt road diary", "塩の道", "Sel"}


def test_of_ratings_the_highest_is_shown_whoever_says_so(series: Series) -> None:
    learn(series, "comicinfo", content_rating="pornographic")
    assert not learn(series, content_rating="safe")
    assert shown(series, "content_rating") == "pornographic"
    assert source(series, "content_rating") == "comicinfo"


def test_a_rating_stays_when_nobody_says_it_any_more(series: Series) -> None:
    learn(series, content_rating="erotica")
    knowing.forget(series.pk, "mangadex", uuid7())
    assert (shown(series, "content_rating"), source(series, "content_rating")) == ("erotica", "")


def test_a_rating_stays_when_its_lock_is_taken_off(series: Series) -> None:
    change_series(series, content_rating="erotica")
    knowing.unlock(series, "content_rating")
    assert (shown(series, "content_rating"), source(series, "content_rating")) == ("erotica", "")


def test_a_rating_goes_to_the_chapters_too(series: Series) -> None:
    learn(series, content_rating="erotica")
    assert Chapter.objects.get().content_rating is Rating.EROTICA


def test_what_people_set_no_source_changes(series: Series) -> None:
    change_series(series, title="Sel", tags=["sea"], people=[], content_rating="safe")
    knowing.learn(series.pk, "mangadex", KNOWN, RUN)
    assert shown(series, "title", "tags", "people") == ("Sel", ["sea"], [])
    assert shown(series, "content_rating", "year") == ("safe", 1999)
    assert Series.objects.get().locks == ["content_rating", "people", "tags", "title"]


def test_a_title_sorts_by_itself_unless_people_said_by_what(series: Series) -> None:
    learn(series, titles=titled("The Ember Year"))
    assert shown(series, "sort_title") == "ember year"
    change_series(series, sort_title="year")
    learn(series, titles=titled("Ember"))
    assert shown(series, "title", "sort_title") == ("Ember", "year")


def test_a_lock_keeps_what_stands_there(series: Series) -> None:
    learn(series, year=1999)
    knowing.lock(series, "year")
    learn(series, year=2001)
    assert (shown(series, "year"), source(series, "year")) == (1999, "mangadex")


def test_an_unlocked_field_is_what_the_sources_say(series: Series) -> None:
    learn(series, year=1999)
    change_series(series, year=2005, summary="Mine.")
    knowing.unlock(series, "year")
    knowing.unlock(series, "summary")
    assert shown(series, "year", "summary") == (1999, "")
    assert Series.objects.get().user_metadata == {}


def test_a_series_without_files_keeps_its_title_unlocked(private: Library) -> None:
    series = add_series(private, "Newcomer")
    knowing.unlock(series, "title")
    assert (shown(series, "title"), source(series, "title")) == ("Newcomer", "name")


def test_nobody_learns_of_what_is_not_there(db: None) -> None:
    with pytest.raises(NotThere):
        knowing.learn(RUN, "mangadex", KNOWN, RUN)


@pytest.mark.parametrize("ours", ["person", "name"])
def test_people_and_names_are_not_told_by_patches(series: Series, ours: str) -> None:
    with pytest.raises(ValueError, match=ours):
        learn(series, ours, year=1999)


def test_new_facts_are_set_by_hand_and_shown(alice: User, series: Series) -> None:
    given = {
        "titles": [{"text": "塩の道", "language": "ja"}],
        "links": [{"site": "mangadex", "address": "a1"}],
        "demographic": "josei",
        "direction": "ltr",
        "last_chapter": "12.5",
        "last_volume": "",
    }
    told = Asker(alice).patch(f"series/{series.pk}", given)
    assert {name: told[name] for name in given} == given
    assert TitleForm.objects.filter(text="塩の道", language="ja").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"demographic": "kodomo"},
        {"direction": "up"},
        {"last_chapter": "twelve"},
        {"titles": [{"text": " "}]},
        {"titles": [{"text": f"t{n}"} for n in range(101)]},
        {"links": [{"site": "x" * 41, "address": "a"}]},
    ],
)
def test_new_facts_that_make_no_sense_are_refused(
    alice: User, series: Series, wrong: dict[str, Any]
) -> None:
    Asker(alice).patch(f"series/{series.pk}", wrong, 422)

"""Finding series and chapters."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kiremisu.accounts.models import User
from library import curation, search, titles
from library.models import Chapter, Library, Series, TitleForm, TitleWord
from tests.asking import Asker
from tests.factories import make_chapter, make_library, make_series


def shelve(library: Library, title: str, *others: str) -> Series:
    series = make_series(library, title)
    titles.keep([series.pk])
    if others:
        titles.also_call(series, [(other, "") for other in others])
    return series


@pytest.fixture
def shelf(private: Library) -> Library:
    for title in (
        "Salt Road Diary",
        "The Quiet Lantern of Memoro",
        "Low Tide Choir",
        "Café Élan",
        "달빛 도서관",
        "青云江湖",
        "Тихий ночной дом",
        "Malt Road",
        "Lighthouse Keeper",
    ):
        shelve(private, title)
    shelve(private, "よるのとしょかん", "Yoru no Toshokan", "The Library at Night")
    shelve(private, "Shōnen Kissaten")
    return private


def found(user: User, q: str) -> list[str]:
    names = Series.objects.in_bulk([hit.series for hit in search.find(user, q)])
    return [names[hit.series].title for hit in search.find(user, q)]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("salt road diary", "Salt Road Diary"),
        ("diary salt", "Salt Road Diary"),
        ("sal", "Salt Road Diary"),
        ("slat raod", "Salt Road Diary"),
        ("salt roda diary", "Salt Road Diary"),
        ("lantern memoro", "The Quiet Lantern of Memoro"),
        ("lantren memro", "The Quiet Lantern of Memoro"),
        ("quiet nothing lantern", "The Quiet Lantern of Memoro"),
        ("cafe elan", "Café Élan"),
        ("yoru no toshokan", "よるのとしょかん"),
        ("yorunotoshokan", "よるのとしょかん"),
        ("ヨルノトショカン", "よるのとしょかん"),
        ("よるの としょかん", "よるのとしょかん"),
        ("library night", "よるのとしょかん"),
        ("しょうねんきっさてん", "Shōnen Kissaten"),
        ("shounen kissaten", "Shōnen Kissaten"),
        ("달빛", "달빛 도서관"),
        ("dalbit doseogwan", "달빛 도서관"),
        ("江湖", "青云江湖"),
        ("青雲江湖", "青云江湖"),
        ("тихии дом", "Тихий ночной дом"),
        ("light house keeper", "Lighthouse Keeper"),
    ],
)
def test_the_right_series_comes_first(bob: User, shelf: Library, q: str, expected: str) -> None:
    assert found(bob, q)[0] == expected


@pytest.mark.parametrize("q", ["zzzz", "", "!!!", "❤️", "%", "_", "%%%", "\\", "' OR 1=1 --"])
def test_nonsense_finds_nothing(bob: User, shelf: Library, q: str) -> None:
    assert found(bob, q) == []


@pytest.mark.parametrize(
    "q", ["a " * 1000, "salt" * 50_000, "%_" * 1000, "😀" * 1000, "夜" * 1000, "a\x00b", "ー" * 999]
)
def test_hostile_searches_are_answered_at_bounded_cost(
    bob: User, shelf: Library, q: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(7):
        search.find(bob, q)
        list(search.chapters(bob, q.replace("\x00", "")) or ())


def test_a_hit_says_which_title_it_was_and_where(bob: User, shelf: Library) -> None:
    (hit, *_) = search.find(bob, "library night")
    assert (hit.text, hit.kind) == ("The Library at Night", TitleForm.Kind.ALTERNATIVE)
    assert hit.pieces == [("The ", False), ("Library", True), (" at ", False), ("Night", True)]


def test_a_search_without_spaces_marks_the_whole_title(bob: User, shelf: Library) -> None:
    (hit, *_) = search.find(bob, "lowtidechoir")
    assert hit.pieces == [("Low Tide Choir", True)]


def test_a_stranger_finds_nothing(charlie: User, shelf: Library) -> None:
    make_chapter(Series.objects.get(title="Malt Road"), title="Salty Morning")
    assert search.find(charlie, "salt road diary") == []
    assert search.find(charlie, "zzzz lantern") == []
    assert not search.chapters(charlie, "salty")


def test_administrators_find_everything(alice: User, shelf: Library) -> None:
    assert found(alice, "low tide") == ["Low Tide Choir"]


def test_a_search_costs_few_queries(
    bob: User, shelf: Library, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # The words meant or begun so; the titles with all words, as they are or misspelt.
    with django_assert_num_queries(2):
        search.find(bob, "salt road diary")


def test_a_search_for_what_is_not_there_costs_few_queries(
    bob: User, shelf: Library, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):
        search.find(bob, "zzzz yyyy xxxx wwww")


def test_chapters_are_found_by_their_titles(bob: User, shelf: Library) -> None:
    chapter = make_chapter(Series.objects.get(title="Malt Road"), title="Pillar of Salt")
    assert list(search.chapters(bob, "SALT pillar") or ()) == [chapter]
    assert not search.chapters(bob, "pillar pepper")
    assert not search.chapters(bob, "of")


def test_a_title_set_by_hand_is_found_and_the_old_name_too(bob: User, shelf: Library) -> None:
    series = Series.objects.get(title="Malt Road")
    curation.change_series(series, title="Grain Street")
    assert found(bob, "grain street") == ["Grain Street"]
    (hit, *_) = search.find(bob, "malt road")
    assert (hit.series, hit.kind) == (series.pk, TitleForm.Kind.NAME)


def test_a_title_set_on_the_curation_desk_is_found(
    alice: User, client: Client, shelf: Library
) -> None:
    series = Series.objects.get(title="Malt Road")
    client.force_login(alice)
    facts = {"title": "Grain Street", "sort_title": "grain street", "content_rating": "safe"}
    client.post(f"/admin/library/series/{series.pk}/change/", facts)
    assert found(alice, "grain street") == ["Grain Street"]


def test_other_titles_stay_when_the_title_changes(bob: User, shelf: Library) -> None:
    series = Series.objects.get(title="よるのとしょかん")
    curation.change_series(series, title="Night Library")
    assert found(bob, "yoru no toshokan")[0] == "Night Library"


def test_series_with_the_same_title_are_all_found(bob: User, shelf: Library) -> None:
    shelve(make_library("Another"), "Low Tide Choir")
    assert found(bob, "low tide choir") == ["Low Tide Choir", "Low Tide Choir"]


def test_the_questions_can_use_their_indexes(alice: User, shelf: Library) -> None:
    forms = TitleForm.objects.visible_to(alice).order_by()
    with connection.cursor() as cursor:
        # A few rows are read faster than any index, or along the key.
        for way in ("seqscan", "indexscan", "indexonlyscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        asked = [[0, 1], ["lantern", "lanten"], "lanten", "lantenz", 10]
        cursor.execute("EXPLAIN " + search._MEANT, asked)
        meant = "\n".join(line for (line,) in cursor.fetchall())
    assert "words_shortened" in meant
    assert "titles_trigrams" in forms.filter(folded__trigram_similar="light keeper").explain()
    assert "titles_words" in forms.filter(words__contains=["lantern", "memoro"]).explain()
    chapters = Chapter.objects.exclude(title="").filter(title__icontains="salt").order_by()
    assert "chapters_title_trigrams" in chapters.explain()


@pytest.mark.django_db(transaction=True)
def test_titles_that_were_there_before_are_found_after_the_migration() -> None:
    library = make_library()
    series = make_series(library, "Salt Road", key="salz strasse")
    odd = make_series(library, "!!!")
    executor = MigrationExecutor(connection)
    executor.migrate([("library", "0001_initial")])
    MigrationExecutor(connection).migrate(executor.loader.graph.leaf_nodes())
    forms = TitleForm.objects.order_by("kind").values_list("series", "kind", "folded", "words")
    assert list(forms) == [
        (series.pk, "name", "salz strasse", ["salz", "salzstrasse", "strasse"]),
        (series.pk, "shown", "salt road", ["road", "salt", "saltroad"]),
    ]
    assert TitleWord.objects.count() == 4
    assert not odd.title_forms.exists()


# --------------------------------------------------------------------------- over the API


def test_the_api_answers_series_and_chapters(bob: User, shelf: Library) -> None:
    chapter = make_chapter(Series.objects.get(title="Malt Road"), title="Library of Salt")
    told = Asker(bob).get("search", q="library")
    (first, *_) = told["series"]
    assert first["series"]["title"] == "よるのとしょかん"
    assert first["matched"] == {
        "text": "The Library at Night",
        "kind": "alternative",
        "language": "",
        "marks": [[4, 11]],
    }
    (hit,) = told["chapters"]
    assert hit["chapter"]["id"] == str(chapter.pk)
    assert hit["matched"] == {"text": "Library of Salt", "marks": [[0, 7]]}


def test_the_api_answers_so_many(bob: User, shelf: Library) -> None:
    assert len(Asker(bob).get("search", q="road", limit=1)["series"]) == 1


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"q": ""},
        {"q": "   "},
        {"q": "\x00\x01"},
        {"q": "x" * 201},
        {"q": "x" * 3000},
        {"q": "x", "limit": 0},
        {"q": "x", "limit": 51},
    ],
)
def test_the_api_refuses_what_is_no_search(bob: User, query: dict[str, object]) -> None:
    assert Asker(bob).get("search", 422, **query)["code"] == "invalid"


def test_the_api_finds_nothing_for_a_stranger(charlie: User, shelf: Library) -> None:
    make_chapter(Series.objects.get(title="Malt Road"), title="Library of Salt")
    told = Asker(charlie).get("search", q="library")
    kinds = ("series", "chapters", "people", "tags", "texts", "notes")
    assert told == {kind: [] for kind in kinds}
    Asker().get("search", 401, q="library")


def test_a_search_over_the_api_costs_few_queries(
    bob: User, shelf: Library, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_chapter(Series.objects.get(title="Malt Road"), title="Library of Salt")
    asker = Asker(bob)
    # Session, user; two to find, the series found; whether there are chapters, people, genres
    # and tags, pages that say it, notes.
    with django_assert_num_queries(10):
        asker.get("search", q="the library at night")

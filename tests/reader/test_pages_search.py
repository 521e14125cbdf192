"""The search page."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kiremisu.accounts.models import User
from library import curation, titles
from library.models import Library, Series
from reader import notes
from tests.factories import make_chapter, make_content, make_series
from tests.reader.markup import Markup


@pytest.fixture
def series(private: Library, bob: User, client: Client) -> Series:
    cover = make_content(12, cover_state="ready", tint="#b8643c")
    series = make_series(private, "よるのとしょかん", cover=cover)
    make_chapter(series, "1", title="The <Keeper>", content=cover)
    titles.keep([series.pk])
    titles.also_call(series, [("The Library at Night", "en")])
    client.force_login(bob)
    return series


def text(client: Client, q: str, **headers: str) -> str:
    return client.get("/search", {"q": q}, headers=headers).content.decode()


def test_what_was_found_is_a_link_with_its_words_marked(client: Client, series: Series) -> None:
    page = text(client, "libary")

    assert f'href="/series/{series.pk}"' in page
    assert "Also known as" in page
    assert '<span lang="en">The <mark>Library</mark> at Night</span>' in page
    assert "1 unread" in page


def test_the_own_title_is_marked_itself(client: Client, series: Series) -> None:
    assert "<mark>よるのとしょかん</mark>" in text(client, "yorunotoshokan")


def test_chapters_lead_to_the_reader(client: Client, series: Series) -> None:
    page = text(client, "keeper")

    assert f'href="/read/{series.chapters.get().pk}"' in page
    assert "The &lt;<mark>Keeper</mark>&gt;" in page


def test_nothing_asked_says_what_one_may_ask(client: Client, series: Series) -> None:
    assert "What are you looking for?" in text(client, "  ")


def test_nothing_found_says_so(client: Client, series: Series) -> None:
    assert "Nothing is called “zzz &lt;b&gt;”" in text(client, "zzz <b>")


@pytest.mark.parametrize("q", ["x" * 2000, "a " * 1000, "%_\\", "😀", "夜" * 500])
def test_hostile_words_are_only_words(client: Client, series: Series, q: str) -> None:
    assert client.get("/search", {"q": q}).status_code == 200


def test_typing_brings_the_results_alone(client: Client, series: Series) -> None:
    headers = {"HX-Request": "true", "HX-Target": "results"}
    assert text(client, "library", **headers).strip().startswith('<div id="results">')


def test_a_stranger_finds_nothing(client: Client, series: Series, charlie: User) -> None:
    client.force_login(charlie)
    page = text(client, "library") + text(client, "keeper")

    assert str(series.pk) not in page
    assert "0 results" in page
    client.logout()
    assert client.get("/search").status_code == 302


def test_a_search_page_costs_few_queries(
    client: Client, series: Series, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # Session, user; two to find, the series, their two card columns; whether there are chapters,
    # people, genres and tags, notes, texts of pages.
    with django_assert_num_queries(11):
        text(client, "the library at night")


def test_search_stands_in_the_tab_bar_and_as_a_field_beside(client: Client, series: Series) -> None:
    home, page = Markup(client.get("/library")), Markup(client.get("/search"))

    assert home.links().count("/search") == 1
    assert "search-side" in {field.get("id") for field in home.all("input")}
    assert [field["id"] for field in page.all("input") if "data-search" in field] == ["seek"]


def test_people_tags_and_ones_notes_are_found_beside_series(
    bob: User, client: Client, series: Series
) -> None:
    makers = [{"name": "Mina Lantern", "role": "author"}]
    curation.change_series(series, people=makers, tags=["lantern light"])
    chapter = make_chapter(series, "2")
    assert chapter.content is not None
    notes.write(bob, chapter.content, 3, "The lantern is lit again.")

    page = text(client, "lantern")

    assert '<a class="item plain" href="/library?person=Mina+Lantern">' in page
    assert '<a class="item plain" href="/library?tag=lantern+light">' in page
    assert f'<a class="item plain words" href="/read/{chapter.pk}/3">' in page
    assert "The <mark>lantern</mark> is lit again." in page


def test_a_person_leads_to_their_series(client: Client, series: Series) -> None:
    curation.change_series(series, people=[{"name": "Mina Lantern", "role": "author"}])
    make_series(series.library, "Another")
    page = client.get("/library?person=mina+lantern").content.decode()
    assert str(series.pk) in page
    assert "Another" not in page
    assert "Person mina lantern" in page

"""Home: where one goes on reading."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kiremisu.accounts.models import User
from library.models import Chapter, Library, Series
from reader.progress import turn_to
from reader.shelves import pace_of
from tests.factories import make_chapter, make_library, make_series
from tests.reader.markup import Markup


def read(user: User, chapter: Chapter, page: int, ago: timedelta = timedelta()) -> None:
    assert chapter.content is not None
    turn_to(user, chapter.content, page, timezone.now() - ago, chapter=chapter)


def test_home_asks_a_stranger_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/").headers["Location"] == "/login?next=/"


def test_somebody_new_may_start_anywhere(client: Client, bob: User) -> None:
    make_chapter(make_series(make_library(), "Salt Road Diary"))
    client.force_login(bob)

    page = client.get("/").content.decode()

    assert "Start anywhere" in page
    assert "Salt Road Diary" in page
    assert "Also open" not in page


def test_home_names_the_exact_place(client: Client, bob: User) -> None:
    series = make_series(make_library())
    chapter = make_chapter(series, "41")
    make_chapter(series, "42")
    read(bob, chapter, 5)
    client.force_login(bob)

    page = Markup(client.get("/"))

    assert "Page 5 of 12 · 1 more chapter after this" in page.text
    assert f"/read/{chapter.pk}" in page.links()


def test_home_shows_the_last_three_pages_and_none_ahead(client: Client, bob: User) -> None:
    chapter = make_chapter(make_series(make_library()), "41")
    read(bob, chapter, 5)
    client.force_login(bob)

    images = Markup(client.get("/")).all("img")

    shown = [i["src"] for i in images if f"/p/{chapter.pk.hex}/" in (i["src"] or "")]
    assert [int((source or "").split("/")[3]) for source in shown] == [3, 4, 5]


def test_other_series_are_also_open(client: Client, bob: User) -> None:
    library = make_library()
    read(bob, make_chapter(make_series(library, "Salt Road Diary")), 5)
    read(bob, make_chapter(make_series(library, "Paper Tigers")), 2, timedelta(days=1))
    client.force_login(bob)

    page = Markup(client.get("/"))

    assert "Also open" in page.text
    assert "page 2 of 12" in page.text


def test_what_is_nearly_finished_says_how_long_it_takes(client: Client, bob: User) -> None:
    series = make_series(make_library())
    chapters = [make_chapter(series, str(n), pages=10) for n in range(1, 6)]
    for chapter in chapters[:4]:
        content = chapter.content
        assert content is not None
        begun = timezone.now() - timedelta(minutes=30)
        turn_to(bob, content, 1, begun, chapter=chapter)
        turn_to(bob, content, 10, begun + timedelta(minutes=5), chapter=chapter)
    client.force_login(bob)

    page = Markup(client.get("/"))

    assert pace_of(bob) == pytest.approx(30)
    assert "1 chapter left" in page.text
    assert "about 5 min" in page.text


def test_nobody_elses_library_is_on_home(
    client: Client, bob: User, charlie: User, private: Library
) -> None:
    chapter = make_chapter(make_series(private, "A Secret"))
    read(charlie, chapter, 3)
    client.force_login(charlie)

    assert "A Secret" not in client.get("/").content.decode()


def test_a_section_with_nothing_in_it_is_not_there(client: Client, bob: User) -> None:
    chapter = make_chapter(make_series(make_library()))
    read(bob, chapter, 5)
    Series.objects.update(last_added=timezone.now() - timedelta(days=30))
    client.force_login(bob)

    page = client.get("/").content.decode()

    assert "Added this week" not in page
    assert "Nearly finished" not in page


def test_an_empty_server_tells_its_administrator_to_add_a_folder(
    client: Client, alice: User
) -> None:
    client.force_login(alice)

    assert "/setup/folder" in Markup(client.get("/")).links()


def test_home_asks_few_questions(
    client: Client, bob: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    library = make_library()
    for n in range(6):
        series = make_series(library, f"Series {n}")
        read(bob, make_chapter(series, "1"), 5, timedelta(hours=n))
        make_chapter(series, "2")
    client.force_login(bob)

    with django_assert_num_queries(16):
        client.get("/")

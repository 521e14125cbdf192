"""What MangaDex has, below what a search found here."""

import pytest
from django.test import Client

from kiremisu.accounts.models import User
from kiremisu.jobs.running import run_now
from library.models import Library, Series
from metadata import enrichment
from tests.factories import make_library, make_series
from tests.upstream import Manga, Upstream

pytestmark = [pytest.mark.quick, pytest.mark.django_db]


@pytest.fixture
def tale(upstream: Upstream) -> Manga:
    return upstream.catalogue.add("Salt Road Diary", authors=["Ogawa Rin"], year=2016)


@pytest.fixture
def asks(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def part(client: Client, q: str) -> str:
    answer = client.get("/search/mangadex", {"q": q}, headers={"HX-Request": "true"})
    return answer.content.decode()


def test_the_search_asks_nobody_else_and_leads_there(
    asks: Client, tale: Manga, upstream: Upstream
) -> None:
    page = asks.get("/search", {"q": "salt & road"}).content.decode()
    assert 'hx-get="/search/mangadex?q=salt%20%26%20road"' in page
    assert 'href="/search/mangadex?q=salt%20%26%20road"' in page
    assert upstream.asked == []


def test_it_says_what_is_there_and_how_to_bring_it_in(asks: Client, tale: Manga) -> None:
    make_library("Shelf")
    for page in (
        part(asks, "salt road"),
        asks.get("/search/mangadex?q=salt+road").content.decode(),
    ):
        assert "Salt Road Diary" in page
        assert "Ogawa Rin · 2016 · Ongoing" in page
        assert 'aria-label="Add Salt Road Diary"' in page


def test_a_work_is_brought_in(asks: Client, tale: Manga) -> None:
    given = {"library": str(make_library().pk), "provider": "mangadex", "id": tale.id}
    answer = asks.post("/search/mangadex/add", given)
    series = Series.objects.get()
    assert answer["Location"] == f"/series/{series.pk}"
    assert f"/series/{series.pk}" in part(asks, "salt road")


def test_one_that_is_here_leads_there(asks: Client, tale: Manga) -> None:
    series = make_series(make_library(), "Salt Road Diary")
    run_now(enrichment.request_library(series.library_id))
    assert "In the library" in part(asks, "salt road")
    given = {"library": str(series.library_id), "provider": "mangadex", "id": tale.id}
    assert asks.post("/search/mangadex/add", given)["Location"] == f"/series/{series.pk}"


def test_what_one_does_not_see_is_not_said_to_be_here(
    client: Client, bob: User, tale: Manga
) -> None:
    User.objects.filter(pk=bob.pk).update(role="curator")
    client.force_login(bob)
    series = make_series(make_library("Vault", open_to_all=False), "Salt Road Diary")
    run_now(enrichment.request_library(series.library_id))
    page = part(client, "salt road")
    assert "Salt Road Diary" in page
    assert "In the library" not in page
    assert "Vault" not in page


def test_a_server_that_fails_is_said_to(asks: Client, upstream: Upstream) -> None:
    upstream.faults.say(200, b"<html>", kind="text/html")
    assert "Try again" in part(asks, "salt")
    given = {"library": str(make_library().pk), "provider": "mangadex", "id": "x"}
    assert asks.post("/search/mangadex/add", given)["Location"] == "/search"


def test_a_name_that_nothing_bears_finds_nothing(asks: Client, upstream: Upstream) -> None:
    assert "Nothing there is called “qqq”" in part(asks, "qqq")
    assert part(asks, " ").count("<li>") == 0


def test_readers_find_what_is_here_alone(client: Client, bob: User, upstream: Upstream) -> None:
    client.force_login(bob)
    assert "mangadex" not in client.get("/search", {"q": "salt"}).content.decode()
    assert client.get("/search/mangadex?q=salt").status_code == 403
    given = {"library": str(make_library().pk), "provider": "mangadex", "id": "x"}
    assert client.post("/search/mangadex/add", given).status_code == 403
    assert upstream.asked == []


def test_nothing_is_brought_into_a_library_one_does_not_see(
    client: Client, bob: User, tale: Manga
) -> None:
    User.objects.filter(pk=bob.pk).update(role="curator")
    client.force_login(bob)
    library = make_library(open_to_all=False)
    given = {"library": str(library.pk), "provider": "mangadex", "id": tale.id}
    assert client.post("/search/mangadex/add", given).status_code == 404
    assert not Series.objects.exists()
    assert Library.objects.count() == 1

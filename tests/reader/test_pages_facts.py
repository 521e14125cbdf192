"""What the page of a series says of it, and the page of its facts and their history."""

import pytest
from django.test import Client

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job
from library import knowing
from library.curation import change_series
from library.models import FactChange, Library, Series
from reader.known import link
from tests.factories import make_series
from tests.library.test_knowing import KNOWN, RUN, learn, shown

pytestmark = pytest.mark.quick


@pytest.fixture
def series(private: Library, client: Client, alice: User) -> Series:
    series = make_series(private)
    knowing.learn(series.pk, "mangadex", KNOWN, RUN)
    client.force_login(alice)
    return series


def page(client: Client, series: Series, place: str = "") -> str:
    return client.get(f"/series/{series.pk}{place}").content.decode()


def send(client: Client, series: Series, status: int = 302, **form: str) -> None:
    answer = client.post(f"/series/{series.pk}/facts/change", form)
    assert answer.status_code == status


def test_a_series_says_what_is_known_of_it(client: Client, series: Series) -> None:
    found = page(client, series)
    for said in ("塩の道", "<b>Mori Aki</b>", "Completed", "Seinen", "volume 6, chapter 48"):
        assert said in found
    assert 'href="/library?genre=Drama"' in found
    assert 'Metadata from <a href="https://mangadex.org/title/a1"' in found


def test_many_tags_are_folded_away(client: Client, series: Series) -> None:
    change_series(series, tags=[f"tag {number:02}" for number in range(20)])
    assert "8 more tags" in page(client, series)


@pytest.mark.parametrize(
    ("site", "address", "leads"),
    [
        ("anilist", "12", "https://anilist.co/manga/12"),
        ("mangaupdates", "99", "https://www.mangaupdates.com/series.html?id=99"),
        ("mangaupdates", "k2j", "https://www.mangaupdates.com/series/k2j"),
        ("example.org", "http://example.org/x", "http://example.org/x"),
        ("kitsu", "a b", "https://kitsu.app/manga/a%20b"),
        ("raw", "javascript:alert(1)", None),
    ],
)
def test_a_link_leads_to_its_site(site: str, address: str, leads: str | None) -> None:
    found = link(site, address)
    assert (found.address if found else None) == leads


def test_facts_stand_with_source_and_lock(client: Client, series: Series) -> None:
    change_series(series, year=2005)
    found = page(client, series, "/facts")
    assert 'name="unlock" value="year"' in found
    assert 'name="lock" value="summary"' in found
    assert "<del>1999</del>" in found
    assert "alice" not in found.split('id="history"')[0].split("<main")[1]


def test_a_fact_is_locked_and_unlocked(client: Client, series: Series) -> None:
    send(client, series, lock="summary")
    assert Series.objects.get().locks == ["summary"]
    send(client, series, unlock="summary")
    assert Series.objects.get().locks == []


def test_a_change_is_undone_and_so_are_all(client: Client, series: Series) -> None:
    send(client, series, undo=str(FactChange.objects.get(field="year").pk))
    assert shown(series, "year", "status") == (None, "completed")
    send(client, series, all="")
    assert shown(series, "status", "title") == ("", "Salt Road Diary")


def test_a_run_is_undone_by_a_job(client: Client, series: Series) -> None:
    send(client, series, run=str(FactChange.objects.filter(run=RUN)[0].pk))
    assert Job.objects.get(kind="undo").argument("run") == str(RUN)


def test_a_day_is_undone_by_a_job(client: Client, series: Series) -> None:
    assert client.post("/history/undo", {"day": "2026-03-01"}).url == "/activity"
    assert Job.objects.get(kind="undo").argument("day") == "2026-03-01"
    assert client.post("/history/undo", {"day": "yesterday"}).status_code == 422


@pytest.mark.parametrize("undo", ["x", "019a4c1e-8f3b-7d20-9c55-3e1f60a7b842"])
def test_a_change_that_never_was_is_not_there(client: Client, series: Series, undo: str) -> None:
    send(client, series, 404, undo=undo)


def test_readers_do_not_see_the_history(client: Client, series: Series, bob: User) -> None:
    client.force_login(bob)
    assert "/facts" not in page(client, series)
    assert client.get(f"/series/{series.pk}/facts").status_code == 403
    send(client, series, 403, lock="year")
    assert client.post("/history/undo", {"day": "2026-03-01"}).status_code == 403


def test_strangers_do_not_see_the_facts(client: Client, series: Series, charlie: User) -> None:
    client.force_login(charlie)
    assert client.get(f"/series/{series.pk}/facts").status_code == 404
    send(client, series, 404, lock="year")


def test_the_history_comes_in_pages(client: Client, private: Library, series: Series) -> None:
    for year in range(1950, 2000):
        learn(series, year=year)
    assert "1 to 50 of" in page(client, series, "/facts")

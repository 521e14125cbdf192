"""Covers of a provider, as those of series."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job
from kiremisu.jobs.running import run_now
from library import covers
from library.models import Library, Series
from library.scanning.series import count
from metadata import artwork, covering, enrichment
from tests.asking import Asker
from tests.factories import make_chapter, make_library, make_series
from tests.upstream import Manga, Upstream

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def pictures_of_this_test(tmp_path: Path, settings: Settings) -> None:
    settings.COVERS_DIR, settings.PICTURES_DIR = tmp_path / "covers", tmp_path / "pictures"


@pytest.fixture
def tale(upstream: Upstream) -> Manga:
    return upstream.catalogue.add("Salt Road Diary", covers=3)


@pytest.fixture
def road(tale: Manga) -> Series:
    """Matched, with a chapter whose first page is its cover."""
    series = make_series(make_library(), "Salt Road Diary")
    make_chapter(series, "1")
    count([series.pk], timezone.now())
    run_now(enrichment.request_library(series.library_id))
    return Series.objects.get()


@pytest.fixture
def bare(tale: Manga) -> Series:
    """Matched, without any file."""
    series = make_series(make_library(), "Salt Road Diary")
    run_now(enrichment.request_library(series.library_id))
    return Series.objects.get()


def key(series: Series) -> str:
    found = Series.objects.select_related("cover").get(pk=series.pk).picture
    return found.key if found else ""


def choose(user: User, series: Series, url: str) -> Job:
    asked = Asker(user).post(f"series/{series.pk}/covers", {"url": url}, 202)
    return run_now(Job.objects.get(pk=asked["id"]))


def lend() -> Job:
    return run_now(Job.objects.get(kind="lend-covers"))


def test_one_of_the_works_covers_is_shown_and_taken_back(alice: User, road: Series) -> None:
    before = key(road)
    offered = Asker(alice).get(f"series/{road.pk}/covers")
    assert [each["volume"] for each in offered] == ["", "1", "2"]
    job = choose(alice, road, offered[1]["url"])
    chosen = key(road)
    assert chosen != before
    assert covers.file(chosen, 200).exists()
    run_now(Job.objects.get(pk=Asker(alice).post(f"acts/{job.pk}/undo", status=202)["id"]))
    assert key(road) == before


def test_what_is_chosen_outlives_what_was_fetched(
    alice: User, road: Series, settings: Settings
) -> None:
    choose(alice, road, covering.offered(road)[0].url)
    settings.ARTWORK_MOST = 0
    artwork.forget_old()
    count([road.pk], timezone.now())
    assert covers.file(key(road), 200).exists()


def test_a_series_without_any_shows_that_of_its_work(bare: Series) -> None:
    assert lend().state == "done"
    shown = Series.objects.select_related("cover").get().picture
    assert shown is not None
    assert shown.is_made
    source = covers.source_of(Series.objects.get().cover)  # type: ignore[arg-type] # it has one
    assert source is not None
    assert covers.render(source).width
    assert covers.file(shown.key, 200).exists()


def test_its_own_comes_before_that_of_its_work(bare: Series) -> None:
    lend()
    lent = key(bare)
    make_chapter(bare, "1")
    count([bare.pk], timezone.now())
    assert key(bare) not in {"", lent}


def test_what_has_its_own_is_lent_none(road: Series, upstream: Upstream) -> None:
    assert not Job.objects.filter(kind="lend-covers").exists()
    before = key(road)
    run_now(covering.request_lending())
    assert key(road) == before


def test_what_people_chose_is_lent_none(alice: User, bare: Series) -> None:
    choose(alice, bare, covering.offered(bare)[2].url)
    chosen = key(bare)
    lend()
    assert key(bare) == chosen


def test_where_none_can_be_shown_none_is_lent(bare: Series, upstream: Upstream) -> None:
    upstream.faults.say(200, b"no picture", kind="image/jpeg", path="/covers/")
    assert lend().state == "done"
    assert key(bare) == ""


@pytest.mark.parametrize("url", ["x", "https://uploads.mangadex.org/covers/x/y.jpg"])
def test_no_other_address_is_fetched(
    alice: User, road: Series, upstream: Upstream, url: str
) -> None:
    upstream.asked.clear()
    job = choose(alice, road, url)
    assert (job.state, "no such cover" in job.error) == ("failed", True)
    assert not any("/covers/" in each.path for each in upstream.asked)


def test_what_is_not_matched_has_no_covers_there(alice: User) -> None:
    series = make_series(make_library(), "Salt Road Diary")
    assert Asker(alice).get(f"series/{series.pk}/covers") == []
    assert "not_matched" in choose(alice, series, "x").error


def test_readers_choose_no_covers(bob: User, charlie: User, road: Series) -> None:
    body: dict[str, Any] = {"url": "x"}
    Asker(bob).post(f"series/{road.pk}/covers", body, 403)
    Library.objects.update(open_to_all=False)
    Asker(charlie).post(f"series/{road.pk}/covers", body, 404)


def test_covers_are_chosen_on_a_page(client: Client, alice: User, road: Series) -> None:
    client.force_login(alice)
    path = f"/series/{road.pk}/covers"
    assert f'href="{path}"' in client.get(f"/series/{road.pk}/facts").content.decode()
    page = client.get(path).content.decode()
    assert "Volume 2, ja" in page
    assert "<img" not in page
    client.post(f"{path}/choose")
    part = client.get(path, headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 2s"' in part
    run_now(Job.objects.get(kind="fetch-covers"))
    assert client.get(path).content.decode().count('<img src="/c/') == 3
    chosen = covering.offered(road)[2].url
    client.post(f"{path}/choose", {"url": chosen})
    assert Job.objects.get(kind="choose-cover").arguments.model_extra == {"url": chosen}


def test_the_page_says_why_there_is_nothing_to_choose(client: Client, alice: User) -> None:
    client.force_login(alice)
    series = make_series(make_library(), "Moss")
    assert "not matched" in client.get(f"/series/{series.pk}/covers").content.decode()


def test_readers_see_no_such_page(client: Client, bob: User, road: Series) -> None:
    client.force_login(bob)
    for answer in (
        client.get(f"/series/{road.pk}/covers"),
        client.post(f"/series/{road.pk}/covers/choose", {"url": "x"}),
    ):
        assert answer.status_code == 403

"""A watch list that is taken along."""

from typing import Any

import pytest

from kiremisu.accounts.models import Role, User
from kiremisu.jobs.models import Job
from kiremisu.jobs.running import run_now
from library.models import Library, Series
from metadata import enrichment
from metadata.models import Match, Watch
from metadata.watching import portable, watches
from metadata.watching.schemas import CarriedList
from tests.asking import Asker
from tests.factories import make_chapter, make_library, make_series
from tests.upstream import Upstream

pytestmark = [pytest.mark.quick, pytest.mark.django_db]

TITLES = ("Iron Garden", "Moss", "Salt Road")


@pytest.fixture
def taken(bob: User, upstream: Upstream) -> dict[str, Any]:
    """Bob's list of three works, of a server that is empty now."""
    library = make_library()
    for title in TITLES:
        upstream.catalogue.add(title, chapters=3)
        make_chapter(make_series(library, title))
    run_now(enrichment.request_library(library.pk))
    for number, series in enumerate(Series.objects.order_by("title")):
        watches.watch(bob, series, languages=["en", "fr"][: number + 1], paused=number == 2)
    watches.watch(bob, Series.objects.get(title="Moss"), groups=["5f0c9c1f"])
    told: dict[str, Any] = Asker(bob).get("watching/export")
    Library.objects.all().delete()
    assert not Watch.objects.exists()
    return told


def bring_in(user: User, told: dict[str, Any], library: Library | None) -> Job:
    body = told | {"library": library and str(library.pk)}
    job = run_now(Job.objects.get(pk=Asker(user).post("watching/import", body, 202)["id"]))
    job.refresh_from_db()
    return job


def test_a_list_says_which_works_are_watched_and_how(taken: dict[str, Any]) -> None:
    assert [one["title"] for one in taken["watching"]] == [*TITLES]
    assert [one["languages"] for one in taken["watching"]] == [["en"], ["en", "fr"], ["en", "fr"]]
    assert {one["provider"] for one in taken["watching"]} == {"mangadex"}


def test_brought_into_an_empty_server_it_is_equal(bob: User, taken: dict[str, Any]) -> None:
    User.objects.filter(pk=bob.pk).update(role=Role.CURATOR)
    bob.refresh_from_db()
    job = bring_in(bob, taken, make_library())
    assert (job.state, job.message) == ("done", "3 watched, 0 not here")
    assert Asker(bob).get("watching/export") == taken


def test_again_it_changes_nothing(bob: User, taken: dict[str, Any]) -> None:
    User.objects.filter(pk=bob.pk).update(role=Role.CURATOR)
    bob.refresh_from_db()
    library = make_library()
    for _ in range(2):
        bring_in(bob, taken, library)
    assert (Series.objects.count(), Watch.objects.count()) == (3, 3)


def test_readers_watch_what_is_here(bob: User, taken: dict[str, Any]) -> None:
    library = make_library()
    make_chapter(make_series(library, "Moss"))
    run_now(enrichment.request_library(library.pk))
    assert bring_in(bob, taken, library).message == "1 watched, 2 not here"
    assert Series.objects.count() == 1


def test_what_is_matched_to_nothing_is_known_by_its_title(bob: User) -> None:
    series = make_series(make_library(), "Moss")
    watches.watch(bob, series, paused=True)
    told = Asker(bob).get("watching/export")
    watches.unwatch(bob, series)
    bring_in(bob, told, None)
    assert Watch.objects.get().paused


def test_what_is_not_matched_yet_is_known_by_its_title(bob: User, taken: dict[str, Any]) -> None:
    make_series(make_library(), "Moss")
    assert bring_in(bob, taken, None).message == "1 watched, 2 not here"
    assert Watch.objects.get().series.title == "Moss"


def test_what_is_matched_to_another_work_is_another(
    bob: User, taken: dict[str, Any], upstream: Upstream
) -> None:
    series = make_series(make_library(), "Moss")
    run_now(enrichment.request_library(series.library_id))
    Match.objects.update(provider_id="5f0c9c1f-4e3b-4a19-8817-263544536271")
    assert bring_in(bob, taken, None).message == "0 watched, 3 not here"


def test_what_is_nonsense_is_not_here(bob: User, alice: User, upstream: Upstream) -> None:
    odd = [{"title": "Nothing", "provider": "nobody", "provider_id": "x"}]
    odd += [{"title": "No id", "provider": "mangadex", "provider_id": "x"}]
    job = bring_in(alice, {"version": 1, "watching": odd}, make_library())
    assert job.message == "0 watched, 2 not here"


@pytest.mark.parametrize(
    "body", [{}, {"version": 2, "watching": []}, {"watching": [{"title": ""}]}, {"watching": 3}]
)
def test_what_is_no_list_is_refused(bob: User, body: dict[str, Any]) -> None:
    Asker(bob).post("watching/import", body, 422)


def test_nothing_is_brought_into_a_library_one_does_not_see(charlie: User) -> None:
    library = make_library(open_to_all=False)
    body = {"version": 1, "watching": [], "library": str(library.pk)}
    Asker(charlie).post("watching/import", body, 404)


def test_what_one_may_not_see_is_not_here(bob: User) -> None:
    make_series(make_library(open_to_all=False), "Moss")
    told = {"version": 1, "watching": [{"title": "Moss"}]}
    assert bring_in(bob, told, None).message == "0 watched, 1 not here"


def test_who_may_see_a_library_no_more_brings_nothing_into_it(
    bob: User, taken: dict[str, Any]
) -> None:
    User.objects.filter(pk=bob.pk).update(role=Role.CURATOR)
    bob.refresh_from_db()
    library = make_library(open_to_all=False)
    job = run_now(portable.request(bob, CarriedList(**taken, library=library.pk)))
    assert (job.message, Series.objects.count()) == ("0 watched, 3 not here", 0)

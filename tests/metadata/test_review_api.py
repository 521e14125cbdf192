"""Matches over the API: they work, refuse nonsense, and strangers see nothing."""

from typing import Any
from uuid import uuid4

import pytest

from kiremisu.accounts.models import Role, User
from kiremisu.jobs.models import Job
from library.models import Library, Series
from tests.asking import Asker
from tests.factories import make_series
from tests.metadata.test_choosing import candidate, entry, propose

pytestmark = [pytest.mark.quick, pytest.mark.django_db]


@pytest.fixture
def road(private: Library) -> Series:
    series = make_series(private)
    propose(series, entry("Salt Road Diary", "1", year=2016), entry("Salt Road Diary", "2"))
    return series


@pytest.fixture
def curator(bob: User) -> Asker:
    User.objects.filter(pk=bob.pk).update(role=Role.CURATOR)
    bob.refresh_from_db()
    return Asker(bob)


def path(series: Series, *rest: object) -> str:
    return "/".join(["series", str(series.pk), *map(str, rest)])


def test_candidates_come_with_their_evidence(road: Series, curator: Asker) -> None:
    told = curator.get(path(road, "candidates"))
    first = told["candidates"][0]
    assert (told["state"], told["match"], told["undoes"]) == ("review", None, None)
    assert first["score"] == sum(line["points"] for line in first["evidence"])
    assert first["entry"]["title"] == "Salt Road Diary"


def test_accepting_answers_the_match_and_undo_takes_it_back(road: Series, curator: Asker) -> None:
    place = path(road, "candidates", candidate(road, "1").pk, "accept")
    told = curator.post(place, {"keep": ["status"]})
    assert (told["state"], told["match"]["provider_id"]) == ("matched", "1")
    assert curator.get(path(road))["year"] == 2016
    told = curator.post(path(road, "match", "undo"))
    assert (told["state"], told["match"], told["undoes"]) == ("review", None, None)
    curator.post(path(road, "match", "undo"), status=409)


def test_what_is_rejected_comes_last(road: Series, curator: Asker) -> None:
    first = curator.get(path(road, "candidates"))["candidates"][0]
    told = curator.post(path(road, "candidates", first["id"], "reject"))
    assert [one["is_rejected"] for one in told["candidates"]] == [False, True]
    assert told["candidates"][1]["id"] == first["id"]


def test_that_no_match_exists_is_remembered(road: Series, curator: Asker) -> None:
    told = curator.post(path(road, "match", "none"))
    assert (told["state"], told["undoes"]) == ("none", "none")


@pytest.mark.parametrize("what", ["match", "refresh"])
def test_a_job_is_asked_for_once(road: Series, curator: Asker, what: str) -> None:
    ids = {curator.post(path(road, what), status=202)["id"] for _ in range(2)}
    assert ids == {str(Job.objects.get(kind=f"{what}-series").pk)}


def test_what_is_new_in_a_library_is_looked_for(road: Series, curator: Asker, bob: User) -> None:
    told = curator.post(f"libraries/{road.library_id}/match", status=202)
    assert told["id"] == str(Job.objects.get(kind="match", asked_by=bob).pk)
    curator.post(f"libraries/{uuid4()}/match", status=404)


@pytest.mark.parametrize("body", [{"keep": ["no such field"]}, {"keep": "title"}, {"lose": []}])
def test_nonsense_is_refused(road: Series, curator: Asker, body: Any) -> None:
    curator.post(path(road, "candidates", candidate(road, "1").pk, "accept"), body, status=422)


def test_a_candidate_of_another_series_is_none(road: Series, curator: Asker) -> None:
    other = make_series(road.library, "Moss")
    curator.post(path(other, "candidates", candidate(road, "1").pk, "accept"), status=404)
    curator.post(path(road, "candidates", uuid4(), "reject"), status=404)


def test_readers_see_no_candidates_and_strangers_no_series(
    road: Series, bob: User, charlie: User
) -> None:
    Asker(bob).get(path(road, "candidates"), status=403)
    Asker(charlie).get(path(road, "candidates"), status=404)

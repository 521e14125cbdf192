"""The page of match review: what stands on it, and what is done there without a script."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from kiremisu.accounts.models import Role, User
from kiremisu.accounts.ratings import Rating
from library.models import Library, Series
from tests.factories import make_chapter, make_series
from tests.metadata.test_choosing import candidate, entry, propose
from tests.reader.markup import Markup

pytestmark = [pytest.mark.quick, pytest.mark.django_db]


@pytest.fixture
def road(private: Library) -> Series:
    series = make_series(private)
    make_chapter(series)
    people = [{"name": "Ogawa Rin", "role": "author"}]
    works = (
        entry("Salt Road Diary", "1", year=2016, people=people),
        entry("Salt Road Diary", "2"),
        entry("Salt Road Diary 2", "3"),
    )
    propose(series, *works)
    return series


@pytest.fixture
def moss(private: Library) -> Series:
    series = make_series(private, "Moss")
    propose(series, entry("Moss Garden", "4"))
    return series


@pytest.fixture
def asks(client: Client, bob: User) -> Client:
    User.objects.filter(pk=bob.pk).update(role=Role.CURATOR)
    bob.refresh_from_db()
    client.force_login(bob)
    return client


def decided(asks: Client, series: Series, act: str, **told: Any) -> Any:
    return asks.post(f"/review/{series.pk}", {"act": act, **told}, follow=True)


def state(series: Series) -> str:
    series.refresh_from_db()
    return series.match_state


def test_the_queue_stands_beside_the_likeliest_with_why(
    asks: Client, road: Series, moss: Series
) -> None:
    page = Markup(asks.get("/review"))
    assert "2 waiting, 0 matched" in page.text
    assert "Why 100 out of 100" in page.text
    assert "Ogawa Rin, 2016" in page.text
    assert "Private/Salt Road Diary" in page.text


def test_what_speaks_against_a_candidate_comes_first(asks: Client, road: Series) -> None:
    place = f"/review?series={road.pk}&candidate={candidate(road, '3').pk}"
    assert "this is number 2" in Markup(asks.get(place)).text


def test_accepting_goes_on_to_the_next_and_offers_undo(
    asks: Client, road: Series, moss: Series
) -> None:
    told = {"candidate": candidate(road, "1").pk, "after": moss.pk, "of-year": "theirs"}
    page = Markup(decided(asks, road, "accept", **told))
    assert state(road) == "matched"
    assert "Salt Road Diary is Salt Road Diary." in page.text
    assert "You can undo this for 30 days." in page.text
    assert "Why" in page.text
    decided(asks, road, "undo")
    assert state(road) == "review"


def test_what_is_kept_or_locked_is_locked(asks: Client, road: Series) -> None:
    told = {"candidate": candidate(road, "1").pk, "of-year": "mine", "of-people": "theirs"}
    decided(asks, road, "accept", **told, **{"lock-people": "on"})
    road.refresh_from_db()
    assert (road.year, sorted(road.locks)) == (None, ["people", "year"])


def test_a_rejected_candidate_leaves_the_page(asks: Client, road: Series) -> None:
    decided(asks, road, "reject", candidate=candidate(road, "1").pk)
    shown = asks.get("/review").context["page"].candidates
    assert [one.row.provider_id for one in shown] == ["2", "3"]


def test_no_match_exists_is_said(asks: Client, road: Series) -> None:
    assert "No match exists for Salt Road Diary." in Markup(decided(asks, road, "none")).text
    assert state(road) == "none"


def test_all_that_is_nearly_sure_is_accepted_after_a_look(
    asks: Client, road: Series, moss: Series
) -> None:
    road.candidates.filter(provider_id="2").update(score=97)
    page = Markup(asks.get("/review/sure"))
    assert "1 series" in page.text
    asks.post("/review/sure", {"candidate": [candidate(road, "1").pk]})
    assert (state(road), state(moss)) == ("matched", "review")


def test_nothing_is_nearly_sure_where_one_that_they_may_not_see_is_as_good(
    asks: Client, bob: User, road: Series
) -> None:
    road.candidates.filter(provider_id="2").update(score=97, content_rating=Rating.EROTICA)
    User.objects.filter(pk=bob.pk).update(highest_rating=Rating.SAFE)
    assert asks.get("/review/sure").context["found"] == [candidate(road, "1")]
    road.candidates.filter(provider_id="2").update(score=100)
    assert asks.get("/review/sure").context["found"] == []


def test_nonsense_is_refused(asks: Client, road: Series) -> None:
    assert asks.get("/review?series=x&candidate=y&undo=z").status_code == 200
    assert asks.post(f"/review/{road.pk}", {"act": "accept", "candidate": "x"}).status_code == 404
    assert asks.post(f"/review/{uuid4()}", {"act": "none"}).status_code == 404
    assert "Nothing was decided" in Markup(decided(asks, road, "undo")).text


def test_only_curators_have_the_page(client: Client, bob: User, road: Series) -> None:
    client.force_login(bob)
    assert client.get("/review").status_code == 403
    assert client.get("/review/sure").status_code == 403
    assert client.post(f"/review/{road.pk}", {"act": "none"}).status_code == 403
    assert "/review" not in Markup(client.get("/")).links()


def test_curators_see_nothing_of_what_is_not_theirs(client: Client, road: Series) -> None:
    client.force_login(User.objects.create_user("carol", role=Role.CURATOR))
    told = client.get(f"/review?series={road.pk}&undo={road.pk}").content.decode()
    assert "Salt Road" not in told
    assert "You can undo" not in told
    assert client.post(f"/review/{road.pk}", {"act": "none"}).status_code == 404


def test_curators_see_no_candidates_rated_higher_than_they_may(
    asks: Client, bob: User, road: Series
) -> None:
    grown = candidate(road, "1")
    road.candidates.filter(pk=grown.pk).update(content_rating=Rating.EROTICA)
    User.objects.filter(pk=bob.pk).update(highest_rating=Rating.SAFE)
    (waiting,) = asks.get("/review").context["page"].queue
    assert (waiting.count, waiting.score) == (2, candidate(road, "2").score)
    told = {"act": "accept", "candidate": grown.pk}
    assert asks.post(f"/review/{road.pk}", told).status_code == 404


def test_the_page_asks_as_much_of_the_database_for_many_as_for_few(
    asks: Client, road: Series, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with CaptureQueriesContext(connection) as few:
        asks.get(f"/review?series={road.pk}")
    for number in range(5):
        propose(make_series(road.library, f"Moss {number}"), entry("Moss", f"m{number}"))
    with django_assert_num_queries(len(few)):
        asks.get(f"/review?series={road.pk}")

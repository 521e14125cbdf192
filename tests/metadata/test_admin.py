"""The curation desk's lists of matches and of what is watched."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kiremisu.accounts.models import Role, User
from kiremisu.accounts.ratings import Rating
from library import curation
from library.models import Series
from metadata.models import Candidate, Feed, Match, Upstream
from metadata.review import choosing
from metadata.watching import watches
from tests.factories import make_library, make_series
from tests.metadata.test_choosing import entry, propose

pytestmark = [pytest.mark.quick, pytest.mark.django_db]

LISTS = {
    "library/series": 8,
    "library/factchange": 7,
    "metadata/match": 6,
    "metadata/candidate": 6,
    "metadata/decision": 5,
    "metadata/watch": 5,
    "metadata/feed": 6,
    "metadata/upstream": 5,
}


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    """With a dozen series that are matched, watched and changed."""
    library, now = make_library(), timezone.now()
    Upstream.objects.create(
        name="mangadex", next_at=now, turns=[], urgent_until=now, slow_until=now
    )
    for number in range(12):
        series = make_series(library, f"Salt Road {number}")
        propose(series, entry(series.title, f"{number}", year=2016))
        if series.candidates.filter(rejected_at=None).exists() and not hasattr(series, "match"):
            choosing.accept(series.candidates.get(), alice)
        curation.change_series(series, year=1999)
        watches.watch(alice, series)
    client.force_login(alice)
    return client


@pytest.mark.parametrize(("path", "most"), LISTS.items(), ids=LISTS)
def test_a_list_asks_few_questions_however_long(
    desk: Client, path: str, most: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(most + 1):
        page = desk.get(f"/admin/{path}/")
    assert page.status_code == 200
    assert page.context["cl"].result_count >= 1


@pytest.mark.parametrize("path", LISTS)
def test_what_jobs_made_is_only_looked_at(desk: Client, path: str) -> None:
    assert desk.get(f"/admin/{path}/add/").status_code == 403


@pytest.mark.parametrize("model", [Match, Candidate, Feed])
def test_one_of_them_is_shown(desk: Client, model: Any) -> None:
    row = model.objects.first()
    address = f"/admin/metadata/{model._meta.model_name}/{row.pk}/change/"
    assert desk.get(address).status_code == 200


@pytest.mark.parametrize(("score", "many"), [("low", 1), ("high", 11)])
def test_matches_are_narrowed_by_their_score(desk: Client, score: str, many: int) -> None:
    Match.objects.update(score=95)
    Match.objects.filter(series=Series.objects.get(title="Salt Road 3")).update(score=71)
    assert desk.get(f"/admin/metadata/match/?score={score}").context["cl"].result_count == many


def test_decisions_tell_no_work_that_is_rated_too_high(client: Client, alice: User) -> None:
    series = make_series(make_library(), "Salt Road")
    propose(series, entry("Canary Bay", "1", year=1990))
    candidate = series.candidates.get()
    choosing.reject(candidate, alice)
    dora = User.objects.create_user("dora", role=Role.CURATOR, highest_rating=Rating.SAFE)
    client.force_login(dora)

    def told(rating: Rating) -> bool:
        Candidate.objects.update(content_rating=rating)
        return b"Canary Bay" in client.get("/admin/metadata/decision/").content

    assert [told(Rating.SAFE), told(Rating.EROTICA)] == [True, False]


def test_the_score_of_a_series_follows_what_is_decided(alice: User) -> None:
    series = make_series(make_library(), "Salt Road")
    propose(series, entry("Salt Roads", "1", year=1990))
    candidate = series.candidates.get()

    def score() -> int | None:
        series.refresh_from_db()
        return series.match_score

    assert score() == candidate.score
    choosing.reject(candidate, alice)
    assert score() is None
    choosing.undo(series)
    assert score() == candidate.score

"""Deciding which work of a provider a series is, and undoing it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kiremisu.accounts.models import User
from kiremisu.lib.errors import Conflict, Gone, NotThere
from kiremisu.lib.ids import uuid7
from library import knowing
from library.curation import change_series
from library.facts import Credit, Patch, titled
from library.models import MatchState, Series
from metadata.comparable import candidate_of, local_of
from metadata.matching import ranked
from metadata.models import Candidate, Decision, Match
from metadata.providers import Entry
from metadata.review import choosing
from tests.factories import make_chapter, make_library, make_series

pytestmark = [pytest.mark.quick, pytest.mark.django_db]


def entry(title: str, key: str = "", **facts: object) -> Entry:
    patch = Patch.model_validate({"titles": titled(title), "content_rating": "safe", **facts})
    address = f"https://mangadex.org/title/{key or title}"
    return Entry(key or title, address, patch, (), ("en",), timezone.now())


def propose(series: Series, *entries: Entry) -> MatchState:
    local = local_of(series, "mangadex")
    judged = ranked(local, map(candidate_of, entries))
    known = {each.id: each for each in entries}
    found = [(one, known[one.candidate.id]) for one in judged]
    return choosing.propose(series.pk, "mangadex", found, uuid7())


@pytest.fixture
def road(db: None) -> Series:
    series = make_series(make_library())
    make_chapter(series)
    return series


@pytest.fixture
def doubtful(road: Series) -> Series:
    """In review, with two candidates of one title."""
    propose(road, entry("Salt Road Diary", "1", year=2016), entry("Salt Road Diary", "2"))
    road.refresh_from_db()
    return road


def candidate(series: Series, key: str) -> Candidate:
    return series.candidates.get(provider_id=key)


def test_what_is_sure_is_matched_by_itself_and_its_facts_are_learnt(road: Series) -> None:
    people = [Credit(name="Ogawa Rin", role="author")]
    assert propose(road, entry("Salt Road Diary", people=people, year=2016)) == "matched"
    road.refresh_from_db()
    assert (road.match_state, road.year, road.match.by) == ("matched", 2016, None)
    assert road.labels.people == [{"name": "Ogawa Rin", "role": "author"}]


def test_what_is_not_clear_is_in_review_with_its_evidence(doubtful: Series) -> None:
    one = candidate(doubtful, "1").weighed
    assert doubtful.match_state == "review"
    assert (doubtful.year, [line.name for line in one.lines]) == (None, ["Title"])


def test_what_nothing_was_found_for_is_in_review(road: Series) -> None:
    assert propose(road) == MatchState.REVIEW


def test_accepting_learns_what_was_told(doubtful: Series, alice: User) -> None:
    choosing.accept(candidate(doubtful, "1"), alice)
    doubtful.refresh_from_db()
    assert (doubtful.match_state, doubtful.match.by, doubtful.year) == ("matched", alice, 2016)


def test_fields_that_are_kept_are_locked_as_they_stand(doubtful: Series, alice: User) -> None:
    choosing.accept(candidate(doubtful, "1"), alice, keep=["year"])
    doubtful.refresh_from_db()
    assert (doubtful.year, doubtful.locks) == (None, ["year"])


def test_what_people_set_no_match_changes(doubtful: Series, alice: User) -> None:
    change_series(doubtful, year=1999)
    choosing.accept(candidate(doubtful, "1"), alice)
    doubtful.refresh_from_db()
    assert doubtful.year == 1999


def test_a_rejected_candidate_never_comes_again(doubtful: Series, alice: User) -> None:
    choosing.reject(candidate(doubtful, "2"), alice)
    state = propose(doubtful, entry("Salt Road Diary", "1"), entry("Salt Road Diary", "2"))
    assert (state, doubtful.match.provider_id) == ("matched", "1")


def test_rejecting_the_match_lets_go_of_its_facts(road: Series, alice: User) -> None:
    propose(road, entry("Salt Road Diary", year=2016))
    choosing.reject(road.candidates.get(), alice)
    road.refresh_from_db()
    assert (road.match_state, road.year, Match.objects.count()) == ("review", None, 0)


def test_where_no_match_exists_none_is_made(doubtful: Series, alice: User) -> None:
    choosing.none_exists(doubtful, alice)
    assert propose(doubtful, entry("Salt Road Diary", "1")) == MatchState.NONE


def test_what_people_matched_no_job_matches_otherwise(doubtful: Series, alice: User) -> None:
    choosing.accept(candidate(doubtful, "1"), alice)
    propose(doubtful, entry("Salt Road Diary", "2"))
    assert Match.objects.get().provider_id == "1"


def test_undoing_takes_back_the_match_its_facts_and_its_locks(
    doubtful: Series, alice: User
) -> None:
    choosing.accept(candidate(doubtful, "1"), alice, keep=["status"])
    choosing.undo(doubtful)
    doubtful.refresh_from_db()
    assert (doubtful.match_state, doubtful.year, doubtful.locks) == ("review", None, [])


def test_undoing_goes_back_to_the_match_before(doubtful: Series, alice: User) -> None:
    choosing.accept(candidate(doubtful, "1"), alice)
    choosing.accept(candidate(doubtful, "2"), alice)
    choosing.undo(doubtful)
    doubtful.refresh_from_db()
    assert (doubtful.match.provider_id, doubtful.year) == ("1", 2016)


def test_undoing_leaves_what_people_set_since(doubtful: Series, alice: User) -> None:
    choosing.accept(candidate(doubtful, "1"), alice, keep=["year"])
    change_series(doubtful, year=1999)
    choosing.undo(doubtful)
    doubtful.refresh_from_db()
    assert (doubtful.match_state, doubtful.year, doubtful.locks) == ("review", 1999, ["year"])


def test_undoing_what_left_the_match_alone_brings_back_no_old_facts(
    doubtful: Series, alice: User
) -> None:
    choosing.accept(candidate(doubtful, "1"), alice)
    knowing.learn(doubtful.pk, "mangadex", Patch(year=2018), uuid7())
    choosing.reject(candidate(doubtful, "2"), alice)
    told = Match.objects.get().told
    choosing.undo(doubtful)
    doubtful.refresh_from_db()
    assert (doubtful.year, doubtful.match.by, doubtful.match.told) == (2018, alice, told)
    assert candidate(doubtful, "2").rejected_at is None


def test_a_candidate_that_was_let_go_meanwhile_is_not_there(doubtful: Series, alice: User) -> None:
    old = candidate(doubtful, "2")
    propose(doubtful, entry("Salt Road", "1"))
    for decide in (choosing.accept, choosing.reject):
        with pytest.raises(NotThere):
            decide(old, alice)
    assert not Decision.objects.filter(candidate=None).exists()


def test_what_is_accepted_with_others_is_accepted_only_while_it_waits(
    doubtful: Series, alice: User
) -> None:
    assert choosing.accept_waiting(candidate(doubtful, "1"), alice)
    assert not choosing.accept_waiting(candidate(doubtful, "2"), alice)
    assert Match.objects.get().provider_id == "1"


def test_each_decision_can_be_undone_one_after_another(doubtful: Series, alice: User) -> None:
    choosing.reject(candidate(doubtful, "1"), alice)
    choosing.none_exists(doubtful, alice)
    undone = [choosing.undo(doubtful).kind for _ in range(2)]
    assert undone == [Decision.Kind.NONE, Decision.Kind.REJECTED]
    assert candidate(doubtful, "1").rejected_at is None
    with pytest.raises(Conflict):
        choosing.undo(doubtful)


def test_what_was_matched_by_itself_and_undone_is_for_people_to_decide(road: Series) -> None:
    propose(road, entry("Salt Road Diary"))
    choosing.undo(road)
    road.refresh_from_db()
    assert road.match_state == MatchState.REVIEW


def test_after_30_days_a_decision_stands(doubtful: Series, alice: User) -> None:
    choosing.none_exists(doubtful, alice)
    doubtful.decisions.update(created=timezone.now() - timedelta(days=30, minutes=1))
    with pytest.raises(Gone):
        choosing.undo(doubtful)


def test_who_may_see_less_sees_no_candidate_rated_higher(road: Series, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(highest_rating="safe")
    bob.refresh_from_db()
    propose(road, entry("Salt Road", content_rating="erotica"), entry("Salt"))
    assert [each.provider_id for each in Candidate.objects.visible_to(bob)] == ["Salt"]

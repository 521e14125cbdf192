"""Searching the world over the API: for curators, within what they may see, from what is kept."""

import threading

import pytest
from django.utils import timezone

from kiremisu.accounts.models import Role, User
from kiremisu.accounts.ratings import Rating
from metadata import pace, searching
from metadata.models import Circuit
from metadata.models import Upstream as Row
from tests.asking import Asker
from tests.upstream import Upstream

pytestmark = [pytest.mark.quick, pytest.mark.django_db]
PATH = "metadata/search"


@pytest.fixture
def carol(db: None) -> Asker:
    """A curator who is shown what is safe."""
    return Asker(User.objects.create_user("carol", role=Role.CURATOR, highest_rating=Rating.SAFE))


def test_a_curator_finds_titles_in_the_world(upstream: Upstream, carol: Asker) -> None:
    made = upstream.catalogue.add("Salt Road Diary", also={"ja": "塩の道"}, authors=["Ogawa Rin"])
    told = carol.get(PATH, q="salt road")
    (entry,) = told["entries"]
    assert (entry["provider"], entry["provider_id"]) == ("mangadex", made.id)
    assert entry["url"] == f"https://mangadex.org/title/{made.id}"
    assert entry["titles"][1] == {"text": "塩の道", "language": "ja", "kind": "alternative"}
    assert entry["people"][0] == {"name": "Ogawa Rin", "role": "author"}


def test_what_was_answered_is_told_again_with_its_time(upstream: Upstream, carol: Asker) -> None:
    first = carol.get(PATH, q="salt")
    assert carol.get(PATH, q="salt") == first
    assert first["told"].endswith("Z")
    assert len(upstream.asked) == 1


def test_nobody_is_told_of_what_is_rated_higher_than_they_may_see(
    upstream: Upstream, carol: Asker, alice: User
) -> None:
    for rating in Rating.values:
        upstream.catalogue.add(f"Salt {rating}", rating=rating)
    told = carol.get(PATH, q="salt")["entries"]
    assert [entry["content_rating"] for entry in told] == ["safe"]
    assert len(Asker(alice).get(PATH, q="salt")["entries"]) == 4


def test_readers_and_strangers_may_not_ask_the_world(upstream: Upstream, bob: User) -> None:
    assert Asker(bob).get(PATH, 403, q="salt")["code"] == "forbidden"
    assert Asker().get(PATH, 401, q="salt")["code"] == "unauthenticated"
    assert not upstream.asked


@pytest.mark.parametrize("wrong", [{}, {"q": " "}, {"q": "x" * 201}, {"q": "x", "limit": 51}])
def test_nonsense_is_refused_before_anybody_is_asked(
    upstream: Upstream, carol: Asker, wrong: dict[str, str]
) -> None:
    assert carol.get(PATH, 422, **wrong)["code"] == "invalid"
    assert not upstream.asked


def test_the_longest_question_is_asked(upstream: Upstream, carol: Asker) -> None:
    carol.get(PATH, q="x" * 200, limit=50)
    assert upstream.asked[0].query.one("limit") == "50"


def test_a_provider_that_fails_is_a_502(upstream: Upstream, carol: Asker) -> None:
    upstream.faults.say(500, times=3)
    assert carol.get(PATH, 502, q="salt")["code"] == "upstream_failed"
    upstream.faults.say(200, b"<html>")
    assert carol.get(PATH, 502, q="salt")["code"] == "upstream_garbled"


def test_a_provider_that_rests_is_a_503_with_the_seconds_to_wait(
    upstream: Upstream, carol: Asker
) -> None:
    carol.get(PATH, q="salt")
    Row.objects.update(circuit=Circuit.OPEN, opened_at=timezone.now())
    assert carol.get(PATH, 503, q="road")["code"] == "upstream_resting"
    refused = carol.get_raw(f"{PATH}?q=road")
    assert 50 < int(refused["Retry-After"]) <= 60
    # What is kept is told all the same.
    assert carol.get(PATH, q="salt")["entries"] == []


def test_a_provider_that_asks_for_patience_is_a_503(upstream: Upstream, carol: Asker) -> None:
    upstream.faults.throttle(headers={"Retry-After": "40"})
    assert carol.get(PATH, 503, q="salt")["code"] == "upstream_busy"
    assert int(carol.get_raw(f"{PATH}?q=salt")["Retry-After"]) > 30


def test_a_persons_search_goes_before_what_runs_by_itself(
    upstream: Upstream, carol: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    take = pace._take
    monkeypatch.setattr(
        pace, "_take", lambda name, urgent: asked.append(urgent) or take(name, urgent)
    )
    carol.get(PATH, q="salt")
    assert asked == [True]


def test_of_one_process_only_some_ask_at_once(
    upstream: Upstream, carol: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "_at_once", threading.BoundedSemaphore(1))
    with searching._at_once:
        assert carol.get(PATH, 503, q="salt")["code"] == "upstream_busy"
    carol.get(PATH, q="salt")

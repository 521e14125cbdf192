"""Reshaping many series over the API: refused, shown first, done, taken back."""

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from kiremisu.accounts.models import Role, User
from kiremisu.jobs.models import Job
from kiremisu.jobs.running import run_now
from library.models import Chapter, Library, Series
from library.scanning.series import count
from tests.asking import Asker
from tests.factories import make_chapter, make_library, make_series
from tests.library.reshaping.conftest import shown

pytestmark = pytest.mark.quick

type Pair = tuple[Series, Series]


@pytest.fixture
def pair(private: Library) -> Pair:
    """The first has three chapters, of which the last is missing, and the other one."""
    one, other = make_series(private, "One"), make_series(private, "Other")
    for number in ("1", "2"):
        make_chapter(one, number)
    make_chapter(one, "3", missing_since=timezone.now())
    make_chapter(other, "4")
    count([one.pk, other.pk], timezone.now())
    return one, other


def batch(user: User, series: Series, operation: str, status: int = 200, **options: Any) -> Any:
    body = {"ids": [str(series.pk)], "operation": operation, "options": options}
    return Asker(user).post("series/batch", body, status)


def filled(pair: Pair, operation: str) -> dict[str, Any]:
    return {
        "merge_into": {"target": str(pair[1].pk)},
        "move_chapters": {"which": "2-3", "target": str(pair[1].pk)},
        "split_off": {"which": "2", "title": "A third"},
        "purge_missing": {},
    }[operation]


OPERATIONS = {
    "merge_into": "Becomes part of “Other”, with its 3 chapters.",
    "move_chapters": "Gives 2 chapters to “Other”: Chapter 2; Chapter 3.",
    "split_off": "Gives 1 chapter to a new “A third”: Chapter 2.",
    "purge_missing": "Loses 1 missing chapter, after 30 days for good: Chapter 3.",
}


@pytest.mark.parametrize(("operation", "words"), OPERATIONS.items(), ids=OPERATIONS)
def test_what_is_done_was_said_before_and_is_taken_back(
    alice: User, pair: Pair, operation: str, words: str
) -> None:
    before, told = shown(), filled(pair, operation)
    body = {"ids": [str(pair[0].pk)], "operation": operation, "options": told, "preview": True}
    said = Asker(alice).post("series/batch", body)["words"]
    assert [one["words"] for one in said] == [words]
    assert shown() == before
    run = batch(alice, pair[0], operation, **told)["run"]
    assert shown() != before
    Asker(alice).post(f"acts/{run}/undo", status=202)
    run_now(Job.objects.get(kind="undo"))
    assert shown() == before


@pytest.mark.parametrize("operation", OPERATIONS)
def test_curators_alone_reshape_what_they_see(
    bob: User, charlie: User, pair: Pair, operation: str
) -> None:
    batch(bob, pair[0], operation, 403, **filled(pair, operation))
    charlie.role = Role.CURATOR
    charlie.save()
    batch(charlie, pair[0], operation, 404, **filled(pair, operation))


@pytest.mark.parametrize(
    ("operation", "options", "field"),
    [
        ("merge_into", {}, "options.target"),
        ("merge_into", {"target": str(uuid4())}, "options.target"),
        ("move_chapters", {"which": "2"}, "options.target"),
        ("split_off", {"title": "A third"}, "options.chapters"),
        ("split_off", {"title": "A third", "which": "9"}, "options.which"),
        ("split_off", {"title": "A third", "which": "all of it"}, "options.which"),
        ("split_off", {"title": "A third", "chapters": [str(uuid4())]}, "options.chapters"),
        ("split_off", {"title": " ", "which": "1"}, "options.title"),
        ("purge_missing", {"all": True}, None),
    ],
)
def test_nonsense_is_refused(
    alice: User, pair: Pair, operation: str, options: dict[str, Any], field: str | None
) -> None:
    told = batch(alice, pair[0], operation, 422, **options)
    assert field is None or field in [error["field"] for error in told["errors"]]


def test_nobody_merges_into_what_they_do_not_see(bob: User, pair: Pair) -> None:
    bob.role = Role.CURATOR
    bob.save()
    closed = make_series(make_library("Closed", open_to_all=False))
    batch(bob, pair[0], "merge_into", 422, target=str(closed.pk))


@pytest.mark.parametrize("operation", ["merge_into", "move_chapters", "split_off"])
def test_nobody_sees_what_was_rated_too_high_for_them(
    alice: User, bob: User, pair: Pair, operation: str
) -> None:
    Asker(alice).patch(f"series/{pair[0].pk}", {"content_rating": "erotica"})
    User.objects.filter(pk=bob.pk).update(highest_rating="suggestive")
    bob.refresh_from_db()
    seen = list(Chapter.objects.visible_to(bob))
    run = batch(alice, pair[0], operation, **filled(pair, operation))["run"]
    assert {*Chapter.objects.visible_to(bob)} <= {*seen}
    Asker(alice).post(f"acts/{run}/undo", status=202)
    run_now(Job.objects.get(kind="undo"))
    assert list(Chapter.objects.visible_to(bob)) == seen != []


def taken_back(user: User, run: str) -> None:
    told = Asker(user).post(f"acts/{run}/undo", status=202)
    run_now(Job.objects.get(pk=told["id"]))


def test_a_rating_stays_while_chapters_that_came_later_need_it(alice: User, pair: Pair) -> None:
    one, other = pair
    Asker(alice).patch(f"series/{one.pk}", {"content_rating": "erotica"})
    first, _ = (
        batch(alice, one, "move_chapters", which=which, target=str(other.pk))["run"]
        for which in ("1", "2")
    )
    taken_back(alice, first)
    other.refresh_from_db()
    assert one.chapters.filter(number="1").exists()
    assert other.chapters.get(number="2").content_rating == other.content_rating == "erotica"


def test_a_split_series_that_others_came_into_stays_rated(alice: User, pair: Pair) -> None:
    Asker(alice).patch(f"series/{pair[0].pk}", {"content_rating": "erotica"})
    run = batch(alice, pair[0], "split_off", **filled(pair, "split_off"))["run"]
    made = Series.objects.get(title="A third")
    make_chapter(made, "7")
    taken_back(alice, run)
    made.refresh_from_db()
    assert (made.title, made.content_rating, made.chapters.count()) == ("A third", "erotica", 1)


def test_chapters_are_chosen_by_their_ids(alice: User, pair: Pair) -> None:
    chapter = pair[0].chapters.get(number="2")
    target = str(pair[1].pk)
    batch(alice, pair[0], "move_chapters", chapters=[str(chapter.pk)], target=target)
    assert sorted(pair[1].chapters.values_list("number", flat=True)) == ["2", "4"]

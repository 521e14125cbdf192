"""What was done to many series is kept, and taken back."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job, State
from kiremisu.jobs.queue import enqueue
from kiremisu.jobs.running import run_now
from kiremisu.lib.schemas import Paging
from library import batches, curation
from library.batches import undoing
from library.batches.schemas import BatchWanted
from library.models import Deed, Library, Memo, Series
from reader import lists, progress
from reader.lists import entries
from reader.models import List, ListEntry, Progress
from tests.asking import Asker
from tests.factories import make_chapter, make_series

pytestmark = pytest.mark.quick


@pytest.fixture
def two(private: Library) -> list[Series]:
    """Each with two chapters."""
    found = [make_series(private, title) for title in ("Iron", "Moss")]
    for series in found:
        make_chapter(series, "1")
        make_chapter(series, "2")
    return found


@pytest.fixture
def mine(bob: User, two: list[Series]) -> List:
    """Bob's list, with both in it; he noted something about the first."""
    found = lists.make(bob, "Rainy days")
    entries.put(found, two[0], "The quiet one")
    entries.put(found, two[1])
    return found


def do(user: User, several: list[Series], operation: str, **more: Any) -> Any:
    ids = [str(one.pk) for one in several]
    return Asker(user).post("series/batch", {"ids": ids, "operation": operation, **more})


def undo(user: User, run: str) -> Job:
    Asker(user).post(f"acts/{run}/undo", status=202)
    return run_now(Job.objects.filter(kind="undo").latest("created"))


def places(user: User) -> list[Any]:
    rows = Progress.objects.of(user).order_by("content")
    return list(rows.values("content", "page", "at", "device", "started_at", "finished_at"))


def in_list(found: List) -> list[Any]:
    return list(ListEntry.objects.filter(list=found).in_order().values_list("series", "note"))


@pytest.mark.parametrize("operation", ["mark_read", "mark_unread"])
def test_marking_is_taken_back(bob: User, two: list[Series], operation: str) -> None:
    first, second = two[0].chapters.order_by("number")
    progress.turn_to(bob, first.content, 12, timezone.now(), "Tablet", chapter=first)
    progress.turn_to(bob, second.content, 3, timezone.now(), chapter=second)
    before = places(bob)
    told = do(bob, two, operation)
    assert places(bob) != before
    undo(bob, told["run"])
    assert places(bob) == before


def test_what_was_opened_since_is_left_as_it_is(bob: User, two: list[Series]) -> None:
    told = do(bob, two, "mark_read")
    since = two[0].chapters.get(number="1")
    progress.turn_to(bob, since.content, 2, timezone.now())
    undo(bob, told["run"])
    assert [one["content"] for one in places(bob)] == [since.content_id]


def test_where_all_was_opened_since_it_says_so_and_can_be_tried_again(
    bob: User, two: list[Series]
) -> None:
    told = do(bob, two, "mark_read")
    progress.mark_read(bob, two[0].chapters.all())
    Progress.objects.filter(chapter__series=two[0]).update(at=timezone.now())
    job = undo(bob, told["run"])
    assert job.message == "1 series taken back, 1 not; 0 facts stand as before"
    told = Asker(bob).get(f"acts/{told['run']}")
    assert (told["series"], told["left"], told["undone"]) == (2, 1, None)
    rows = Asker(bob).get(f"acts/{told['id']}/series")["items"]
    assert [bool(one["undone"]) for one in rows] == [False, True]
    assert rows[0]["refused"] == "All of it was read or marked again since."
    assert Asker(bob).post(f"acts/{told['id']}/undo", status=202)["state"] == "queued"


def test_what_is_gone_on_with_after_it_was_taken_back_is_taken_back_again(
    alice: User, two: list[Series]
) -> None:
    run = uuid4()
    for series in two:
        told = {"ids": [series.pk], "operation": "hide", "options": {}, "mode": "each"}
        batches.perform(alice, BatchWanted.model_validate({**told, "preview": False}), run)
        undo(alice, str(run))
    assert Series.objects.visible_to(alice).count() == 2


def test_what_was_put_into_a_list_is_taken_off(bob: User, two: list[Series], mine: List) -> None:
    before, new = in_list(mine), make_series(two[0].library, "Salt")
    told = do(bob, [*two, new], "add_to_list", options={"list": str(mine.pk)})
    assert [one["words"] for one in told["words"]] == [
        *["Is in Rainy days already."] * 2,
        "Comes to the end of Rainy days.",
    ]
    undo(bob, told["run"])
    assert in_list(mine) == before


def test_what_was_noted_in_a_list_since_stays_there(
    bob: User, two: list[Series], mine: List
) -> None:
    new = make_series(two[0].library, "Salt")
    told = do(bob, [new], "add_to_list", options={"list": str(mine.pk)})
    ListEntry.objects.filter(series=new).update(note="Lent by Ann")
    undo(bob, told["run"])
    assert Memo.objects.get().refused == "Something was noted about it in the list since."
    assert (new.pk, "Lent by Ann") in in_list(mine)


def test_what_was_taken_off_a_list_comes_back_where_it_stood(
    bob: User, two: list[Series], mine: List
) -> None:
    before = in_list(mine)
    told = do(bob, two, "remove_from_list", options={"list": str(mine.pk)})
    assert not in_list(mine)
    undo(bob, told["run"])
    assert in_list(mine) == before


def test_what_was_hidden_is_shown_and_hidden_again(alice: User, two: list[Series]) -> None:
    told = do(alice, two, "hide")
    assert not Series.objects.visible_to(alice).exists()
    undo(alice, told["run"])
    assert Series.objects.visible_to(alice).count() == 2
    curation.hide_series(two[0])
    told = do(alice, two, "restore")
    assert [one["words"] for one in told["words"]] == ["Is shown again.", "Is shown already."]
    undo(alice, told["run"])
    assert list(Series.objects.visible_to(alice)) == [two[1]]


def test_locked_numbers_are_as_they_were(alice: User, two: list[Series]) -> None:
    first, second = two[0].chapters.order_by("number")
    curation.change_chapter(first, number="1.5")
    chapters = {"chapters": [str(first.pk), str(second.pk)]}
    told = do(alice, two[:1], "lock_numbers", options=chapters)
    assert told["words"][0]["words"] == "Volume and number of 2 chapters are locked."
    assert {tuple(one.by_hand) for one in two[0].chapters.all()} == {("number", "volume")}
    undo(alice, told["run"])
    assert [one.by_hand for one in two[0].chapters.order_by("number_order")] == [["number"], []]


def test_some_chapters_alone_are_marked(bob: User, two: list[Series]) -> None:
    one = two[0].chapters.get(number="1")
    do(bob, two, "mark_read", options={"chapters": [str(one.pk)]})
    assert [place["content"] for place in places(bob)] == [one.content_id]


def test_what_changed_nothing_cannot_be_taken_back(alice: User, two: list[Series]) -> None:
    run = do(alice, two, "rescan")["run"]
    assert Job.objects.filter(kind="scan").count() == 1
    told = Asker(alice).post(f"acts/{run}/undo", status=409)
    assert told["code"] == "nothing_to_undo"


def test_facts_are_taken_back_with_the_act(alice: User, two: list[Series]) -> None:
    told = do(alice, two, "set_fields", options={"status": "completed"})
    undo(alice, told["run"])
    assert set(Series.objects.values_list("status", flat=True)) == {""}
    deed = Deed.objects.get()
    assert (deed.undone_by, deed.undone_at is not None) == (alice, True)
    Asker(alice).post(f"acts/{told['run']}/undo", status=409)


def test_one_is_taken_back_though_another_cannot_be(alice: User, two: list[Series]) -> None:
    told = do(alice, two, "hide")
    Series.objects.filter(pk=two[1].pk).update(hidden_at="2020-01-01T00:00Z")
    undo(alice, told["run"])
    assert [memo.refused for memo in Memo.objects.all()] == [
        "", "This series was hidden too long ago."
    ]  # fmt: skip
    assert list(Series.objects.visible_to(alice)) == [two[0]]


def test_what_somebody_else_took_back_meanwhile_is_not_tried_again(
    alice: User, two: list[Series]
) -> None:
    run = do(alice, two, "hide")["run"]
    asked = list(undoing.left(alice, run, None))
    undo(alice, run)
    with transaction.atomic():
        assert undoing.take_back(alice, asked) == (0, 0)
    assert not Memo.objects.exclude(refused="", undone_at__isnull=False).exists()


def test_acts_are_listed_the_newest_first(alice: User, two: list[Series]) -> None:
    do(alice, two, "tag", options={"tags": ["sea", "salt"]})
    do(alice, two[:1], "hide")
    told = Asker(alice).get("acts")
    assert [(one["operation"], one["options"], one["series"]) for one in told["items"]] == [
        ("hide", "", 1),
        ("tag", "tags: sea, salt", 2),
    ]
    assert {one["by"] for one in told["items"]} == {"alice"}


def test_ones_own_marks_are_ones_own(alice: User, bob: User, two: list[Series]) -> None:
    run = do(bob, two, "mark_read")["run"]
    assert Asker(bob).get("acts")["total"] == 1
    assert Asker(alice).get("acts")["total"] == 0
    Asker(alice).post(f"acts/{run}/undo", status=404)


def test_with_a_person_goes_what_was_their_own(alice: User, bob: User, two: list[Series]) -> None:
    User.objects.filter(pk=bob.pk).update(role="curator")
    bob.refresh_from_db()
    for operation in ("mark_read", "hide"):
        do(bob, two, operation)
    Progress.objects.all().delete()
    bob.delete()
    assert [(one.operation, one.by) for one in Deed.objects.all()] == [("hide", None)]
    undo(alice, str(Deed.objects.get().pk))
    assert Series.objects.visible_to(alice).count() == 2


def test_the_night_forgets_what_was_done_long_ago_but_merges_that_stand(
    alice: User, two: list[Series]
) -> None:
    do(alice, two, "mark_read")
    do(alice, two[:1], "merge_into", options={"target": str(two[1].pk)})
    Deed.objects.update(created=timezone.now() - timedelta(days=91))
    do(alice, two[1:], "mark_unread")
    assert run_now(enqueue("old-acts")).message == "1 forgotten"
    assert [one["operation"] for one in Asker(alice).get("acts")["items"]] == [
        "mark_unread",
        "merge_into",
    ]
    assert Memo.objects.count() == 2


def test_a_stranger_sees_no_act_and_takes_none_back(
    alice: User, bob: User, two: list[Series]
) -> None:
    run = do(alice, two, "hide")["run"]
    for path in (f"acts/{run}", f"acts/{run}/series"):
        Asker(bob).get(path, 404)
    Asker(bob).post(f"acts/{run}/undo", status=404)
    Asker(alice).post(f"acts/{uuid4()}/undo", status=404)
    assert not Job.objects.filter(kind="undo").exists()


def test_who_undoes_the_facts_of_others_takes_back_nothing_else(
    alice: User, bob: User, two: list[Series]
) -> None:
    User.objects.filter(pk=bob.pk).update(role="curator")
    run = do(alice, two, "hide")["run"]
    Asker(bob).post("history/undo", {"run": run}, status=202)
    run_now(Job.objects.get(kind="undo"))
    assert not Series.objects.visible_to(alice).exists()
    assert Deed.objects.get().undone_at is None


def test_what_is_hidden_since_comes_to_no_list(bob: User, two: list[Series], mine: List) -> None:
    run = do(bob, two[:1], "remove_from_list", options={"list": str(mine.pk)})["run"]
    curation.hide_series(two[0])
    undo(bob, run)
    assert in_list(mine) == [(two[1].pk, "")]


def test_who_curates_no_more_takes_back_none_of_it(bob: User, two: list[Series]) -> None:
    User.objects.filter(pk=bob.pk).update(role="curator")
    run = do(bob, two, "tag", options={"tags": ["sea"]})["run"]
    User.objects.filter(pk=bob.pk).update(role="reader")
    undo(bob, run)
    assert all("sea" in one.labels.tags for one in Series.objects.all())


def test_a_preview_is_not_kept(alice: User, two: list[Series]) -> None:
    told = do(alice, two, "mark_read", preview=True)
    assert {one["words"] for one in told["words"]} == {"2 chapters become read."}
    assert not Deed.objects.exists()
    assert not Progress.objects.exists()


def test_a_job_that_has_not_begun_is_called_off(alice: User, two: list[Series]) -> None:
    run = do(alice, two, "match")["run"]
    undo(alice, run)
    assert set(Job.objects.filter(kind="match-series").values_list("state", flat=True)) == {
        State.CANCELLED
    }


def test_acts_cost_the_same_however_many(
    alice: User, two: list[Series], django_assert_max_num_queries: Any
) -> None:
    for series in two:
        do(alice, [series], "hide")
    with django_assert_max_num_queries(2) as asked:
        undoing.listed(alice, Paging())
    # Nor are all memos grouped for a page.
    assert not any('GROUP BY "library_deed"' in each["sql"] for each in asked)

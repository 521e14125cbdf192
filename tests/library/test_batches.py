"""One operation on many series."""

from typing import Any
from uuid import uuid4

import pytest

from kiremisu.accounts.models import User
from library.models import Library, Series
from reader.models import Progress
from tests.asking import Asker
from tests.factories import make_chapter, make_series

pytestmark = pytest.mark.quick


@pytest.fixture
def many(private: Library) -> list[Series]:
    return [make_series(private, f"Series {number}") for number in range(99)]


def batch(user: User, ids: list[Any], operation: str, status: int = 200, **more: Any) -> Any:
    body = {"ids": [str(key) for key in ids], "operation": operation, **more}
    return Asker(user).post("series/batch", body, status)


def with_a_wrong_one(many: list[Series]) -> list[Any]:
    ids: list[Any] = [series.pk for series in many]
    ids.insert(56, uuid4())
    return ids


def test_all_are_changed(alice: User, many: list[Series]) -> None:
    ids = [series.pk for series in many]
    told = batch(alice, ids, "set_fields", options={"status": "finished"})
    assert (told["done"], told["failed"]) == ([str(key) for key in ids], [])
    assert Series.objects.filter(status="finished").count() == 99


def test_all_or_nothing_leaves_no_trace(alice: User, many: list[Series]) -> None:
    options = {"status": "finished"}
    told = batch(alice, with_a_wrong_one(many), "set_fields", 404, options=options)
    assert [error["field"] for error in told["errors"]] == ["ids.56"]
    assert not Series.objects.filter(status="finished").exists()


def test_each_for_itself_keeps_the_others_and_names_the_one(
    alice: User, many: list[Series]
) -> None:
    ids = with_a_wrong_one(many)
    told = batch(alice, ids, "set_fields", options={"status": "finished"}, mode="each")
    assert [(one["id"], one["code"]) for one in told["failed"]] == [(str(ids[56]), "not_found")]
    assert len(told["done"]) == Series.objects.filter(status="finished").count() == 99


def test_series_are_marked_read_and_unread(bob: User, many: list[Series]) -> None:
    for series in many[:2]:
        make_chapter(series)
    ids = [series.pk for series in many[:2]]
    batch(bob, ids, "mark_read")
    assert Progress.objects.of(bob).finished().count() == 2
    batch(bob, ids, "mark_unread")
    assert not Progress.objects.exists()


def test_a_stranger_changes_nothing(charlie: User, many: list[Series]) -> None:
    ids = [series.pk for series in many[:3]]
    batch(charlie, ids, "mark_read", 404)
    assert len(batch(charlie, ids, "mark_read", mode="each")["failed"]) == 3


def test_readers_set_no_facts(bob: User, many: list[Series]) -> None:
    batch(bob, [many[0].pk], "set_fields", 403, options={"status": "finished"})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"operation": "explode"}, "operation"),
        ({"options": {"colour": "red"}}, "options.colour"),
        ({"options": {"title": None}}, "options"),
        ({"operation": "mark_read", "options": {"x": 1}}, "ids.0"),
        ({"mode": "some"}, "mode"),
    ],
)
def test_nonsense_is_refused(
    alice: User, private: Library, body: dict[str, Any], field: str
) -> None:
    given = {"operation": "set_fields", **body}
    told = batch(alice, [make_series(private).pk], status=422, **given)
    assert field in [error["field"] for error in told["errors"]]


@pytest.mark.parametrize("count", [0, 101])
def test_a_batch_has_one_to_a_hundred(alice: User, count: int) -> None:
    batch(alice, [uuid4() for _ in range(count)], "set_fields", 422)


def test_a_batch_names_each_once(alice: User, many: list[Series]) -> None:
    batch(alice, [many[0].pk] * 2, "set_fields", 422)

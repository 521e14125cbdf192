"""Smart lists, lists as a filter, and putting many series into one."""

import json
from typing import Any
from uuid import uuid4

import pytest

from kiremisu.accounts.models import User
from library.models import Access, Series
from reader import lists
from reader.models import List, ListEntry
from tests.asking import Asker
from tests.factories import make_chapter
from tests.reader.lists.conftest import listed, titles

pytestmark = pytest.mark.quick

LATE = {"not": {"field": "year", "op": "lte", "value": 2001}}


def is_in(*found: List) -> dict[str, Any]:
    return {"field": "list", "op": "in", "value": [str(one.pk) for one in found]}


def series(user: User, **query: Any) -> list[str]:
    return [row["title"] for row in Asker(user).get("series", **query)["items"]]


def test_a_smart_list_fills_itself(bob: User, shelf: dict[str, Series]) -> None:
    body = {"name": "Late", "filter": LATE, "sort": "-title"}
    told = Asker(bob).post("lists", body, 201)
    assert (told["kind"], told["entry_count"], told["sort"]) == ("smart", None, "-title")
    assert told["filter"] == {"not": {"field": "year", "op": "lte", "value": 2001}}
    smart = List.objects.get()
    assert titles(bob, smart) == ["Salt Road", "Moth"]
    Series.objects.filter(title="Kite").update(year=2020)
    assert titles(bob, smart) == ["Salt Road", "Moth", "Kite"]


def test_what_a_smart_list_asks_is_changed(bob: User, shelf: dict[str, Series]) -> None:
    smart = lists.make(bob, "Late", asked=LATE, sort="year")
    told = Asker(bob).patch(f"lists/{smart.pk}", {"filter": LATE["not"]})
    assert (told["filter"], told["sort"]) == (LATE["not"], "year")
    assert titles(bob, smart) == ["Kite", "Moss"]
    Asker(bob).patch(f"lists/{smart.pk}", {"sort": "-year"})
    assert titles(bob, smart) == ["Moss", "Kite"]
    Asker(bob).patch(f"lists/{smart.pk}", {"filter": {"field": "colour", "value": 1}}, 422)


def test_a_filter_with_nothing_in_its_value_is_kept(bob: User, shelf: dict[str, Series]) -> None:
    Series.objects.filter(title="Moss").update(year=None)
    smart = lists.make(bob, "Undated", asked={"field": "year", "value": None})
    assert titles(bob, smart) == ["Moss"]


def test_a_lists_series_are_narrowed_and_sorted_as_all_are(
    bob: User, train: List, filled: list[ListEntry]
) -> None:
    assert titles(bob, train) == ["Salt Road", "Kite", "Moth"]
    assert titles(bob, train, sort="title") == ["Kite", "Moth", "Salt Road"]
    assert titles(bob, train, search="o") == ["Salt Road", "Moth"]
    assert titles(bob, train, filter=json.dumps(LATE)) == ["Salt Road", "Moth"]
    Asker(bob).get(f"lists/{train.pk}/series", 422, sort="colour")


def test_a_list_is_walked_in_its_own_order(bob: User, train: List, filled: list[ListEntry]) -> None:
    path, met, query = f"lists/{train.pk}/series", [], {"per_page": 1}
    while query:
        told = Asker(bob).get(path, **query)
        met += [row["title"] for row in told["items"]]
        query = told["next_cursor"] and {"per_page": 1, "cursor": told["next_cursor"]}
    assert met == ["Salt Road", "Kite", "Moth"]


def test_series_come_as_the_first_of_their_entries(
    bob: User, train: List, filled: list[ListEntry], shelf: dict[str, Series]
) -> None:
    for title in ("Moth", "Moss"):
        chapter = make_chapter(shelf[title])
        body = {"chapter": str(chapter.pk), "position": 1}
        Asker(bob).post(f"lists/{train.pk}/entries", body, 201)
    assert titles(bob, train) == ["Moss", "Moth", "Salt Road", "Kite"]


def test_a_shared_smart_list_finds_what_the_one_who_looks_may_see_and_has_read(
    alice: User, bob: User, charlie: User, shelf: dict[str, Series]
) -> None:
    asked = {"and": [LATE, {"field": "read", "value": "unread"}]}
    smart = lists.make(alice, "Late", asked=asked, is_shared=True)
    make_chapter(shelf["Moth"])
    Asker(bob).post("series/batch", {"ids": [str(shelf["Moth"].pk)], "operation": "mark_read"})
    assert titles(alice, smart) == ["Moth", "Salt Road"]
    assert titles(bob, smart) == ["Salt Road"]
    assert titles(charlie, smart) == []
    assert Asker(bob).get(f"lists/{smart.pk}")["filter"] is None


def test_series_are_asked_for_by_list(
    bob: User, train: List, filled: list[ListEntry], shelf: dict[str, Series]
) -> None:
    smart = lists.make(bob, "Early", asked={"field": "year", "op": "lt", "value": 2002})
    assert series(bob, list=train.pk) == ["Kite", "Moth", "Salt Road"]
    assert series(bob, list=smart.pk) == ["Kite", "Moss"]
    assert series(bob, list=[train.pk, smart.pk]) == ["Kite", "Moss", "Moth", "Salt Road"]
    both = {"and": [is_in(train), {"not": is_in(smart)}]}
    assert series(bob, filter=json.dumps(both)) == ["Moth", "Salt Road"]
    assert series(bob, list=uuid4()) == []
    Asker(bob).get("series", 422, list="x")


def test_a_list_one_does_not_see_holds_nothing(
    bob: User, alice: User, train: List, filled: list[ListEntry]
) -> None:
    assert series(alice, list=train.pk) == []
    lists.change(train, is_shared=True)
    assert series(alice, list=train.pk) == ["Kite", "Moth", "Salt Road"]
    Access.objects.all().delete()
    assert series(bob, list=train.pk) == []


def test_a_smart_list_may_ask_for_reading_lists(
    bob: User, train: List, filled: list[ListEntry]
) -> None:
    smart = lists.make(bob, "Late", asked={"and": [is_in(train), LATE]})
    assert titles(bob, smart) == ["Moth", "Salt Road"]


def test_a_smart_list_asks_for_no_smart_list(bob: User, alice: User, train: List) -> None:
    smart = lists.make(bob, "Late", asked=LATE)
    foreign = lists.make(alice, "Hers")
    for wrong, code in ((smart, "smart_list"), (foreign, "unknown_list")):
        asked = {"or": [LATE, {"not": is_in(train, wrong)}]}
        told = Asker(bob).post("lists", {"name": "x", "filter": asked}, 422)
        assert [(e["field"], e["code"]) for e in told["errors"]] == [
            ("filter.or.1.not.value", code)
        ]
    Asker(bob).patch(f"lists/{smart.pk}", {"filter": is_in(smart)}, 422)


def test_a_filter_that_is_not_understood_any_more_finds_nothing(
    bob: User, shelf: dict[str, Series]
) -> None:
    smart = lists.make(bob, "Late", asked=LATE)
    old = {"filter": {"field": "colour", "value": "red"}}
    List.objects.update(raw_sought=old)
    assert titles(bob, smart) == []
    assert series(bob, list=smart.pk) == []


def batch(user: User, operation: str, ids: list[Any], status: int = 200, **options: Any) -> Any:
    body = {"ids": [str(key) for key in ids], "operation": operation, "options": options}
    return Asker(user).post("series/batch", body, status)


def test_many_series_are_put_into_a_list_and_taken_off(
    bob: User, train: List, filled: list[ListEntry], shelf: dict[str, Series]
) -> None:
    ids = [shelf[title].pk for title in ("Moss", "Kite")]
    batch(bob, "add_to_list", ids, list=str(train.pk))
    assert listed(bob, train) == ["Salt Road", "Kite", "Moth", "Moss"]
    batch(bob, "remove_from_list", ids, list=str(train.pk))
    batch(bob, "remove_from_list", ids, list=str(train.pk))
    assert listed(bob, train) == ["Salt Road", "Moth"]


def test_a_batch_changes_only_reading_lists_of_ones_own(
    alice: User, bob: User, train: List, shelf: dict[str, Series]
) -> None:
    ids, smart = [shelf["Kite"].pk], lists.make(bob, "Late", asked=LATE)
    batch(alice, "add_to_list", ids, 404, list=str(train.pk))
    lists.change(train, is_shared=True)
    batch(alice, "add_to_list", ids, 403, list=str(train.pk))
    batch(alice, "remove_from_list", ids, 403, list=str(train.pk))
    batch(bob, "add_to_list", ids, 409, list=str(smart.pk))
    batch(bob, "add_to_list", ids, 422)
    assert not ListEntry.objects.exists()

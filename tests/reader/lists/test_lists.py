"""Lists over the API: made, shared, changed, thrown away."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from pytest_django import DjangoAssertNumQueries

from kiremisu.accounts.models import User
from kiremisu.lib.errors import Throttled
from library.models import Access, Series
from reader import lists
from reader.models import List, ListEntry
from tests.asking import Asker

pytestmark = pytest.mark.quick


def test_a_reading_list_is_made_and_found(bob: User) -> None:
    told = Asker(bob).post("lists", {"name": " For the train "}, 201)
    assert (told["name"], told["kind"], told["entry_count"]) == ("For the train", "reading", 0)
    assert (told["owner"], told["is_mine"], told["is_shared"]) == ("bob", True, False)
    assert (told["filter"], told["sort"]) == (None, "")
    assert Asker(bob).get(f"lists/{told['id']}") == told
    assert Asker(bob).get("lists")["items"] == [told]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": " "},
        {"name": "x" * 201},
        {"name": "x", "is_shared": "maybe"},
        {"name": "x", "sort": "title"},
        {"name": "x", "filter": {}},
        {"name": "x", "filter": "read"},
        {"name": "x", "filter": {"field": "read", "value": "unread"}, "sort": "colour"},
        {"name": "x", "colour": "red"},
    ],
)
def test_a_list_that_cannot_be_is_refused(bob: User, body: dict[str, Any]) -> None:
    Asker(bob).post("lists", body, 422)
    assert not List.objects.exists()


def test_a_name_has_room_for_two_hundred_letters(bob: User) -> None:
    assert len(Asker(bob).post("lists", {"name": "x" * 200}, 201)["name"]) == 200


def test_a_list_is_changed_where_named(bob: User, train: List) -> None:
    told = Asker(bob).patch(f"lists/{train.pk}", {"name": "For the ferry"})
    assert (told["name"], told["is_shared"]) == ("For the ferry", False)
    told = Asker(bob).patch(f"lists/{train.pk}", {"is_shared": True})
    assert (told["name"], told["is_shared"]) == ("For the ferry", True)


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": None},
        {"is_shared": None},
        {"filter": {"field": "read", "value": "unread"}},
        {"sort": "title"},
        {"user": "x"},
    ],
)
def test_nonsense_changes_no_list(bob: User, train: List, body: dict[str, Any]) -> None:
    Asker(bob).patch(f"lists/{train.pk}", body, 422)
    assert List.objects.get() == train


def test_of_two_changes_based_on_one_state_one_succeeds(bob: User, train: List) -> None:
    asker = Asker(bob)
    tag = asker.get_raw(f"lists/{train.pk}")["ETag"]

    def patch(name: str) -> int:
        sent = {"data": {"name": name}, "content_type": "application/json"}
        path = f"/api/v1/lists/{train.pk}"
        return asker.client.patch(path, headers={"If-Match": tag}, **sent).status_code

    assert [patch("First"), patch("Second")] == [200, 412]
    assert List.objects.get().name == "First"


def test_a_list_thrown_away_takes_nothing_with_it(
    bob: User, train: List, filled: list[ListEntry]
) -> None:
    Asker(bob).delete(f"lists/{train.pk}")
    Asker(bob).get(f"lists/{train.pk}", 404)
    assert Series.objects.count() == 4


def test_lists_are_asked_for_by_name_kind_owner_and_what_they_hold(
    bob: User, alice: User, train: List, filled: list[ListEntry], shelf: dict[str, Series]
) -> None:
    asked = {"field": "year", "op": "lt", "value": 2001}
    lists.make(bob, "Old ones", asked=asked)
    lists.make(alice, "Everybody's", is_shared=True)

    def found(**query: Any) -> list[str]:
        return [row["name"] for row in Asker(bob).get("lists", **query)["items"]]

    assert found() == ["Everybody's", "For the train", "Old ones"]
    assert found(search="TRAIN") == ["For the train"]
    assert found(kind="smart") == ["Old ones"]
    assert found(mine=True) == ["For the train", "Old ones"]
    assert found(mine=False) == ["Everybody's"]
    assert found(series=shelf["Kite"].pk) == ["For the train"]
    assert found(series=shelf["Moss"].pk) == []
    Asker(bob).get("lists", 422, kind="long")


def test_what_is_shared_is_read_by_others_and_changed_by_its_owner_alone(
    bob: User, alice: User, train: List, filled: list[ListEntry]
) -> None:
    lists.change(train, is_shared=True)
    told = Asker(alice).get(f"lists/{train.pk}")
    assert (told["owner"], told["is_mine"], told["entry_count"]) == ("bob", False, 3)
    path, entry = f"lists/{train.pk}", f"lists/{train.pk}/entries/{filled[0].pk}"
    assert Asker(alice).get(entry)["series_title"] == "Salt Road"
    for answer in (
        Asker(alice).patch(path, {"name": "Mine"}, 403),
        Asker(alice).post(f"{path}/entries", {"series": str(uuid4())}, 403),
        Asker(alice).patch(entry, {"note": "Mine"}, 403),
    ):
        assert answer["code"] == "not_yours"
    Asker(alice).delete(entry, 403)
    Asker(alice).delete(path, 403)


def test_a_private_list_is_not_there_for_others(
    alice: User, charlie: User, train: List, filled: list[ListEntry]
) -> None:
    path = f"lists/{train.pk}"
    for user in (alice, charlie):
        assert Asker(user).get("lists")["total"] == 0
        for inside in ("", "/series", "/entries", f"/entries/{filled[0].pk}"):
            Asker(user).get(path + inside, 404)
        Asker(user).patch(path, {"name": "Mine"}, 404)
        Asker(user).delete(path, 404)
    Asker().get("lists", 401)


def test_of_a_shared_list_a_stranger_sees_only_what_they_may(
    bob: User, charlie: User, train: List, filled: list[ListEntry]
) -> None:
    lists.change(train, is_shared=True)
    path = f"lists/{train.pk}"
    assert Asker(charlie).get(path)["entry_count"] == 0
    assert Asker(charlie).get(f"{path}/entries")["total"] == 0
    assert Asker(charlie).get(f"{path}/series")["total"] == 0
    Asker(charlie).get(f"{path}/entries/{filled[0].pk}", 404)


def test_which_lists_hold_a_series_is_told_to_who_sees_it(
    alice: User, charlie: User, train: List, filled: list[ListEntry], shelf: dict[str, Series]
) -> None:
    lists.change(train, is_shared=True)
    for user, count in ((alice, 1), (charlie, 0)):
        assert Asker(user).get("lists", series=shelf["Kite"].pk)["total"] == count


def test_who_may_no_longer_open_a_library_does_not_see_it_in_their_list(
    bob: User, train: List, filled: list[ListEntry]
) -> None:
    Access.objects.all().delete()
    assert Asker(bob).get("lists")["items"][0]["entry_count"] == 0
    Asker(bob).delete(f"lists/{train.pk}/entries/{filled[0].pk}", 404)
    assert ListEntry.objects.count() == 3


def test_lists_cost_the_same_however_many(
    bob: User, filled: list[ListEntry], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        lists.make(bob, f"List {number}")
    asker = Asker(bob)
    with django_assert_num_queries(5):
        assert asker.get("lists")["total"] == 6


def test_there_is_an_end_to_lists(bob: User, train: List, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "LISTS", 2)
    Asker(bob).post("lists", {"name": "One more"}, 201)
    told = Asker(bob).post("lists", {"name": "One too many"}, 429)
    assert told["code"] == "too_many_lists"
    assert List.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_lists_at_once_do_not_pass_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "LISTS", 3)
    user = User.objects.create_user("bob", password="a quiet harbour")

    def make(number: int) -> bool:
        try:
            lists.make(user, f"List {number}")
        except Throttled:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(make, range(8))) == 3

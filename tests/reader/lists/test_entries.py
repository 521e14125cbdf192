"""What stands in a reading list: put there, moved, noted, taken off."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from pytest_django import DjangoAssertNumQueries

from kiremisu.accounts.models import User
from kiremisu.lib.errors import Refused
from library.models import Library, Series
from reader import lists
from reader.lists import entries
from reader.lists.entries import Spot
from reader.models import List, ListEntry
from tests.asking import Asker
from tests.factories import make_chapter, make_library, make_series
from tests.reader.lists.conftest import listed, titles

pytestmark = pytest.mark.quick


def add(user: User, found: List, status: int = 201, **body: Any) -> Any:
    sent = {name: str(value) if hasattr(value, "hex") else value for name, value in body.items()}
    return Asker(user).post(f"lists/{found.pk}/entries", sent, status)


def move(user: User, entry: ListEntry, status: int = 200, **body: Any) -> Any:
    sent = {name: str(value) if hasattr(value, "hex") else value for name, value in body.items()}
    return Asker(user).patch(f"lists/{entry.list_id}/entries/{entry.pk}", sent, status)


def test_series_and_chapters_are_put_into_a_list(
    bob: User, train: List, shelf: dict[str, Series]
) -> None:
    chapter = make_chapter(shelf["Moss"], "41")
    whole = add(bob, train, series=shelf["Kite"].pk, note=" Begin here. ")
    part = add(bob, train, chapter=chapter.pk)
    assert (whole["position"], whole["series_title"], whole["chapter"]) == (1, "Kite", None)
    assert whole["note"] == "Begin here."
    assert (part["position"], part["series"]) == (2, str(shelf["Moss"].pk))
    assert (part["chapter"], part["chapter_label"]) == (str(chapter.pk), "Chapter 41")
    assert Asker(bob).get(f"lists/{train.pk}/entries")["items"] == [whole, part]
    assert Asker(bob).get(f"lists/{train.pk}/entries/{part['id']}") == part
    assert titles(bob, train) == ["Kite", "Moss"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"note": "x"},
        {"series": "x"},
        {"series": str(uuid4()), "chapter": str(uuid4())},
        {"series": str(uuid4()), "note": "x" * 10_001},
        {"series": str(uuid4()), "note": None},
        {"series": str(uuid4()), "position": 0},
        {"series": str(uuid4()), "position": 1, "before": str(uuid4())},
        {"series": str(uuid4()), "place": 1},
    ],
)
def test_an_entry_that_cannot_be_is_refused(bob: User, train: List, body: dict[str, Any]) -> None:
    add(bob, train, 422, **body)
    assert not ListEntry.objects.exists()


def test_what_one_does_not_see_cannot_be_listed(charlie: User, shelf: dict[str, Series]) -> None:
    mine = lists.make(charlie, "Mine")
    add(charlie, mine, 404, series=shelf["Kite"].pk)
    add(charlie, mine, 404, chapter=make_chapter(shelf["Moss"]).pk)


def test_a_thing_stands_in_a_list_once(
    bob: User, train: List, filled: list[ListEntry], shelf: dict[str, Series]
) -> None:
    assert add(bob, train, 409, series=shelf["Kite"].pk)["code"] == "listed_already"
    add(bob, lists.make(bob, "Another"), series=shelf["Kite"].pk)


def test_an_entry_goes_where_one_says(
    bob: User, train: List, filled: list[ListEntry], shelf: dict[str, Series]
) -> None:
    assert add(bob, train, series=shelf["Moss"].pk, before=filled[1].pk)["position"] == 2
    assert listed(bob, train) == ["Salt Road", "Moss", "Kite", "Moth"]


@pytest.mark.parametrize(
    ("moved", "spot", "order"),
    [
        (0, {"after": 1}, "1 0 2"),
        (0, {"after": 2}, "1 2 0"),
        (2, {"before": 0}, "2 0 1"),
        (2, {"before": 1}, "0 2 1"),
        (1, {"before": 2}, "0 1 2"),
        (2, {"position": 1}, "2 0 1"),
        (0, {"position": 2}, "1 0 2"),
        (1, {"position": 2}, "0 1 2"),
        (0, {"position": 3}, "1 2 0"),
        (0, {"position": 99}, "1 2 0"),
    ],
)
def test_moving_one_entry_changes_the_order(
    bob: User, train: List, filled: list[ListEntry], moved: int, spot: dict[str, int], order: str
) -> None:
    named = {n: filled[v].pk if n != "position" else v for n, v in spot.items()}
    told = move(bob, filled[moved], **named)
    names = ("Salt Road", "Kite", "Moth")
    assert listed(bob, train) == [names[int(n)] for n in order.split()]
    assert listed(bob, train)[told["position"] - 1] == told["series_title"] == names[moved]


def test_moving_an_entry_leaves_the_others_unchanged(bob: User, filled: list[ListEntry]) -> None:
    before = ListEntry.objects.get(pk=filled[1].pk).updated
    move(bob, filled[0], position=3)
    assert ListEntry.objects.get(pk=filled[1].pk).updated == before


@pytest.mark.parametrize(
    "body",
    [
        {"position": None},
        {"position": -1},
        {"note": None},
        {"series": str(uuid4())},
        {"before": str(uuid4())},
        {"after": "x"},
    ],
)
def test_nonsense_moves_nothing(
    bob: User, train: List, filled: list[ListEntry], body: dict[str, Any]
) -> None:
    move(bob, filled[0], 422, **body)
    assert listed(bob, train) == ["Salt Road", "Kite", "Moth"]


def test_an_entry_is_not_moved_beside_itself_or_into_another_list(
    bob: User, filled: list[ListEntry], shelf: dict[str, Series]
) -> None:
    elsewhere = entries.put(lists.make(bob, "Another"), shelf["Kite"])
    for key in (filled[0].pk, elsewhere.pk):
        assert move(bob, filled[0], 422, after=key)["errors"][0]["field"] == "after"
    Asker(bob).get(f"lists/{filled[0].list_id}/entries/{elsewhere.pk}", 404)


def test_a_note_is_changed_and_the_place_kept(
    bob: User, train: List, filled: list[ListEntry]
) -> None:
    told = move(bob, filled[1], note="After the first volume.\r\nSlowly.")
    assert (told["note"], told["position"]) == ("After the first volume.\nSlowly.", 2)
    assert move(bob, filled[1], position=1)["note"] == told["note"]
    assert move(bob, filled[1], note="")["note"] == ""


def test_of_two_moves_based_on_one_state_one_succeeds(bob: User, filled: list[ListEntry]) -> None:
    client, path = Asker(bob).client, f"/api/v1/lists/{filled[0].list_id}/entries/{filled[0].pk}"
    tag = client.get(path)["ETag"]

    def patch(position: int) -> int:
        sent = {"data": {"position": position}, "content_type": "application/json"}
        return client.patch(path, headers={"If-Match": tag}, **sent).status_code

    assert [patch(3), patch(2)] == [200, 412]


def test_an_entry_is_taken_off(bob: User, train: List, filled: list[ListEntry]) -> None:
    Asker(bob).delete(f"lists/{train.pk}/entries/{filled[1].pk}")
    assert listed(bob, train) == ["Salt Road", "Moth"]


def test_positions_count_what_one_sees(
    alice: User, bob: User, charlie: User, train: List, filled: list[ListEntry]
) -> None:
    open_one = make_series(make_library("Open"), "Tide")
    entry = entries.put(train, open_one, spot=Spot(after=filled[1].pk))
    lists.change(train, is_shared=True)
    path = f"lists/{train.pk}/entries/{entry.pk}"
    assert [Asker(user).get(path)["position"] for user in (bob, charlie)] == [3, 1]
    assert listed(charlie, train) == ["Tide"]


def test_a_smart_list_takes_nothing_by_hand(bob: User, shelf: dict[str, Series]) -> None:
    smart = lists.make(bob, "Unread", asked={"field": "read", "value": "unread"})
    assert add(bob, smart, 409, series=shelf["Kite"].pk)["code"] == "smart_list"
    assert Asker(bob).get(f"lists/{smart.pk}/entries")["items"] == []


def test_there_is_an_end_to_a_list(
    bob: User,
    train: List,
    filled: list[ListEntry],
    shelf: dict[str, Series],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(entries, "ENTRIES", 3)
    assert add(bob, train, 429, series=shelf["Moss"].pk)["code"] == "list_full"
    monkeypatch.setattr(entries, "ENTRIES", 4)
    add(bob, train, series=shelf["Moss"].pk, note="x" * 10_000)


def test_a_list_of_entries_costs_the_same_however_long(
    bob: User, train: List, private: Library, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(10):
        series = make_series(private, f"Series {number}")
        entries.put(train, make_chapter(series) if number % 2 else series)
    asker = Asker(bob)
    with django_assert_num_queries(5):
        assert asker.get(f"lists/{train.pk}/entries")["total"] == 10
    # Which series, then the series.
    with django_assert_num_queries(6):
        assert asker.get(f"lists/{train.pk}/series")["total"] == 10


@pytest.mark.django_db(transaction=True)
def test_entries_put_and_moved_at_once_are_all_there_in_one_order() -> None:
    user = User.objects.create_user("bob", password="a quiet harbour")
    found, library = lists.make(user, "Busy"), make_library()
    made = [entries.put(found, make_series(library, f"Series {n}")) for n in range(6)]

    def shuffle(number: int) -> None:
        try:
            entries.change(made[number % 6], spot=Spot(position=1 + number % 4))
        except Refused:
            pass
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(shuffle, range(24)))
    places = ListEntry.objects.filter(list=found).values_list("place", flat=True)
    assert len(set(places)) == 6

"""The pages of lists, without a script."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kiremisu.accounts.models import User
from library import curation
from library.models import Access, Library, Series
from reader import lists
from reader.lists import entries, pages
from reader.models import List, ListEntry
from reader.progress import mark_read
from tests.factories import make_chapter, make_library, make_series
from tests.reader.lists.conftest import listed, titles
from tests.reader.markup import Markup

pytestmark = pytest.mark.quick

NONE = UUID(int=0)


@pytest.fixture
def asks(client: Client, bob: User) -> Client:
    client.force_login(bob)
    return client


def act(client: Client, entry: ListEntry, wanted: str, **more: str) -> Any:
    return client.post(f"/lists/{entry.list_id}/{entry.pk}", {"act": wanted, **more})


def test_the_navigation_leads_to_ones_lists_and_those_of_the_household(
    asks: Client, alice: User, train: List, filled: list[ListEntry]
) -> None:
    lists.make(alice, "Everybody's", is_shared=True)
    lists.make(alice, "Hers alone")
    page = Markup(asks.get("/lists"))
    assert {"/lists", f"/lists/{train.pk}"} <= set(page.links())
    assert page.text.index("Yours") < page.text.index("3 entries")
    assert page.text.index("Shared by others") < page.text.index("0 entries, by alice")
    assert "Hers alone" not in page.text


def test_without_a_list_the_page_says_what_one_is(asks: Client) -> None:
    assert "No lists yet" in Markup(asks.get("/lists")).text


def test_a_list_is_made_changed_and_thrown_away(asks: Client, bob: User) -> None:
    answer = asks.post("/lists/make", {"name": "For the ferry", "is_shared": "on"})
    made = List.objects.get()
    assert answer["Location"] == f"/lists/{made.pk}"
    assert (made.name, made.is_shared, made.user) == ("For the ferry", True, bob)
    asks.post(f"/lists/{made.pk}/change", {"name": "For the train"})
    made.refresh_from_db()
    assert (made.name, made.is_shared) == ("For the train", False)
    assert asks.post(f"/lists/{made.pk}/change", {"act": "remove"})["Location"] == "/lists"
    assert not List.objects.exists()


def test_a_list_shows_covers_notes_and_what_to_read_next(
    asks: Client, bob: User, train: List, shelf: dict[str, Series]
) -> None:
    chapters = [make_chapter(shelf["Moss"], str(number)) for number in (1, 2)]
    alone = make_chapter(shelf["Kite"], "7")
    mark_read(bob, chapters[:1])
    entries.put(train, shelf["Moss"], "Begin with\nthe second.")
    entries.put(train, alone)
    page = Markup(asks.get(f"/lists/{train.pk}"))
    assert {f"/read/{chapters[1].pk}", f"/read/{alone.pk}"} <= set(page.links())
    assert f"/read/{chapters[0].pk}" not in page.links()
    assert "Next: ch. 2" in page.text
    assert "Begin with" in page.text
    assert "Chapter 7 · 12 pages" in page.text


@pytest.mark.parametrize(
    ("number", "wanted", "order"),
    [
        (0, "later", "1 0 2"),
        (2, "earlier", "0 2 1"),
        (2, "first", "2 0 1"),
        (0, "earlier", "0 1 2"),
        (2, "later", "0 1 2"),
        (1, "off", "0 2"),
    ],
)
def test_a_button_moves_an_entry(
    asks: Client, bob: User, train: List, filled: list[ListEntry], number: int, wanted: str,
    order: str,
) -> None:  # fmt: skip
    assert act(asks, filled[number], wanted)["Location"] == f"/lists/{train.pk}"
    names = ("Salt Road", "Kite", "Moth")
    assert listed(bob, train) == [names[int(n)] for n in order.split()]


def test_a_step_goes_past_what_one_does_not_see(
    asks: Client, bob: User, train: List, filled: list[ListEntry]
) -> None:
    curation.hide_series(Series.objects.get(title="Kite"))
    act(asks, filled[0], "later")
    assert listed(bob, train) == ["Moth", "Salt Road"]


def test_an_entry_that_one_does_not_see_is_not_there(asks: Client, filled: list[ListEntry]) -> None:
    curation.hide_series(Series.objects.get(title="Kite"))
    assert act(asks, filled[1], "off").status_code == 404
    assert ListEntry.objects.count() == 3


def test_a_note_is_kept_and_another_wish_refused(asks: Client, filled: list[ListEntry]) -> None:
    act(asks, filled[0], "note", note="Begin here.")
    assert ListEntry.objects.get(pk=filled[0].pk).note == "Begin here."
    assert act(asks, filled[0], "explode").status_code == 422


def test_a_smart_list_shows_what_it_finds(
    asks: Client, bob: User, shelf: dict[str, Series]
) -> None:
    smart = lists.make(
        bob, "Late", asked={"field": "year", "op": "gt", "value": 2001}, sort="-title"
    )
    found = asks.get(f"/lists/{smart.pk}").context["shown"]
    assert [row.card.series.title for row in found.rows] == ["Salt Road", "Moth"]
    assert "2 series · Smart list" in Markup(asks.get(f"/lists/{smart.pk}")).text


def test_a_smart_list_finds_for_a_stranger_what_they_may_see(
    client: Client, bob: User, charlie: User, shelf: dict[str, Series]
) -> None:
    make_series(make_library(), "Open Sea", year=2001)
    asked = {"field": "year", "op": "gt", "value": 2000}
    smart = lists.make(bob, "Late", asked=asked, is_shared=True)
    client.force_login(charlie)
    found = client.get(f"/lists/{smart.pk}").context["shown"]
    assert [row.card.series.title for row in found.rows] == ["Open Sea"]
    assert found.line.count == 1


def test_a_random_list_shows_everything_once(
    asks: Client, bob: User, shelf: dict[str, Series], monkeypatch: pytest.MonkeyPatch
) -> None:
    smart = lists.make(bob, "Any", asked={"field": "missing", "value": 0}, sort="random")
    orders = [
        [row.card.series.title for row in asks.get(f"/lists/{smart.pk}").context["shown"].rows]
        for _ in range(2)
    ]
    assert orders[0] == orders[1]
    assert sorted(orders[0]) == sorted(shelf)


def test_what_the_library_page_asks_for_is_saved_as_a_list(
    asks: Client, bob: User, shelf: dict[str, Series]
) -> None:
    make_chapter(shelf["Moss"])
    curation.change_series(shelf["Moss"], tags=["sea"])
    curation.change_series(shelf["Moth"], tags=["sea"])
    query = {"search": "o", "unread": "any", "tag": "sea", "sort": "added"}
    page = Markup(asks.get("/library", query))
    (saved,) = [form for form in page.all("form") if form.get("action") == "/lists/make"]
    assert saved["method"] == "post"
    asks.post("/lists/make", {**query, "name": "At sea", "view": "library"})
    made = List.objects.get()
    assert (made.kind, made.sought.sort) == ("smart", "-added")
    Series.objects.filter(title="Moss").update(readable_count=1)
    assert titles(bob, made) == ["Moss"]


def test_the_library_as_a_whole_is_no_list(asks: Client, shelf: dict[str, Series]) -> None:
    assert "Save as a list" not in Markup(asks.get("/library")).text


def test_a_series_is_put_into_a_list_on_its_page(
    asks: Client, bob: User, train: List, shelf: dict[str, Series]
) -> None:
    path = f"/series/{shelf['Kite'].pk}"
    lists.make(bob, "Late", asked={"field": "year", "value": 2001})
    buttons = Markup(asks.get(path)).all("button")
    assert [b["value"] for b in buttons if b.get("name") == "list"] == [str(train.pk)]
    assert asks.post(f"{path}/lists", {"list": str(train.pk)})["Location"] == path
    assert listed(bob, train) == ["Kite"]
    assert f"/lists/{train.pk}" in Markup(asks.get(path)).links()
    asks.post(f"{path}/lists", {"take_off": str(train.pk)})
    assert listed(bob, train) == []
    asks.post(f"{path}/lists", {"name": "A new one"})
    assert listed(bob, List.objects.get(name="A new one")) == ["Kite"]


def test_others_lists_are_looked_at_and_not_changed(
    client: Client, alice: User, train: List, filled: list[ListEntry]
) -> None:
    client.force_login(alice)
    path = f"/lists/{train.pk}"
    assert client.get(path).status_code == 404
    assert act(client, filled[0], "off").status_code == 404
    lists.change(train, is_shared=True)
    page = Markup(client.get(path))
    assert "3 entries, by bob" in page.text
    assert not [form for form in page.all("form") if "/lists/" in (form.get("action") or "")]
    for answer in (
        client.post(f"{path}/change", {"act": "remove"}),
        act(client, filled[0], "off"),
        client.post(f"/series/{filled[0].series_id}/lists", {"list": str(train.pk)}),
    ):
        assert answer.status_code == 403
    assert ListEntry.objects.count() == 3


def test_a_stranger_sees_nothing_of_what_is_in_a_shared_list(
    client: Client, charlie: User, train: List, filled: list[ListEntry]
) -> None:
    lists.change(train, is_shared=True)
    client.force_login(charlie)
    page = Markup(client.get(f"/lists/{train.pk}"))
    assert "Nothing here that you may see" in page.text
    assert "Salt Road" not in page.text
    assert client.post(f"/series/{filled[0].series_id}/lists", {"name": "x"}).status_code == 404
    client.logout()
    assert client.get("/lists").status_code == 302


@pytest.mark.parametrize("path", [f"/lists/{NONE}", "/lists/x", f"/lists/{NONE}/{NONE}"])
def test_what_is_not_there_is_not_there(asks: Client, path: str) -> None:
    assert asks.post(f"{path}/change").status_code == 404
    assert asks.get(path).status_code in {404, 405}


def test_a_long_list_comes_in_pages(
    asks: Client, train: List, filled: list[ListEntry], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PER_PAGE", 2)
    first, second = (asks.get(f"/lists/{train.pk}?page={n}") for n in (1, 99))
    assert "?page=2" in Markup(first).links()
    assert "?page=1" in Markup(second).links()
    assert [row.card.series.title for row in second.context["shown"].rows] == ["Moth"]
    answer = asks.post(f"/lists/{train.pk}/{filled[2].pk}?page=2", {"act": "note"})
    assert answer["Location"] == f"/lists/{train.pk}?page=2"


def test_a_list_costs_the_same_however_long(
    asks: Client, train: List, private: Library, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(8):
        series = make_series(private, f"Series {number}")
        chapter = make_chapter(series)
        entries.put(train, chapter if number % 2 else series)
    # Session, user; the list, how much of it, its part, two for the cards' columns, what is next,
    # where one is in its chapters.
    with django_assert_num_queries(8):
        asks.get(f"/lists/{train.pk}")
    with django_assert_num_queries(5):
        asks.get("/lists")


def test_who_may_no_longer_open_a_library_finds_their_list_empty(
    asks: Client, train: List, filled: list[ListEntry]
) -> None:
    Access.objects.all().delete()
    assert "Nothing in this list yet" in Markup(asks.get(f"/lists/{train.pk}")).text

"""Genres, tags and people: given to series, shown, listed, renamed."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kiremisu.accounts.models import User
from library import labelling
from library.curation import change_series
from library.models import Library, Person, Series, Tag
from tests.asking import Asker
from tests.factories import make_library, make_series

pytestmark = pytest.mark.quick

MORI = {"name": "Mori Aki", "role": "author"}


@pytest.fixture
def series(private: Library) -> Series:
    return make_series(private)


def test_a_series_is_given_genres_tags_and_people(alice: User, series: Series) -> None:
    drawn = {"name": "Ito Ren", "role": "artist"}
    given = {"genres": ["Drama", "Action"], "tags": ["salt", "Roads"], "people": [MORI, drawn]}
    told = Asker(alice).patch(f"series/{series.pk}", given)
    assert told["genres"] == ["Action", "Drama"]
    assert told["tags"] == ["Roads", "salt"]
    assert told["people"] == [MORI, drawn]
    series.refresh_from_db()
    assert series.user_metadata == given


def test_what_is_not_named_stays(alice: User, series: Series) -> None:
    path = f"series/{series.pk}"
    Asker(alice).patch(path, {"genres": ["Drama"], "tags": ["salt"], "people": [MORI]})
    told = Asker(alice).patch(path, {"genres": [], "year": 2001})
    assert (told["genres"], told["tags"], told["people"]) == ([], ["salt"], [MORI])


def test_two_spellings_are_one_tag(alice: User, private: Library) -> None:
    one, other = make_series(private, "One"), make_series(private, "Other")
    Asker(alice).patch(f"series/{one.pk}", {"genres": ["Sci-Fi", "SCI FI"]})
    told = Asker(alice).patch(f"series/{other.pk}", {"genres": ["sci fi"], "tags": ["sci-fi"]})
    assert (told["genres"], told["tags"]) == (["Sci-Fi"], ["sci-fi"])
    assert Tag.objects.count() == 2


def test_names_of_signs_alone_are_told_apart(alice: User, series: Series) -> None:
    told = Asker(alice).patch(f"series/{series.pk}", {"tags": ["★", "☆"]})
    assert set(told["tags"]) == {"★", "☆"}


def test_somebody_may_have_two_parts(alice: User, series: Series) -> None:
    both = [MORI, {"name": "MORI AKI", "role": "artist"}, MORI]
    told = Asker(alice).patch(f"series/{series.pk}", {"people": both})
    assert told["people"] == [MORI, {"name": "Mori Aki", "role": "artist"}]


@pytest.mark.parametrize(
    ("fine", "too_much"),
    [
        ({"genres": [f"g{n}" for n in range(20)]}, {"genres": [f"g{n}" for n in range(21)]}),
        ({"tags": [f"t{n}" for n in range(100)]}, {"tags": [f"t{n}" for n in range(101)]}),
        ({"tags": ["x" * 64]}, {"tags": ["x" * 65]}),
        ({"genres": ["ﷺ" * 64]}, {"genres": [" "]}),
        ({"people": [{**MORI, "name": "﷽" * 255}]}, {"people": [{**MORI, "name": "y" * 256}]}),
        ({"people": [MORI]}, {"people": [{**MORI, "role": "cook"}]}),
        ({"people": []}, {"people": None}),
    ],
)
def test_labels_have_their_limits(
    alice: User, series: Series, fine: dict[str, Any], too_much: dict[str, Any]
) -> None:
    Asker(alice).patch(f"series/{series.pk}", fine)
    told = Asker(alice).patch(f"series/{series.pk}", too_much, 422)
    assert told["errors"][0]["field"].split(".")[0] in {*too_much, "body"}


def test_labels_cost_a_list_no_query(
    bob: User, private: Library, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(8):
        one = make_series(private, f"Series {number}")
        change_series(one, genres=["Drama"], tags=[f"tag {number}"], people=[MORI])
    asker = Asker(bob)
    # Session, user; the libraries' versions; the rows and their number.
    with django_assert_num_queries(5):
        told = asker.get("series")
    assert [row["tags"] for row in told["items"]] == [[f"tag {n}"] for n in range(8)]


# ------------------------------------------------------------------------- many at once


def batch(user: User, series: list[Series], operation: str, status: int = 200, **more: Any) -> Any:
    body = {"ids": [str(one.pk) for one in series], "operation": operation, "options": more}
    return Asker(user).post("series/batch", body, status)


def test_many_series_are_tagged_and_untagged(alice: User, private: Library) -> None:
    one, other = make_series(private, "One"), make_series(private, "Other")
    change_series(one, tags=["salt"])
    batch(alice, [one, other], "tag", tags=["Roads", "SALT"], genres=["Drama"])
    assert [row["tags"] for row in shown(alice)] == [["Roads", "salt"]] * 2
    batch(alice, [one, other], "untag", tags=["roads"])
    assert [row["tags"] for row in shown(alice)] == [["salt"]] * 2
    assert [row["genres"] for row in shown(alice)] == [["Drama"]] * 2


def shown(user: User) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = Asker(user).get("series")["items"]
    return items


def test_fields_set_on_many_include_labels(alice: User, series: Series) -> None:
    batch(alice, [series], "set_fields", people=[MORI])
    assert shown(alice)[0]["people"] == [MORI]


def test_no_series_is_tagged_past_the_limit(alice: User, series: Series) -> None:
    change_series(series, genres=[f"genre {n}" for n in range(20)])
    told = batch(alice, [series], "tag", 422, genres=["one more"])
    assert [error["field"] for error in told["errors"]] == ["ids.0", "genres"]


def test_tagging_names_something(alice: User, series: Series) -> None:
    batch(alice, [series], "tag", 422)
    batch(alice, [series], "untag", 422, tags=[])
    batch(alice, [series], "tag", 422, colours=["red"])


def test_readers_tag_nothing(bob: User, series: Series) -> None:
    batch(bob, [series], "tag", 403, tags=["mine"])
    batch(bob, [series], "untag", 403, tags=["mine"])


# ----------------------------------------------------------------------------- as lists


def test_tags_are_listed_with_what_one_sees_of_them(
    alice: User, bob: User, charlie: User, private: Library
) -> None:
    change_series(make_series(private, "One"), tags=["salt"], genres=["Drama"])
    change_series(make_series(make_library(), "Other"), tags=["salt"])
    told = Asker(bob).get("tags")
    assert [(row["kind"], row["name"], row["series_count"]) for row in told["items"]] == [
        ("genre", "Drama", 1),
        ("tag", "salt", 2),
    ]
    (told,) = Asker(charlie).get("tags")["items"]
    assert (told["name"], told["series_count"]) == ("salt", 1)


def test_people_are_listed_with_their_parts(bob: User, charlie: User, private: Library) -> None:
    drawn = {"name": "Mori Aki", "role": "artist"}
    change_series(make_series(private, "One"), people=[MORI, drawn])
    change_series(make_series(private, "Other"), people=[MORI])
    (told,) = Asker(bob).get("people")["items"]
    assert (told["name"], told["roles"], told["series_count"]) == (
        "Mori Aki",
        ["artist", "author"],
        2,
    )
    assert Asker(charlie).get("people")["total"] == 0


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"search": "ROAD"}, ["Long Roads", "Roadside"]),
        ({"kind": "genre"}, ["Roadside"]),
        ({"per_page": 1, "page": 2}, ["Roadside"]),
        ({"search": "sea"}, []),
    ],
)
def test_tags_are_looked_for(
    bob: User, series: Series, query: dict[str, Any], names: list[str]
) -> None:
    change_series(series, tags=["Long Roads", "salt"], genres=["Roadside"])
    assert [row["name"] for row in Asker(bob).get("tags", **query)["items"]] == names


def test_lists_of_labels_refuse_nonsense(bob: User) -> None:
    Asker(bob).get("tags", 422, kind="colour")
    Asker(bob).get("people", 422, per_page=0)
    Asker().get("tags", 401)
    Asker().get("people", 401)


# --------------------------------------------------------------------------- the desk


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def test_a_tag_is_renamed_wherever_it_stands(desk: Client, bob: User, series: Series) -> None:
    change_series(series, tags=["slat"])
    before = Library.objects.get(pk=series.library_id).version
    page = f"/admin/library/tag/{Tag.objects.get().pk}/change/"
    assert desk.get(page).status_code == 200
    assert desk.post(page, {"name": "salt"}).status_code == 302
    assert shown(bob)[0]["tags"] == ["salt"]
    assert Library.objects.get(pk=series.library_id).version > before


def test_a_person_renamed_to_another_becomes_that_one(
    desk: Client, bob: User, private: Library
) -> None:
    change_series(make_series(private, "One"), people=[{**MORI, "name": "Mori A."}, MORI])
    change_series(make_series(private, "Other"), people=[{**MORI, "name": "Mori A."}])
    short = Person.objects.get(name="Mori A.")
    assert desk.post(f"/admin/library/person/{short.pk}/change/", {"name": "mori aki"})
    assert [row["people"] for row in shown(bob)] == [[MORI]] * 2
    assert Person.objects.count() == 1


def test_a_tag_renamed_to_another_becomes_that_one(private: Library, bob: User) -> None:
    change_series(make_series(private, "One"), tags=["slat", "salt"])
    change_series(make_series(private, "Other"), tags=["slat"])
    labelling.rename(Tag.objects.get(name="slat"), "Salt")
    assert [row["tags"] for row in shown(bob)] == [["salt"]] * 2


def test_cards_that_say_something_else_are_mended(series: Series) -> None:
    change_series(series, tags=["salt"])
    assert labelling.keep([series.pk]) == 0
    Series.objects.update(raw_labels={"tags": ["sea"]})
    assert labelling.keep([series.pk]) == 1
    series.refresh_from_db()
    assert series.labels.tags == ["salt"]

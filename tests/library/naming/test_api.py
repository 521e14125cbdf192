"""Rules for names over the API."""

from typing import Any

import pytest

from kiremisu.accounts.models import Role, User
from library.models import Library, NameRule, Series
from tests.asking import Asker
from tests.factories import make_chapter, make_library, make_series
from tests.library.naming.conftest import told, work_off
from tests.library.scanning.driving import Shelf

PATTERN = "Area {volume}{chapter=}"


@pytest.fixture
def library(db: None) -> Library:
    library = make_library()
    make_chapter(make_series(library, "Area"), "51", path="Area 51.cbz")
    return library


def test_a_rule_is_shown_first_then_made_then_taken_back(fifty: Shelf, alice: User) -> None:
    asker, place = Asker(alice), f"libraries/{fifty.library.pk}/rules"
    before = told(fifty)
    shown = asker.post(f"{place}/preview?per_page=1", {"pattern": PATTERN})
    assert (shown["names"], shown["fits"], shown["total"], len(shown["items"])) == (3, 2, 2, 1)
    changes = [
        {"field": "volume", "before": "", "after": "51"},
        {"field": "number", "before": "51", "after": ""},
    ]
    assert shown["items"][0]["changes"] == changes
    assert told(fifty) == before
    rule = asker.post(place, {"pattern": PATTERN}, 201)
    work_off()
    assert told(fifty)["Area 51.cbz"] == "Area 51."
    assert [one["id"] for one in asker.get(place)["items"]] == [rule["id"]]
    asker.post(f"acts/{rule['run']}/undo", {}, 202)
    work_off()
    assert told(fifty) == before
    assert asker.get(place)["total"] == 0


def test_a_rule_is_changed_and_removed(fifty: Shelf, alice: User) -> None:
    asker, place = Asker(alice), f"libraries/{fifty.library.pk}/rules"
    before = told(fifty)
    rule = asker.post(place, {"pattern": PATTERN}, 201)
    one = f"{place}/{rule['id']}"
    work_off()
    shown = asker.post(f"{place}/preview", {"pattern": PATTERN, "rule": rule["id"], "on": False})
    off = asker.patch(one, {"on": False, "place": 3})
    assert (off["on"], off["place"]) == (False, 3)
    work_off()
    assert shown["total"] == 2
    assert told(fifty) == before
    assert asker.delete(one, status=202)["kind"] == "names"
    assert not NameRule.objects.exists()


def test_series_that_take_another_name_come_into_being_or_go_are_told(
    fifty: Shelf, alice: User
) -> None:
    pattern = "{any} c{chapter}{series=Area}"
    place = f"libraries/{fifty.library.pk}/rules/preview"
    shown = Asker(alice).post(place, {"pattern": pattern})
    assert (shown["moved"], shown["emptied"], shown["made"]) == (1, ["Dawn"], [])
    assert shown["items"][0]["changes"] == [{"field": "series", "before": "Dawn", "after": "Area"}]
    shown = Asker(alice).post(place, {"pattern": "Dawn{series=Noon} c{chapter}"})
    assert shown["renamed"] == ["Dawn → Noon"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"pattern": "{serie}"}, "pattern"),
        ({"pattern": ""}, "pattern"),
        ({"pattern": "{title}", "series": "01890a5d-ac96-774b-bcce-b302099a8057"}, "series"),
        ({}, "pattern"),
    ],
)
def test_nonsense_is_refused(
    library: Library, alice: User, body: dict[str, Any], field: str
) -> None:
    for place in ("rules", "rules/preview"):
        wrong = Asker(alice).post(f"libraries/{library.pk}/{place}", body, 422)
        assert field in wrong["errors"][0]["field"]


def test_a_rule_of_a_series_names_no_series(library: Library, alice: User) -> None:
    series = Series.objects.get()
    body = {"pattern": "{series} {chapter}", "series": str(series.pk)}
    wrong = Asker(alice).post(f"libraries/{library.pk}/rules", body, 422)
    assert wrong["errors"][0]["field"] == "pattern"
    body = {"pattern": "Area {volume}{chapter=}", "series": str(series.pk)}
    assert Asker(alice).post(f"libraries/{library.pk}/rules/preview", body)["fits"] == 1


def test_a_rule_that_is_not_there_is_not_found(library: Library, alice: User) -> None:
    place = f"libraries/{library.pk}/rules"
    other = NameRule.objects.create(library=make_library("Other"), pattern="{series}")
    Asker(alice).patch(f"{place}/{other.pk}", {"on": False}, 404)
    Asker(alice).delete(f"{place}/{other.pk}", status=404)
    body = {"pattern": "{series}", "rule": str(other.pk)}
    Asker(alice).post(f"{place}/preview", body, 404)


def test_a_library_has_so_many_rules_and_no_more(
    library: Library, alice: User, settings: Any
) -> None:
    settings.NAME_RULES = 1
    place = f"libraries/{library.pk}/rules"
    Asker(alice).post(place, {"pattern": "{series}"}, 201)
    assert Asker(alice).post(place, {"pattern": "{series}"}, 409)["code"] == "too_many_name_rules"


def test_rules_are_listed_by_as_many_queries_as_one(
    library: Library, alice: User, django_assert_max_num_queries: Any
) -> None:
    asker, place = Asker(alice), f"libraries/{library.pk}/rules"
    for number in range(5):
        NameRule.objects.create(library=library, pattern="{series}", place=number)
        with django_assert_max_num_queries(6):
            assert asker.get(place)["total"] == number + 1


def test_who_is_no_administrator_has_no_say(library: Library, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(role=Role.CURATOR)
    place = f"libraries/{library.pk}/rules"
    bob.refresh_from_db()
    Asker(bob).get(place, 403)
    Asker(bob).post(place, {"pattern": "{series}"}, 403)
    Asker(bob).post(f"{place}/preview", {"pattern": "{series}"}, 403)

"""The desk's page of a series: its facts set, locked and taken back there."""

from typing import Any

import pytest
from django.test import Client

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job
from kiremisu.lib.ids import uuid7
from library import knowing, sheets
from library.admin.factform import FactForm
from library.facts import Patch, titled
from library.models import Series
from tests.factories import make_library, make_series

pytestmark = [pytest.mark.quick, pytest.mark.django_db]

CREDITS = [{"name": "Mina Tidewater", "role": "author"}]


@pytest.fixture
def series(alice: User, client: Client) -> Series:
    """Of which MangaDex says something, and Alice is at the desk."""
    client.force_login(alice)
    found = make_series(make_library())
    told: Any = {"year": 2016, "summary": "Salt.", "genres": ["Drama"], "people": CREDITS}
    patch = Patch(titles=titled("Salt Road Diary", [("塩の道", "ja")]), **told)
    knowing.learn(found.pk, "mangadex", patch, uuid7())
    found.refresh_from_db()
    return found


def post(client: Client, series: Series, **changes: str) -> Any:
    """The form as a browser sends it: what it showed, and what was typed over that."""
    form = FactForm(sheets.standing(Series.objects.get(pk=series.pk)))
    shown = {f"initial-{name}": field.initial or "" for name, field in form.fields.items()}
    shown |= {name: field.initial or "" for name, field in form.fields.items()}
    address = f"/admin/library/series/{series.pk}/change/"
    answer = client.post(address, {**shown, **changes}, follow=True)
    series.refresh_from_db()
    return answer


def test_a_fact_that_is_set_is_locked_and_the_others_stay(client: Client, series: Series) -> None:
    assert b"1 fact is set and locked" in post(client, series, year="1999").content
    assert (series.year, series.locks) == (1999, ["year"])
    assert {line.field for line in series.history.filter(source="person")} == {"year"}


def test_nothing_typed_changes_nothing(client: Client, series: Series) -> None:
    before = series.history.count()
    assert post(client, series).status_code == 200
    assert (series.locks, series.history.count()) == ([], before)


def test_lists_are_one_to_a_line(client: Client, series: Series) -> None:
    people = "Mina Tidewater | artist\r\nOren Vale"
    post(client, series, genres="Drama\r\n\r\nSea", people=people, titles="Shio | ja-Latn\nA|B |")
    assert series.labels.genres == ["Drama", "Sea"]
    assert series.labels.people == [
        {"name": "Mina Tidewater", "role": "artist"},
        {"name": "Oren Vale", "role": "author"},
    ]
    titles = [(line["text"], line["language"]) for line in series.facts.titles]
    assert titles == [("Shio", "ja-Latn"), ("A|B", "")]


def test_what_others_changed_meanwhile_is_not_changed_back(client: Client, series: Series) -> None:
    told = {"initial-summary": "Old.", "summary": "Old.", "status": "completed"}
    post(client, series, **told)
    assert (series.summary, series.status) == ("Salt.", "completed")


@pytest.mark.parametrize(
    ("field", "value"), [("title", ""), ("year", "soon"), ("links", "x | javascript:1")]
)
def test_what_cannot_be_is_said_beside_its_field(
    client: Client, series: Series, field: str, value: str
) -> None:
    page = post(client, series, **{field: value, "status": "completed"})
    assert page.context["form"].errors.keys() == {field}
    assert (series.title, series.year, series.status) == ("Salt Road Diary", 2016, "")


def test_a_field_is_locked_and_unlocked_by_its_button(client: Client, series: Series) -> None:
    post(client, series, lock="summary")
    assert series.locks == ["summary"]
    post(client, series, unlock="summary")
    assert series.locks == []


def test_a_change_and_all_of_them_are_taken_back(client: Client, series: Series) -> None:
    post(client, series, year="1999")
    line = series.history.latest("id")
    post(client, series, undo=str(line.pk))
    assert (series.year, series.locks) == (2016, [])
    post(client, series, all="1")
    assert (series.year, series.summary) == (None, "")


def test_a_run_is_taken_back_by_a_job(client: Client, series: Series, alice: User) -> None:
    line = series.history.earliest("id")
    post(client, series, run=str(line.pk))
    job = Job.objects.get(kind="undo")
    assert (job.asked_by, job.argument("run")) == (alice, str(line.run))


def test_each_fact_says_whose_word_it_is(client: Client, series: Series) -> None:
    page = client.get(f"/admin/library/series/{series.pk}/change/").content.decode()
    line = next(iter(series.history.all()))
    assert page.count("MangaDex") >= 5
    assert f"?q={line.run}" in page
    assert f'href="/series/{series.pk}"' in page
    assert f'href="/review?series={series.pk}"' in page


@pytest.mark.parametrize("told", [{"undo": "no id"}, {"undo": str(uuid7())}])
def test_what_is_no_line_of_it_is_not_there(
    client: Client, series: Series, told: dict[str, str]
) -> None:
    assert post(client, series, **told).status_code == 404

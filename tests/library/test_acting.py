"""Doing something to many series at the desk: first seen, then done, then undone."""

import re
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job
from kiremisu.jobs.running import run_now
from kiremisu.lib.ids import uuid7
from library import batches, sheets
from library.admin.acting import ACTS, MOST
from library.merging import FIELDS
from library.models import Chapter, Deed, FactChange, Library, Memo, Series
from reader.models import Progress
from tests.asking import Asker
from tests.factories import make_chapter, make_library, make_series

pytestmark = [pytest.mark.quick, pytest.mark.django_db]

LIST, ACTS_DONE = "/admin/library/series/", "/admin/library/deed/"
CHAPTERS = "/admin/library/chapter/"
# What is filled in for each act that changes facts, the field that it changes, and how it stands.
FILLED: dict[str, tuple[dict[str, Any], str, str]] = {
    "set_fields": ({"field": "status", "value": "completed"}, "status", "completed (locked)"),
    "set_rating": (
        {"content_rating": "suggestive"},
        "content_rating",
        "suggestive (locked)",
    ),
    "set_direction": ({"direction": "vertical"}, "direction", "vertical (locked)"),
    "tag": ({"genres": "Drama, Sea", "tags": ""}, "genres", "Drama, Sea (locked)"),
    "untag": ({"genres": "", "tags": "salt"}, "tags", "(locked)"),
    "lock": ({"fields_": ["summary"]}, "summary", "(locked)"),
    "unlock": ({"fields_": ["year"]}, "year", ""),
}


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


@pytest.fixture
def three(alice: User) -> list[Series]:
    """Each with a tag and a year that somebody set."""
    library = make_library()
    found = [make_series(library, title) for title in ("Iron", "Moss", "Salt")]
    for series in found:
        make_chapter(series)
        Asker(alice).patch(f"series/{series.pk}", {"year": 2001, "tags": ["salt"]})
    return found


def post(desk: Client, act: str, several: list[Series], step: str = "", **filled: Any) -> str:
    told = {"action": act, "index": "0", "_selected_action": [one.pk for one in several]}
    answer = desk.post(LIST, told | ({"step": step} if step else {}) | filled)
    assert answer.status_code == 200
    return answer.content.decode()


def asked(desk: Client, act: str, several: list[Series], **filled: Any) -> str:
    """Have it done to more than a batch takes; the page of the act."""
    told = {"action": act, "index": "0", "_selected_action": [one.pk for one in several]}
    return desk.post(LIST, told | {"step": "do"} | filled, follow=True).content.decode()


def undo(desk: Client, page: str) -> None:
    """Press Undo on a page, and have the job done."""
    found = re.search(rf'action="({ACTS_DONE}[^"]+/undo/)"', page)
    assert found is not None
    desk.post(found[1])
    run_now(Job.objects.get(kind="undo"))


def stands() -> list[Any]:
    return [
        {name: stood.model_dump(exclude={"at", "run"}) for name, stood in found.items()}
        for found in map(sheets.standing, Series.objects.order_by("id"))
    ]


@pytest.mark.parametrize(("act", "told"), FILLED.items(), ids=FILLED)
def test_what_is_shown_is_done_and_undone(
    desk: Client, three: list[Series], act: str, told: tuple[dict[str, Any], str, str]
) -> None:
    filled, field, after = told
    before, lines = stands(), FactChange.objects.count()
    page = post(desk, act, three, "preview", **filled)
    assert page.count(f"<td>{field}</td>") == 3
    assert f"<td>{after or '–'}</td>" in page
    assert (stands(), FactChange.objects.count()) == (before, lines)
    page = post(desk, act, three, "do", **filled)
    assert "3 of 3 series done." in page
    assert stands() != before
    undo(desk, page)
    assert stands() == before


@pytest.mark.parametrize(
    ("act", "words"),
    {
        "mark_read": "1 chapter becomes read.",
        "mark_unread": "Nothing of it becomes unread.",
        "match": "Is looked for.",
        "refresh": "Is not matched: nothing is asked.",
        "rescan": "The folder of Manga is scanned; that is not taken back.",
        "hide": "Is hidden with its chapters; its files stay.",
        "restore": "Is shown already.",
    }.items(),
)
def test_what_changes_no_fact_says_what_it_does(
    desk: Client, three: list[Series], act: str, words: str
) -> None:
    assert post(desk, act, three, "preview").count(f"<td>{words}</td>") == 3
    assert not Progress.objects.exists()
    assert not Job.objects.exists()
    page = post(desk, act, three, "do")
    assert "3 of 3 series done." in page
    assert Progress.objects.count() == (3 if act == "mark_read" else 0)
    undone = {"mark_read", "match", "hide"}
    assert ("Undo" in page) == (act in undone)
    if act in undone:
        undo(desk, page)
    assert not Progress.objects.exists()
    assert not Series.objects.exclude(hidden_at=None).exists()


def test_more_than_a_batch_is_one_act_of_a_job(
    desk: Client, monkeypatch: pytest.MonkeyPatch, three: list[Series]
) -> None:
    monkeypatch.setattr("django.conf.settings.BATCH_MOST", 2)
    monkeypatch.setattr("library.batches.tasks._AT_ONCE", 2)
    page = asked(desk, "lock", three, fields_=["summary"])
    assert "job</a> is at it: 0 of many." in page
    job = run_now(Job.objects.get(kind="act"))
    assert (job.state, job.message) == ("done", "3 series done")
    lines = FactChange.objects.filter(field="summary")
    assert set(lines.values_list("run", "by__username")) == {(job.pk, "alice")}
    before = stands()
    undo(desk, desk.get(f"{ACTS_DONE}{job.pk}/change/").content.decode())
    assert stands() != before
    assert not Series.objects.filter(locks__contains=["summary"]).exists()


def test_what_was_done_before_a_failure_can_be_taken_back(
    desk: Client, monkeypatch: pytest.MonkeyPatch, three: list[Series]
) -> None:
    perform = batches.perform

    def fails_later(*told: Any) -> Any:
        if Memo.objects.exists():
            raise OperationalError("deadlock detected")
        return perform(*told)

    monkeypatch.setattr("django.conf.settings.BATCH_MOST", 2)
    monkeypatch.setattr("library.batches.tasks._AT_ONCE", 2)
    monkeypatch.setattr(batches, "perform", fails_later)
    asked(desk, "hide", three)
    job = Job.objects.get(kind="act")
    assert run_now(job).state == "failed"
    page = desk.get(f"{ACTS_DONE}{job.pk}/change/").content.decode()
    assert page.count("Is hidden with its chapters") == 2
    undo(desk, page)
    assert not Series.objects.exclude(hidden_at=None).exists()


def test_while_a_job_is_at_it_nothing_is_taken_back(
    desk: Client, monkeypatch: pytest.MonkeyPatch, three: list[Series]
) -> None:
    monkeypatch.setattr("django.conf.settings.BATCH_MOST", 2)
    asked(desk, "hide", three)
    answer = desk.post(f"{ACTS_DONE}{Deed.objects.get().pk}/undo/", follow=True)
    assert "It is still being done: stop its job first." in answer.content.decode()
    assert not Job.objects.filter(kind="undo").exists()


def test_past_acts_are_listed_with_what_became_of_each(desk: Client, three: list[Series]) -> None:
    post(desk, "mark_read", three, "do")
    assert "Mark read for yourself" in desk.get(ACTS_DONE).content.decode()
    page = desk.get(f"{ACTS_DONE}{Deed.objects.get().pk}/change/").content.decode()
    assert page.count("1 chapter becomes read.") == 3
    undo(desk, page)
    page = desk.get(f"{ACTS_DONE}{Deed.objects.get().pk}/change/").content.decode()
    assert (page.count("As before"), "Undo" in page) == (3, False)
    assert "Taken back" in desk.get(ACTS_DONE).content.decode()


def test_chosen_chapters_are_acted_on(desk: Client, three: list[Series]) -> None:
    for series in three[:2]:
        make_chapter(series, "2")
    chosen = Chapter.objects.filter(number="2")
    told: dict[str, Any] = {"action": "lock_numbers", "index": "0"}
    told["_selected_action"] = [one.pk for one in chosen]
    page = desk.post(CHAPTERS, told).content.decode()
    assert "2 chapters are chosen." in page
    page = desk.post(CHAPTERS, told | {"step": "preview"}).content.decode()
    assert page.count("<td>Volume and number of 1 chapter are locked.</td>") == 2
    page = desk.post(CHAPTERS, told | {"step": "do"}).content.decode()
    assert chosen.filter(by_hand=["number", "volume"]).count() == 2
    undo(desk, page)
    assert not Chapter.objects.exclude(by_hand=[]).exists()


@pytest.mark.parametrize("act", ACTS)
def test_each_act_asks_first(desk: Client, three: list[Series], act: str) -> None:
    page = post(desk, act, three[:2])
    assert "2 series are chosen." in page
    assert "Do it" not in page


@pytest.mark.parametrize("value", ["soon", "0", "9" * 4900, "٢٠٠١"])
def test_nonsense_is_refused_with_a_reason(desk: Client, three: list[Series], value: str) -> None:
    page = post(desk, "set_fields", three, "preview", field="year", value=value)
    assert "errornote" in page
    assert set(Series.objects.values_list("year", flat=True)) == {2001}


def test_too_many_are_refused(
    desk: Client, three: list[Series], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("library.admin.acting.MOST", 2)
    answer = desk.post(
        LIST, {"action": "lock", "index": "0", "_selected_action": [one.pk for one in three]}
    )
    assert answer.status_code == 302


def test_as_many_as_may_be_chosen_fit_into_the_form(desk: Client) -> None:
    chosen = [uuid7() for _ in range(MOST)]
    told = {"csrfmiddlewaretoken": "x", "action": "lock", "index": "0", "step": "preview"}
    told |= {"_selected_action": chosen, "fields_": FIELDS}
    assert desk.post(LIST, told).status_code == 200


def test_the_api_tells_what_a_batch_would_change(alice: User, three: list[Series]) -> None:
    ids = [str(one.pk) for one in three]
    body = {"ids": ids, "operation": "set_fields", "options": {"year": 1999}, "preview": True}
    told = Asker(alice).post("series/batch", body)
    assert told["run"] is None
    assert [(one["series"], one["before"], one["after"]) for one in told["changes"]] == [
        (key, "2001 (locked)", "1999 (locked)") for key in ids
    ]
    assert set(Series.objects.values_list("year", flat=True)) == {2001}
    done = Asker(alice).post("series/batch", body | {"preview": False})
    assert done["run"] is not None
    assert Library.objects.count() == 1

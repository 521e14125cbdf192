"""Exports of one's own notes and lists."""

import csv
import io
import json
from typing import Any

import pytest

from kiremisu.accounts.models import User
from library.models import Access, Chapter, Library
from reader import lists, notes
from reader.lists import entries
from reader.models import List
from tests.asking import ROOT, Asker
from tests.factories import make_chapter, make_series

pytestmark = pytest.mark.quick


@pytest.fixture
def chapter(private: Library) -> Chapter:
    return make_chapter(make_series(private, "=HYPERLINK(1)"), "41")


@pytest.fixture
def noted(bob: User, chapter: Chapter) -> Chapter:
    assert chapter.content is not None
    notes.write(bob, chapter.content, 3, "-1 for the\nferry", ["=a", "b"])
    return chapter


@pytest.fixture
def listed(bob: User, chapter: Chapter) -> List:
    found = lists.make(bob, "For the train")
    entries.put(found, chapter.series, "@begin")
    entries.put(found, chapter)
    return found


def text(user: User, name: str) -> str:
    answer = Asker(user).client.get(f"{ROOT}/export/{name}")
    assert answer.status_code == 200
    told: str = answer.getvalue().decode()
    return told


def lines(user: User, name: str) -> list[Any]:
    return [json.loads(line) for line in text(user, f"{name}.jsonl").splitlines()]


def cells(user: User, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text(user, f"{name}.csv"), newline="")))


def test_a_note_is_a_line_with_its_chapter(bob: User, noted: Chapter) -> None:
    (row,) = lines(bob, "notes")
    assert (row["page"], row["text"], row["tags"]) == (3, "-1 for the\nferry", ["=a", "b"])
    assert (row["chapter"], row["number"]) == (str(noted.pk), "41")
    (cell,) = cells(bob, "notes")
    assert (cell["text"], cell["tags"]) == ("'-1 for the\nferry", "'=a, b")
    assert list(cell) == list(row)


def test_an_entry_is_a_line_with_its_list(bob: User, chapter: Chapter, listed: List) -> None:
    whole, part = lines(bob, "lists")
    assert (whole["name"], whole["position"], whole["note"]) == ("For the train", 1, "@begin")
    assert (whole["series"], whole["chapter"]) == (str(chapter.series_id), None)
    assert (part["position"], part["chapter"], part["number"]) == (2, str(chapter.pk), "41")
    assert part["series__title"] == "=HYPERLINK(1)"
    (cell, _) = cells(bob, "lists")
    assert (cell["series__title"], cell["note"]) == ("'=HYPERLINK(1)", "'@begin")
    assert list(cell) == list(whole) == list(part)


def test_a_list_with_nothing_in_it_is_a_line_too(bob: User) -> None:
    asked = {"not": {"field": "year", "value": None}}
    lists.make(bob, "Dated", asked=asked, sort="-year")
    lists.make(bob, "Empty")
    dated, empty = lines(bob, "lists")
    assert (dated["kind"], json.loads(dated["filter"])["not"]["field"]) == ("smart", "year")
    assert (dated["sort"], dated["series"]) == ("-year", None)
    assert (empty["name"], empty["filter"], empty["id"]) == ("Empty", "", None)
    assert list(dated) == list(empty) == list(cells(bob, "lists")[0])


def test_what_is_others_own_is_not_taken_away(
    alice: User, charlie: User, noted: Chapter, listed: List
) -> None:
    lists.change(listed, is_shared=True)
    for user in (alice, charlie):
        assert lines(user, "notes") == lines(user, "lists") == []
    for name in ("notes", "lists"):
        Asker().get(f"export/{name}.csv", 401)
        Asker(alice).get(f"export/{name}.xlsx", 422)


def test_what_one_may_no_longer_see_is_not_taken_away(
    bob: User, noted: Chapter, listed: List
) -> None:
    Access.objects.all().delete()
    assert lines(bob, "notes") == []
    (row,) = lines(bob, "lists")
    assert (row["name"], row["series"]) == ("For the train", None)

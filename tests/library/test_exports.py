"""Exports of series, chapters and one's own progress."""

import csv
import io
import json
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kiremisu.accounts.models import User
from library.exports import parts
from library.models import Access, Chapter, Library, Series
from reader.progress import turn_to
from tests.asking import ROOT, Asker
from tests.factories import make_chapter, make_content, make_series

pytestmark = pytest.mark.quick


@pytest.fixture
def chapter(private: Library) -> Chapter:
    return make_chapter(make_series(private, "=HYPERLINK(1)"), year=1999)


def export(user: User, name: str) -> tuple[Any, str]:
    answer = Asker(user).client.get(f"{ROOT}/export/{name}")
    assert answer.status_code == 200
    return answer, answer.getvalue().decode()


def lines(user: User, name: str) -> list[Any]:
    return [json.loads(line) for line in export(user, f"{name}.jsonl")[1].splitlines()]


def cells(user: User, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export(user, f"{name}.csv")[1])))


def read(user: User, chapter: Chapter, page: int) -> None:
    assert chapter.content is not None
    turn_to(user, chapter.content, page, timezone.now(), chapter=chapter)


def test_every_series_and_chapter_is_a_line(bob: User, chapter: Chapter) -> None:
    make_series(chapter.library, "Another")
    assert [row["title"] for row in lines(bob, "series")] == ["=HYPERLINK(1)", "Another"]
    (row,) = lines(bob, "chapters")
    assert (row["id"], row["series"]) == (str(chapter.pk), str(chapter.series_id))
    assert (row["series__title"], row["special"], row["year"]) == ("=HYPERLINK(1)", False, 1999)
    assert row["created"].endswith("Z")


def test_no_cell_is_a_formula(bob: User, chapter: Chapter) -> None:
    assert cells(bob, "series")[0]["title"] == "'=HYPERLINK(1)"
    (row,) = cells(bob, "chapters")
    assert (row["special"], row["missing_since"]) == ("false", "")
    assert row["created"].endswith("Z")


@pytest.mark.parametrize("title", ["+1", "-1", "@x", 'a"b', "a,b", "two\nlines"])
def test_a_cell_says_what_stands_in_it(bob: User, private: Library, title: str) -> None:
    make_series(private, title)
    assert cells(bob, "series")[0]["title"].removeprefix("'") == title


def test_a_stranger_takes_nothing_away(charlie: User, chapter: Chapter) -> None:
    assert [lines(charlie, name) for name in ("series", "chapters", "progress")] == [[], [], []]
    assert cells(charlie, "chapters") == []


def test_one_takes_ones_own_places_away(alice: User, bob: User, chapter: Chapter) -> None:
    read(alice, chapter, 7)
    read(bob, chapter, 5)
    (row,) = lines(bob, "progress")
    assert (row["page"], row["chapter"], row["number"]) == (5, str(chapter.pk), "1")
    assert cells(bob, "progress")[0]["series__title"] == "'=HYPERLINK(1)"


def test_what_one_may_no_longer_see_is_not_named(bob: User, chapter: Chapter) -> None:
    read(bob, chapter, 5)
    Access.objects.all().delete()
    (row,) = lines(bob, "progress")
    assert (row["page"], row["chapter"], row["series__title"]) == (5, None, None)


def test_a_file_is_offered_by_name(bob: User) -> None:
    answer, _ = export(bob, "series.csv")
    assert answer["Content-Type"].startswith("text/csv")
    assert answer["Content-Disposition"] == 'attachment; filename="series.csv"'
    head = Asker(bob).client.head(f"{ROOT}/export/series.csv")
    assert (head.status_code, head.content) == (200, b"")


def test_other_forms_are_refused(bob: User) -> None:
    Asker(bob).get("export/series.xlsx", 422)
    Asker().get("export/series.csv", 401)


def test_rows_come_in_parts_none_twice_and_none_left_out(
    private: Library, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made = [make_series(private, f"Series {number}").pk for number in range(6)]
    with django_assert_num_queries(4):
        found = list(parts(Series.objects.all(), ("id",), 2))
    assert [[row["id"] for row in part] for part in found] == [made[:2], made[2:4], made[4:]]


def test_the_first_part_comes_before_the_second_is_asked_for(
    private: Library, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        make_content(number + 1)
        make_series(private, f"Series {number}")
    with django_assert_num_queries(1):
        assert len(next(parts(Series.objects.all(), ("id",), 2))) == 2

"""What exists of a series, and what of that is here."""

import json

import pytest
from django.utils import timezone

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job
from kiremisu.jobs.running import run_now
from library import checking, outlines
from library.models import Library, Outline, Series
from tests.asking import Asker
from tests.factories import make_chapter, make_library, make_series

pytestmark = [pytest.mark.quick, pytest.mark.django_db]

LISTED = [("1", "1"), ("1", "2"), ("2", "3"), ("2", "4")]


@pytest.fixture
def road() -> Series:
    """Chapters 1, 2, 2 and 4."""
    series = make_series(make_library())
    for place, number in enumerate(("1", "2", "2", "4")):
        make_chapter(series, number, path=f"{place}.cbz")
    return series


def counts(series: Series) -> tuple[int, int]:
    series.refresh_from_db()
    return series.gap_count, series.duplicate_count


def test_what_a_source_lists_is_counted_at_once(road: Series) -> None:
    outlines.tell(road.pk, "mangadex", [*LISTED, ("", "5")], timezone.now())
    assert counts(road) == (2, 1)
    outlines.forget(road.pk)
    assert counts(road) == (1, 1)


def test_a_library_changes_when_what_its_series_lack_does(road: Series) -> None:
    for _ in range(2):
        outlines.weigh([road.pk])
    assert Library.objects.get().version == road.library.version + 1


def test_what_is_gone_from_disk_is_not_here(road: Series) -> None:
    road.chapters.filter(number="1").update(missing_since=timezone.now())
    outlines.tell(road.pk, "mangadex", LISTED, timezone.now())
    assert outlines.of(road).chapters.missing == ("1", "3")


def test_after_a_scan_what_changed_is_looked_at_once(road: Series) -> None:
    outlines.after_scan(road.library)
    run_now(Job.objects.get())
    assert counts(road) == (1, 1)
    outlines.after_scan(road.library)
    assert Job.objects.count() == 1


def test_the_nightly_check_mends_the_counts(road: Series) -> None:
    Series.objects.update(gap_count=7, weighed=timezone.now())
    assert checking.mend([road.pk])
    assert counts(road) == (1, 1)


def test_the_api_tells_what_is_here_and_what_is_not(road: Series, alice: User) -> None:
    outlines.tell(road.pk, "mangadex", LISTED, timezone.now())
    told = Asker(alice).client.get(f"/api/v1/series/{road.pk}/completeness").json()
    assert told["chapters"]["missing"] == ["3"]
    assert told["volumes"] == {
        "owned": ["1"],
        "missing": ["2"],
        "duplicated": [],
        "owned_count": 1,
        "missing_count": 1,
        "duplicated_count": 0,
    }


def test_a_stranger_is_told_of_no_gap(road: Series, charlie: User) -> None:
    Library.objects.update(open_to_all=False)
    path = f"/api/v1/series/{road.pk}/completeness"
    assert Asker(charlie).client.get(path).status_code == 404


@pytest.mark.parametrize("field", ["gaps", "duplicates"])
def test_series_are_filtered_by_what_they_lack(road: Series, alice: User, field: str) -> None:
    make_series(road.library, "Moss")
    outlines.weigh([road.pk])
    asked = json.dumps({"field": field, "op": "gte", "value": 1})
    told = Asker(alice).client.get("/api/v1/series", {"filter": asked}).json()
    assert [row["title"] for row in told["items"]] == [road.title]


def test_the_page_of_a_series_says_what_is_missing(road: Series, alice: User) -> None:
    outlines.tell(road.pk, "mangadex", LISTED, timezone.now())
    page = Asker(alice).client.get(f"/series/{road.pk}").content.decode()
    assert "<dt>Chapters</dt><dd>3 of 4" in page
    assert "Missing 3" in page
    assert "Twice 2" in page


def test_nothing_is_kept_of_a_series_that_is_gone(road: Series) -> None:
    road.delete()
    outlines.tell(road.pk, "mangadex", LISTED, timezone.now())
    assert not Outline.objects.exists()

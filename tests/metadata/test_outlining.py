"""Asking which chapters exist."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kiremisu.jobs.models import Job
from kiremisu.jobs.running import run_now
from library.models import Outline, Series
from metadata import enrichment, outlining
from metadata.models import Match
from metadata.review import choosing
from tests.factories import make_chapter, make_library, make_series
from tests.upstream import Manga, Upstream

pytestmark = [pytest.mark.quick, pytest.mark.django_db]


@pytest.fixture
def tale(upstream: Upstream) -> Manga:
    return upstream.catalogue.add("Salt Road Diary", chapters=5)


@pytest.fixture
def road(tale: Manga) -> Series:
    """A series with chapters 1 and 3 of a work with five, matched; nothing was asked further."""
    series = make_series(make_library(), "Salt Road Diary")
    for number in ("1", "3"):
        make_chapter(series, number)
    run_now(enrichment.request_library(series.library_id))
    return series


def test_what_exists_of_a_matched_series_is_asked_for(road: Series) -> None:
    run_now(Job.objects.get(kind="outlines"))
    road.refresh_from_db()
    assert (road.gap_count, Outline.objects.get().source) == (3, "mangadex")
    assert not outlining.due(timezone.now()).exists()


def test_it_is_asked_for_again_when_it_is_old(road: Series, tale: Manga) -> None:
    run_now(Job.objects.get(kind="outlines"))
    assert outlining.due(timezone.now() + timedelta(days=31)).get().series_id == road.pk
    del tale.chapters[4]
    run_now(enrichment.request_refresh([road.pk]))
    road.refresh_from_db()
    assert road.gap_count == 2


def test_a_work_that_was_taken_down_keeps_what_was_known(
    road: Series, tale: Manga, upstream: Upstream
) -> None:
    run_now(Job.objects.get(kind="outlines"))
    upstream.catalogue.forget(tale)
    run_now(enrichment.request_refresh([road.pk]))
    assert len(Outline.objects.get().listed.chapters) == 5


def test_another_work_tells_nothing_of_a_series(road: Series) -> None:
    run_now(Job.objects.get(kind="outlines"))
    choosing.reject(road.candidates.get(), None)
    road.refresh_from_db()
    assert (Outline.objects.exists(), road.gap_count) == (False, 1)


def test_a_series_that_fails_holds_up_no_other(road: Series, upstream: Upstream) -> None:
    other = make_series(road.library, "Moss Garden")
    upstream.catalogue.add("Moss Garden", chapters=2)
    run_now(enrichment.request_library(road.library_id))
    first = Match.objects.order_by("series_id").first()
    assert first is not None
    upstream.faults.say(200, b"<html>", kind="text/html", path=f"/manga/{first.provider_id}/agg")
    job = run_now(Job.objects.get(kind="outlines"))
    assert (job.state, Outline.objects.get().series_id) == ("done", other.pk)

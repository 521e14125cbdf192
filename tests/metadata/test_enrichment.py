"""Looking for works and their facts in the background."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job, State
from kiremisu.jobs.queue import cancel
from kiremisu.jobs.running import PutOff, Work, run_now
from kiremisu.lib.ids import uuid7
from library import knowing
from library.facts import Cover, Patch
from library.models import Library, MatchState, Series
from metadata import artwork, enrichment, looks, providers, tasks
from metadata.models import Candidate, Match
from metadata.models import Upstream as Row
from metadata.providers.mangadex import MangaDex
from tests.asking import Asker
from tests.factories import make_chapter, make_library, make_series
from tests.upstream import Manga, Upstream

pytestmark = [pytest.mark.quick, pytest.mark.django_db]

TITLES = ("Salt Road Diary", "Moss Garden", "The Ferry to Kita")


@pytest.fixture
def shelf(upstream: Upstream) -> Library:
    """Three series that the provider has as well."""
    library = make_library()
    for title in TITLES:
        make_chapter(make_series(library, title))
        upstream.catalogue.add(title, authors=["Ogawa Rin"], year=2016)
    return library


def states() -> list[str]:
    return list(Series.objects.order_by("id").values_list("match_state", flat=True))


def test_what_is_new_after_a_scan_is_looked_for(shelf: Library, settings: Settings) -> None:
    settings.ENRICH = True
    enrichment.after_scan(shelf)
    job = run_now(Job.objects.get())
    assert (job.state, job.queue, job.done, states()) == ("done", "metadata", 3, ["matched"] * 3)


def test_nobody_is_asked_where_settings_say_so(shelf: Library) -> None:
    enrichment.after_scan(shelf)
    assert not Job.objects.exists()


def test_a_library_in_which_all_is_known_is_left_alone(settings: Settings) -> None:
    settings.ENRICH = True
    enrichment.after_scan(make_library())
    assert not Job.objects.exists()


def test_a_job_that_begins_again_asks_nothing_that_is_stored(
    shelf: Library, upstream: Upstream
) -> None:
    job = enrichment.request_library(shelf.pk)
    run_now(job, watch=lambda seen: cancel(seen) if seen.done == 1 and seen.is_live else None)
    asked = len(upstream.asked)
    assert (states().count("matched"), asked) == (2, 2)
    run_now(enrichment.request_library(shelf.pk))
    assert (states().count("matched"), len(upstream.asked)) == (3, 3)


def test_what_has_no_turn_for_a_minute_is_put_off(shelf: Library, mangadex: MangaDex) -> None:
    mangadex.search("salt")
    Row.objects.update(next_at=timezone.now() + timedelta(seconds=100))
    job = enrichment.request_library(shelf.pk)
    with pytest.raises(PutOff) as put_off:
        next(tasks.match_library(Work(job)))
    assert 50 < put_off.value.seconds <= 100


def test_while_the_provider_is_down_the_job_waits(shelf: Library, upstream: Upstream) -> None:
    upstream.faults.say(503, b"", path="/manga", times=20)
    job = enrichment.request_library(shelf.pk)
    with pytest.raises(_Enough):
        run_now(job, watch=_until_waiting)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == (State.WAITING, 0, "")
    assert job.not_before
    upstream.faults.clear()
    assert run_now(job).state == State.DONE
    assert states() == ["matched"] * 3


def test_where_all_questions_are_in_vain_the_job_waits_and_passes_over_no_more(
    shelf: Library, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_IN_A_ROW", 2)
    upstream.faults.lead("http://127.0.0.1:9/login", times=20)
    job = enrichment.request_library(shelf.pk)
    with pytest.raises(_Enough):
        run_now(job, watch=_until_waiting)
    assert (states(), len(upstream.asked)) == (["unmatched"] * 3, 2)
    upstream.faults.clear()
    assert run_now(job).state == State.DONE
    assert states() == ["unmatched", "matched", "matched"]


def test_facts_that_are_asked_for_in_vain_wait_for_another_day(
    shelf: Library, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_TRIES", 2)
    run_now(enrichment.request_library(shelf.pk))
    Match.objects.update(due=timezone.now())
    upstream.faults.say(403, times=2)
    asked = len(upstream.asked)
    assert run_now(enrichment.request_due()).state == State.DONE
    assert len(upstream.asked) - asked == 2
    tomorrow = timezone.now() + timedelta(days=1)
    dues = [enrichment.due(when).count() for when in (timezone.now(), tomorrow)]
    assert dues == [0, 3]


class _Enough(Exception):
    pass


def _until_waiting(job: Job) -> None:
    if job.state == State.WAITING:
        raise _Enough


def test_what_a_series_links_to_is_asked_for_first(upstream: Upstream) -> None:
    there = upstream.catalogue.add("Something Else", also={"ja": "塩の道日記"})
    series = make_series(make_library(), "塩の道日記")
    knowing.learn(series.pk, "comicinfo", Patch(links={"mangadex": there.id}), uuid7())
    run_now(enrichment.request_match([series.pk]))
    assert Match.objects.get().provider_id == there.id


def test_covers_tell_works_of_one_title_apart_and_are_shown(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch, client: Client, alice: User
) -> None:
    wanted = upstream.catalogue.add("Salt Road Diary", key="1")
    upstream.catalogue.add("Salt Road Diary", key="2")
    bits = int(artwork.fetched(*_cover_of(wanted)).bits or 0)
    monkeypatch.setattr(looks, "cover_here", lambda _: bits)
    series = make_series(make_library())
    run_now(enrichment.request_match([series.pk]))
    best = series.candidates.first()
    assert best is not None
    assert best.provider_id == wanted.id
    assert [line.name for line in best.weighed.lines] == ["Title", "Cover"]
    client.force_login(alice)
    picture = client.get("/review").context["page"].candidates[0].picture
    assert client.get("/review").content.decode().count(f'src="{picture}"') == 1


def _cover_of(manga: Manga) -> tuple[providers.Provider, Cover]:
    provider = providers.of("mangadex")
    covers = provider.one(manga.id).patch.covers
    assert covers
    return provider, covers[0]


def test_a_series_is_looked_for_again_when_a_curator_asks(alice: User, upstream: Upstream) -> None:
    series = make_series(make_library(), match_state=MatchState.NONE)
    upstream.catalogue.add("Salt Road Diary")
    run_now(enrichment.request_match([series.pk], alice))
    assert states() == ["matched"]


def test_old_facts_are_asked_for_again_and_new_ones_are_not(
    shelf: Library, upstream: Upstream
) -> None:
    run_now(enrichment.request_library(shelf.pk))
    Match.objects.filter(series__title="Moss Garden").update(due=timezone.now())
    for manga in upstream.catalogue.manga.values():
        manga.year = 2018
    run_now(enrichment.request_due())
    changed = Series.objects.filter(year=2018)
    assert [series.title for series in changed] == ["Moss Garden"]
    assert Match.objects.filter(due__gt=timezone.now() + timedelta(days=20)).count() == 3


def test_facts_are_asked_for_again_on_demand(shelf: Library, upstream: Upstream) -> None:
    run_now(enrichment.request_library(shelf.pk))
    for manga in upstream.catalogue.manga.values():
        manga.year = 2018
    ids = list(Series.objects.values_list("pk", flat=True))
    upstream.asked.clear()
    job = run_now(enrichment.request_refresh(ids))
    assert (job.done, [each.path for each in upstream.asked].count("/manga")) == (3, 1)
    assert Series.objects.filter(year=2018).count() == 3


def test_what_the_provider_has_no_more_keeps_its_facts(shelf: Library, upstream: Upstream) -> None:
    run_now(enrichment.request_library(shelf.pk))
    upstream.catalogue.manga.clear()
    job = run_now(enrichment.request_refresh(list(Series.objects.values_list("pk", flat=True))))
    assert job.state == State.DONE
    assert Series.objects.filter(year=2016).count() == 3


def test_many_series_are_looked_for_at_once(shelf: Library, alice: User) -> None:
    ids = [str(pk) for pk in Series.objects.values_list("pk", flat=True)]
    asked = {"ids": ids, "operation": "match", "options": {}}
    told = Asker(alice).post("series/batch", asked)
    assert (len(told["done"]), Job.objects.filter(kind="match-series").count()) == (3, 3)


def test_readers_have_nothing_looked_for(shelf: Library, bob: User) -> None:
    series = Series.objects.first()
    assert series is not None
    asked = {"ids": [str(series.pk)], "operation": "match", "options": {}}
    Asker(bob).post("series/batch", asked, status=403)
    assert not Candidate.objects.exists()

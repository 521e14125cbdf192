"""Watching over the API and on the pages."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kiremisu.accounts.models import User
from library.models import Library, MatchState, Series
from metadata.models import Feed, Notice, Release, Watch
from metadata.shapes import Groups
from metadata.watching import watches
from reader import progress
from tests.asking import Asker
from tests.factories import make_chapter, make_library, make_series

pytestmark = [pytest.mark.quick, pytest.mark.django_db]


@pytest.fixture
def road() -> Series:
    series = make_series(make_library(), "Salt Road", match_state=MatchState.MATCHED)
    make_chapter(series, "1", language="en")
    return series


def new(user: User, series: Series, number: str = "2", **facts: Any) -> Notice:
    """Somebody was told of this chapter."""
    given = {"provider": "mangadex", "provider_id": f"id {number}", "key": f"c{number}"}
    release = Release.objects.create(
        series=series,
        number=number,
        address=f"https://mangadex.org/chapter/{number}",
        published=timezone.now(),
        **given,
        **facts,
    )
    return Notice.objects.create(user=user, series=series, key=release.key, release=release)


def test_a_series_is_watched_in_the_languages_of_its_files(bob: User, road: Series) -> None:
    told = Asker(bob).put(f"series/{road.pk}/watching", {})
    assert (told["languages"], told["groups"], told["paused"]) == (["en"], [], False)
    assert [row["series"] for row in Asker(bob).get("watching")["items"]] == [str(road.pk)]


def test_what_one_wants_to_hear_of_is_changed(bob: User, road: Series) -> None:
    watches.watch(bob, road)
    told = Asker(bob).put(f"series/{road.pk}/watching", {"languages": ["fr", "fr"], "paused": True})
    assert (told["languages"], told["paused"]) == (["fr"], True)


@pytest.mark.parametrize("body", [{"languages": None}, {"languages": [""]}, {"pace": 3}])
def test_nonsense_is_refused(bob: User, road: Series, body: dict[str, Any]) -> None:
    Asker(bob).put(f"series/{road.pk}/watching", body, 422)


def test_watching_ends(bob: User, road: Series) -> None:
    watches.watch(bob, road)
    new(bob, road)
    for _ in range(2):
        Asker(bob).delete(f"series/{road.pk}/watching", 204)
    assert (Watch.objects.exists(), Notice.objects.exists()) == (False, False)


def test_there_is_an_end_to_what_one_watches(
    bob: User, road: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watches, "MOST", 1)
    watches.watch(bob, road)
    other = make_series(road.library, "Moss")
    assert Asker(bob).put(f"series/{other.pk}/watching", {}, 409)["code"] == "too_many_watches"


def test_a_check_is_asked_for(bob: User, road: Series) -> None:
    watches.watch(bob, road)
    Feed.objects.create(series=road, provider="mangadex", provider_id="x", due=timezone.now())
    assert Asker(bob).post(f"series/{road.pk}/watching/check", {}, 202)["kind"] == "watch"


def test_new_chapters_are_told_with_where_they_are(bob: User, road: Series) -> None:
    new(bob, road, "2")
    new(bob, road, "3")
    here = make_chapter(road, "3")
    told = Asker(bob).get("watching/chapters")
    assert [(row["number"], row["chapter"]) for row in told["items"]] == [
        ("3", str(here.pk)),
        ("2", None),
    ]


def test_a_volume_that_is_here_is_where_its_chapters_are(bob: User, road: Series) -> None:
    new(bob, road, "7", volume="2")
    volume = make_chapter(road, "", volume="2", path="v2.cbz", number_order=-1)
    (told,) = Asker(bob).get("watching/chapters")["items"]
    assert told["chapter"] == str(volume.pk)


def test_what_is_ignored_is_heard_of_no_more(bob: User, road: Series) -> None:
    notice = new(bob, road)
    Asker(bob).patch(f"watching/chapters/{notice.pk}", {"state": "ignored"})
    assert Asker(bob).get("watching/chapters")["total"] == 0
    assert Asker(bob).get("watching/chapters?state=ignored")["total"] == 1


def test_what_is_finished_in_the_library_is_read(bob: User, road: Series) -> None:
    for number in ("2", "3", "4"):
        new(bob, road, number)
    chapters = {number: make_chapter(road, number) for number in ("2", "3", "4")}
    two, three = chapters["2"], chapters["3"]
    assert two.content is not None
    progress.turn_to(bob, two.content, two.page_count, timezone.now(), chapter=two)
    progress.mark_read(bob, [three])
    left = Notice.objects.filter(state=Notice.State.NEW)
    assert [notice.key for notice in left] == ["c4"]


def test_nobody_sees_what_others_watch(bob: User, alice: User, road: Series) -> None:
    watches.watch(bob, road)
    notice = new(bob, road)
    assert Asker(alice).get("watching")["total"] == 0
    assert Asker(alice).get("watching/chapters")["total"] == 0
    Asker(alice).patch(f"watching/chapters/{notice.pk}", {"state": "read"}, 404)


def test_who_may_see_a_series_no_more_hears_no_more_of_it(bob: User, road: Series) -> None:
    watches.watch(bob, road)
    new(bob, road)
    Library.objects.update(open_to_all=False)
    assert Asker(bob).get("watching")["total"] == 0
    assert Asker(bob).get("watching/chapters")["total"] == 0
    Asker(bob).put(f"series/{road.pk}/watching", {}, 404)
    assert "New chapters" not in Asker(bob).client.get("/").content.decode()


def test_the_page_lists_both(client: Client, bob: User, road: Series) -> None:
    client.force_login(bob)
    watches.watch(bob, road)
    notice = new(bob, road, title="Tide")
    page = client.get("/watching").content.decode()
    assert "Chapter 2: Tide" in page
    assert "On MangaDex" in page
    assert "Waits for a match" in page
    client.post(f"/watching/chapters/{notice.pk}", {"act": "ignore"})
    assert "Nothing new." in client.get("/watching").content.decode()
    client.post(f"/watching/chapters/{notice.pk}", {"act": "back"})
    assert "Chapter 2: Tide" in client.get("/").content.decode()


def test_the_button_on_a_series_page_watches_and_stops(
    client: Client, bob: User, road: Series
) -> None:
    client.force_login(bob)
    for act, word in (("watch", "Watching"), ("stop", "Watch")):
        told = {"act": act, "from": "series"}
        page = client.post(f"/watching/{road.pk}", told, follow=True).content.decode()
        assert f"</svg>{word}<kbd" in page
    assert not Watch.objects.exists()


def test_one_pauses_and_goes_on(client: Client, bob: User, road: Series) -> None:
    client.force_login(bob)
    watches.watch(bob, road)
    for act, paused in (("pause", True), ("go-on", False)):
        client.post(f"/watching/{road.pk}", {"act": act})
        assert Watch.objects.get().paused is paused


def test_where_each_volume_counts_anew_the_same_number_is_another_chapter(
    bob: User, road: Series
) -> None:
    new(bob, road, "1", volume="2")
    Release.objects.update(key="v2c1")
    Notice.objects.update(key="v2c1")
    first = make_chapter(road, "1", volume="1", path="v1c1.cbz")
    (told,) = Asker(bob).get("watching/chapters")["items"]
    assert told["chapter"] is None
    progress.mark_read(bob, [first])
    assert Notice.objects.get().state == Notice.State.NEW


def test_an_extra_that_is_read_leaves_the_others(bob: User, road: Series) -> None:
    new(bob, road, "", title="Tea")
    Release.objects.update(key="ttea")
    progress.mark_read(bob, [make_chapter(road, "", path="rain.cbz", number_order=-1)])
    assert Notice.objects.get().state == Notice.State.NEW


def test_what_comes_in_a_file_of_several_is_in_the_library(bob: User, road: Series) -> None:
    new(bob, road, "3")
    several = make_chapter(road, "2-4", path="2-4.cbz")
    (told,) = Asker(bob).get("watching/chapters")["items"]
    assert told["chapter"] == str(several.pk)


def test_languages_and_groups_are_chosen_on_a_page(client: Client, bob: User, road: Series) -> None:
    watches.watch(bob, road)
    release = new(bob, road, language="fr").release
    release.groups = Groups(groups=[{"id": "g1", "name": "Moss Scans"}])
    release.save()
    client.force_login(bob)
    path = f"/watching/{road.pk}/which"
    assert path in client.get(f"/series/{road.pk}").content.decode()
    page = client.get(path).content.decode()
    assert 'value="en" checked' in page
    assert "Moss Scans" in page
    client.post(path, {"language": ["fr"], "more": "pt-BR, de", "group": ["g1"]})
    watch = Watch.objects.get()
    assert (watch.languages, watch.groups) == (["fr", "pt-BR", "de"], ["g1"])
    client.post(path, {"more": "x" * 30})
    assert Watch.objects.get().groups == ["g1"]
    client.post(path, {})
    watch.refresh_from_db()
    assert (watch.languages, watch.groups) == ([], [])


def test_who_does_not_watch_chooses_nothing(client: Client, charlie: User, road: Series) -> None:
    client.force_login(charlie)
    assert client.get(f"/watching/{road.pk}/which").status_code == 404

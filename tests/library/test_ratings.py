"""What is rated higher than a person may see is not there for them, wherever one looks."""

import pytest
from django.db import connection, transaction

from kiremisu.accounts.models import User
from kiremisu.accounts.ratings import Rating
from kiremisu.jobs.queue import enqueue
from kiremisu.lib.ids import uuid7
from library import checking, knowing, showing
from library.facts import Patch
from library.models import Chapter, Library, Series
from library.titles import keep
from reader import notes, progress
from tests.asking import Asker
from tests.factories import make_chapter, make_series
from tests.library.scanning.conftest import shelf
from tests.library.scanning.driving import Shelf

__all__ = ["shelf"]

pytestmark = pytest.mark.quick

TITLE = "Canary Bay"


@pytest.fixture
def chapter(bob: User, private: Library) -> Chapter:
    """One of a series that Bob may not see any more, beside one that he may."""
    make_chapter(make_series(private, "Salt Road"))
    series = make_series(private, TITLE, content_rating=Rating.EROTICA)
    keep([series.pk])
    chapter = make_chapter(series, title="Canary comes home")
    User.objects.filter(pk=bob.pk).update(highest_rating=Rating.SUGGESTIVE)
    bob.refresh_from_db()
    return chapter


def rate(user: User, series: Series, rating: str) -> None:
    Asker(user).patch(f"series/{series.pk}", {"content_rating": rating})


def test_a_series_is_safe_until_somebody_rates_it(alice: User, private: Library) -> None:
    series = make_series(private)
    assert Asker(alice).get(f"series/{series.pk}")["content_rating"] == "safe"
    rate(alice, series, "erotica")
    assert Asker(alice).get(f"series/{series.pk}")["content_rating"] == "erotica"
    series.refresh_from_db()
    assert series.user_metadata["content_rating"] == "erotica"


@pytest.mark.parametrize("rating", ["mild", 3, None, ""])
def test_there_are_four_ratings(alice: User, private: Library, rating: object) -> None:
    path = f"series/{make_series(private).pk}"
    Asker(alice).patch(path, {"content_rating": rating}, 422)


def test_readers_rate_nothing(bob: User, private: Library) -> None:
    Asker(bob).patch(f"series/{make_series(private).pk}", {"content_rating": "safe"}, 403)


def test_the_database_compares_ratings_by_their_order(private: Library) -> None:
    for rating in Rating:
        make_series(private, rating.label, content_rating=rating)
    tame = Series.objects.filter(content_rating__lte=Rating.SUGGESTIVE)
    assert {series.content_rating for series in tame} == {Rating.SAFE, Rating.SUGGESTIVE}


@pytest.mark.parametrize("limit", Rating)
def test_everybody_sees_up_to_their_limit(bob: User, private: Library, limit: Rating) -> None:
    for rating in Rating:
        make_series(private, rating.label, content_rating=rating)
    User.objects.filter(pk=bob.pk).update(highest_rating=limit)
    told = Asker(bob).get("series")
    words = list(Rating)[: list(Rating).index(limit) + 1]
    assert {row["content_rating"] for row in told["items"]} == set(words)
    assert told["total"] == len(words)


def test_what_is_rated_too_high_is_not_there(bob: User, chapter: Chapter) -> None:
    asker = Asker(bob)
    for path in ("", "/chapters", "/cover", "/reading"):
        asker.get(f"series/{chapter.series_id}{path}", 404)
    for path in ("", "/pages", "/pages/1", "/file", "/progress", "/bookmarks", "/notes"):
        asker.get(f"chapters/{chapter.pk}{path}", 404)


@pytest.mark.parametrize(
    "path", ["series", "search?q=canary", "export/series.csv", "export/chapters.jsonl"]
)
def test_no_list_names_it(bob: User, alice: User, chapter: Chapter, path: str) -> None:
    assert b"Canary" not in b"".join(Asker(bob).get_raw(path))
    assert b"Canary" in b"".join(Asker(alice).get_raw(path))


def test_pages_for_people_do_not_name_it(bob: User, chapter: Chapter) -> None:
    client = Asker(bob).client
    for path in ("/", "/library", "/search?q=canary", "/notes", "/activity"):
        assert b"Canary" not in client.get(path, follow=True).content
    assert client.get(f"/series/{chapter.series_id}").status_code == 404
    assert client.get(f"/read/{chapter.pk}").status_code == 404


def test_libraries_count_what_one_may_see(alice: User, bob: User, chapter: Chapter) -> None:
    path = f"libraries/{chapter.library_id}"
    counts = "series_count", "chapter_count"
    assert [Asker(bob).get(path)[count] for count in counts] == [1, 1]
    assert [Asker(alice).get(path)[count] for count in counts] == [2, 2]


def test_notes_and_places_in_it_are_kept_and_not_shown(bob: User, chapter: Chapter) -> None:
    assert chapter.content
    notes.write(bob, chapter.content, page=2, text="Canary again", tags=["canary"])
    notes.bookmark(bob, chapter.content, page=2)
    progress.mark_read(bob, Chapter.objects.filter(pk=chapter.pk))
    assert Asker(bob).get("notes")["total"] == 0
    for path in ("/", "/notes"):
        assert b"anary" not in Asker(bob).client.get(path).content
    assert b"anary" not in b"".join(Asker(bob).get_raw("export/progress.jsonl"))


def test_who_may_not_see_all_does_not_follow_scans_which_name_files(
    bob: User, chapter: Chapter
) -> None:
    job = enqueue("scan", subject=chapter.library_id)
    Asker(bob).get(f"jobs/{job.pk}", 404)
    covers = enqueue("covers", subject=chapter.library_id)
    assert Asker(bob).get(f"jobs/{covers.pk}")["id"] == str(covers.pk)


def test_a_higher_rating_ends_the_links_of_those_who_see_the_series_no_more(
    alice: User, bob: User, charlie: User, chapter: Chapter
) -> None:
    rate(alice, chapter.series, "suggestive")
    rate(alice, chapter.series, "erotica")
    assert [versions(bob), versions(charlie)] == [2, 1]
    rate(alice, chapter.series, "pornographic")
    assert [versions(bob), versions(charlie)] == [2, 1]


def test_a_lower_rating_ends_no_links(alice: User, bob: User, chapter: Chapter) -> None:
    rate(alice, chapter.series, "safe")
    Asker(bob).get(f"chapters/{chapter.pk}")
    assert versions(bob) == 1


def test_many_that_are_rated_together_end_links_once(
    alice: User, bob: User, private: Library, chapter: Chapter
) -> None:
    ids = [str(make_series(private, title).pk) for title in ("Ember", "Moss", "Tide")]
    body = {"ids": ids, "operation": "set_fields", "options": {"content_rating": "erotica"}}
    Asker(alice).post("series/batch", body)
    assert versions(bob) == 2


def test_what_sources_rate_together_ends_links_last(
    bob: User, private: Library, chapter: Chapter
) -> None:
    with showing.together():
        for title in ("Ember", "Moss"):
            patch = Patch(content_rating="pornographic")
            knowing.learn(make_series(private, title).pk, "mangadex", patch, uuid7())
        assert versions(bob) == 1
    assert versions(bob) == 2


def versions(user: User) -> int:
    return User.objects.get(pk=user.pk).access_version


def test_a_rating_given_to_many_reaches_their_chapters(alice: User, chapter: Chapter) -> None:
    body = {"ids": [str(chapter.series_id)], "operation": "set_fields"}
    Asker(alice).post("series/batch", {**body, "options": {"content_rating": "suggestive"}})
    chapter.refresh_from_db()
    assert chapter.content_rating == Rating.SUGGESTIVE


def test_a_rating_given_on_the_desk_reaches_the_chapters(alice: User, chapter: Chapter) -> None:
    path = f"/admin/library/series/{chapter.series_id}/change/"
    facts = {"title": TITLE, "sort_title": "canary bay", "content_rating": "pornographic"}
    assert Asker(alice).client.post(path, facts).status_code == 302
    chapter.refresh_from_db()
    assert chapter.content_rating == Rating.PORNOGRAPHIC


def test_a_new_limit_on_the_desk_ends_links(alice: User, bob: User) -> None:
    form = {"username": "bob", "email": "", "role": "reader", "is_active": "on"}
    path = f"/admin/accounts/user/{bob.pk}/change/"
    Asker(alice).client.post(path, form | {"highest_rating": "safe"})
    bob.refresh_from_db()
    assert (bob.highest_rating, bob.access_version) == (Rating.SAFE, 2)
    assert Asker(bob).get("me")["highest_rating"] == "safe"


def test_files_take_the_rating_of_the_series_they_come_to(alice: User, shelf: Shelf) -> None:
    shelf.put("Alpha/Alpha v01.cbz", first=1)
    shelf.put("Beta/Beta v01.cbz", first=11)
    shelf.scan()
    rate(alice, shelf.at("Alpha/Alpha v01.cbz").series, "erotica")
    shelf.put("Alpha/Alpha v02.cbz", first=21)
    shelf.put("Alpha/Alpha v03.cbz", first=31)
    shelf.move("Alpha/Alpha v01.cbz", "Beta/Beta v02.cbz")
    shelf.scan()
    rated = {path: shelf.at(path).content_rating for path in shelf.paths}
    assert rated == {
        "Alpha/Alpha v02.cbz": Rating.EROTICA,
        "Alpha/Alpha v03.cbz": Rating.EROTICA,
        "Beta/Beta v01.cbz": Rating.SAFE,
        "Beta/Beta v02.cbz": Rating.SAFE,
    }
    assert not differing()


def test_a_check_finds_chapters_shown_to_others_than_their_series(chapter: Chapter) -> None:
    Chapter.objects.filter(pk=chapter.pk).update(content_rating=Rating.SAFE, hidden=True)
    assert differing() == 1
    with transaction.atomic():
        assert checking.mend([chapter.series_id]) >= 1
    assert differing() == 0


def differing() -> int:
    """Chapters shown to others than their series."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM library_chapter c JOIN library_series s ON s.id = c.series_id"
            " WHERE (c.content_rating, c.hidden) <> (s.content_rating, s.hidden_at IS NOT NULL)"
        )
        return int(cursor.fetchone()[0])

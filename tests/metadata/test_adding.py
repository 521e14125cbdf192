"""Works that are brought in before their files."""

from contextlib import ExitStack
from typing import Any

import pytest
from django.conf import settings

from kiremisu.accounts.models import User
from kiremisu.accounts.ratings import Rating
from library.models import Library, Series
from metadata import searching
from tests.asking import Asker
from tests.factories import make_library, make_series
from tests.library.scanning.conftest import shelf
from tests.library.scanning.driving import Shelf
from tests.upstream import Manga, Upstream

__all__ = ["shelf"]

pytestmark = [pytest.mark.quick, pytest.mark.django_db]


@pytest.fixture
def tale(upstream: Upstream) -> Manga:
    return upstream.catalogue.add(
        "Salt Road Diary", also={"ja-ro": "Shio no Michi Nikki"}, year=2016, chapters=5
    )


def bring(user: User, tale: Manga | str, library: Library, status: int = 201) -> Any:
    key = tale if isinstance(tale, str) else tale.id
    body = {"library": str(library.pk), "provider": "mangadex", "provider_id": key}
    return Asker(user).post("series", body, status)


def test_a_work_is_brought_in_with_its_facts(alice: User, tale: Manga) -> None:
    told = bring(alice, tale, make_library())
    assert (told["title"], told["year"], told["chapter_count"]) == ("Salt Road Diary", 2016, 0)
    series = Series.objects.get()
    assert (series.match_state, series.match.by, series.locks) == ("matched", alice, [])


def test_it_is_brought_in_once(alice: User, tale: Manga) -> None:
    library = make_library()
    first = bring(alice, tale, library)
    told = bring(alice, tale, library, 409)
    named = {"field": "series", "message": first["id"], "code": "duplicate"}
    assert (told["code"], told["errors"]) == ("duplicate", [named])
    bring(alice, tale, make_library("Other"))


def test_something_else_of_its_name_stays_as_it_is(alice: User, tale: Manga) -> None:
    series = make_series(make_library(), "Salt Road Diary")
    assert str(series.pk) in str(bring(alice, tale, series.library, 409))
    series.refresh_from_db()
    assert series.match_state == "unmatched"


def test_what_is_there_and_not_theirs_to_see_is_not_named(bob: User, tale: Manga) -> None:
    User.objects.filter(pk=bob.pk).update(role="curator", highest_rating=Rating.SAFE)
    bob.refresh_from_db()
    series = make_series(make_library(), "Salt Road Diary", content_rating=Rating.EROTICA)
    assert bring(bob, tale, series.library, 409)["errors"] == []


def test_where_too_many_ask_it_is_asked_for_later(alice: User, tale: Manga) -> None:
    with ExitStack() as others:
        for _ in range(settings.REQUEST_THREADS // 4):
            others.enter_context(searching.asking())
        assert bring(alice, tale, make_library(), 503)["code"] == "upstream_busy"
    bring(alice, tale, Library.objects.get())


def test_what_is_not_there_is_not_brought_in(alice: User, upstream: Upstream) -> None:
    library = make_library()
    for key in ("no id", "5f0c9c1f-4e3b-4a19-8817-263544536271"):
        bring(alice, key, library, 404)
    assert not Series.objects.exists()


def test_a_server_that_fails_brings_nothing_in(
    alice: User, tale: Manga, upstream: Upstream
) -> None:
    upstream.faults.say(200, b"<html>", kind="text/html")
    bring(alice, tale, make_library(), 502)
    assert not Series.objects.exists()


def test_what_is_rated_too_high_is_not_there(bob: User, tale: Manga) -> None:
    tale.rating = "erotica"
    User.objects.filter(pk=bob.pk).update(role="curator", highest_rating=Rating.SAFE)
    bob.refresh_from_db()
    bring(bob, tale, make_library(), 404)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"provider": "mangadex"},
        {"provider_id": "x"},
        {"title": "Salt", "provider": "mangadex", "provider_id": "x"},
        {"provider": "nobody", "provider_id": "x"},
    ],
)
def test_nonsense_is_refused(alice: User, body: dict[str, str]) -> None:
    Asker(alice).post("series", {"library": str(make_library().pk), **body}, 422)


def test_readers_bring_nothing_in(bob: User, tale: Manga) -> None:
    bring(bob, tale, make_library(), 403)


def test_files_of_any_of_its_titles_come_to_it(shelf: Shelf, alice: User, tale: Manga) -> None:
    bring(alice, tale, shelf.library)
    shelf.put("Shio no Michi Nikki/Shio no Michi Nikki c001.cbz")
    shelf.scan()
    shelf.put("Shio no Michi Nikki/Shio no Michi Nikki c002.cbz")
    shelf.scan()
    series = Series.objects.get()
    assert (series.title, series.chapter_count) == ("Salt Road Diary", 2)


def test_files_of_its_title_come_to_it_after_those_of_another(
    shelf: Shelf, alice: User, tale: Manga
) -> None:
    bring(alice, tale, shelf.library)
    for number, title in enumerate(("Shio no Michi Nikki", "Salt Road Diary", "Salt Road Diary")):
        shelf.put(f"{title}/{title} c00{number}.cbz", first=1 + 5 * number)
        shelf.scan(full=number == 2)
    assert Series.objects.get().chapter_count == 3
    assert bring(alice, tale, shelf.library, 409)["code"] == "duplicate"


def test_files_of_its_own_name_come_to_it_before_those_of_another(
    shelf: Shelf, alice: User, tale: Manga
) -> None:
    bring(alice, tale, shelf.library)
    for number, title in enumerate(("Shio no Michi Nikki", "Salt Road Diary")):
        shelf.put(f"{title}/{title} c001.cbz", first=1 + 5 * number)
    shelf.scan()
    (matched,) = Series.objects.filter(match__isnull=False)
    for full in (False, True):
        shelf.put(f"Salt Road Diary/Salt Road Diary c00{2 + full}.cbz", first=20 + 5 * full)
        shelf.scan(full=full)
    counts = dict(Series.objects.values_list("key", "chapter_count"))
    assert counts == {"salt road diary": 3, "shio no michi nikki": 1}
    matched.refresh_from_db()
    assert matched.key == "salt road diary"


def test_files_that_could_come_to_two_are_a_series_of_their_own(
    shelf: Shelf, alice: User, tale: Manga, upstream: Upstream
) -> None:
    other = upstream.catalogue.add("Salt Path", also={"ja-ro": "Shio no Michi Nikki"})
    for one in (tale, other):
        bring(alice, one, shelf.library)
    shelf.put("Shio no Michi Nikki/Shio no Michi Nikki c001.cbz")
    shelf.scan()
    assert sorted(Series.objects.values_list("chapter_count", flat=True)) == [0, 0, 1]

"""Where a person is, and how they read, over the API."""

import pytest
from django.utils import timezone

from kiremisu.accounts.models import User
from library.models import Chapter, Library
from reader.models import PagePairing, Progress
from tests.asking import Asker
from tests.factories import make_chapter, make_series

pytestmark = pytest.mark.quick


@pytest.fixture
def chapter(private: Library) -> Chapter:
    return make_chapter(make_series(private))


@pytest.fixture
def progress(chapter: Chapter) -> str:
    return f"chapters/{chapter.pk}/progress"


def test_a_place_is_remembered(bob: User, progress: str, chapter: Chapter) -> None:
    Asker(bob).get(progress, 404)
    saved = Asker(bob).put(progress, {"page": 5, "device": "phone", "fraction": 0.5})
    assert saved == Asker(bob).get(progress)
    assert (saved["page"], saved["page_count"], saved["fraction"]) == (5, 12, 0.5)
    assert (saved["chapter"], saved["content"]) == (str(chapter.pk), str(chapter.content_id))
    assert saved["finished_at"] is None


def test_the_last_page_finishes(bob: User, progress: str) -> None:
    assert Asker(bob).put(progress, {"page": 12})["finished_at"] is not None


def test_an_older_save_moves_nothing(bob: User, progress: str) -> None:
    Asker(bob).put(progress, {"page": 7})
    told = Asker(bob).put(progress, {"page": 3, "at": "2020-01-01T00:00:00Z"})
    assert told["page"] == 7


def test_a_place_is_forgotten(bob: User, progress: str) -> None:
    Asker(bob).put(progress, {"page": 7})
    Asker(bob).delete(progress)
    Asker(bob).get(progress, 404)
    Asker(bob).delete(progress)


def test_each_has_their_own_place(alice: User, bob: User, progress: str) -> None:
    Asker(bob).put(progress, {"page": 7})
    Asker(alice).get(progress, 404)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"page": 0},
        {"page": 13},
        {"page": "x"},
        {"page": 1, "fraction": 1.5},
        {"page": 1, "at": "2026-01-01T00:00:00"},
        {"page": 1, "at": "yesterday"},
        {"page": 1, "at": "0001-01-01T00:00:00+14:00"},
        {"page": 1, "device": "x" * 101},
        {"page": 1, "mood": "good"},
    ],
)
def test_a_place_that_cannot_be_is_refused(
    bob: User, progress: str, body: dict[str, object]
) -> None:
    Asker(bob).put(progress, body, 422)
    assert not Progress.objects.exists()


def test_a_time_to_come_is_now(bob: User, progress: str) -> None:
    told = Asker(bob).put(progress, {"page": 1, "at": "2999-01-01T00:00:00+02:00"})
    assert told["at"] <= timezone.now().isoformat().replace("+00:00", "Z")


def test_what_cannot_be_read_has_no_place(bob: User, private: Library) -> None:
    chapter = make_chapter(make_series(private), problem="locked")
    Chapter.objects.update(content=None)
    path = f"chapters/{chapter.pk}/progress"
    assert Asker(bob).put(path, {"page": 1}, 422)["code"] == "locked"
    assert Asker(bob).get(path, 422)["code"] == "locked"
    Asker(bob).delete(path)


def test_the_pairing_of_pages_is_corrected(bob: User, chapter: Chapter) -> None:
    path = f"chapters/{chapter.pk}/pairing"
    assert Asker(bob).put(path, {"flip": True, "alone": [4, 2]}) == {"flip": True, "alone": [2, 4]}
    assert Asker(bob).put(path, {"flip": None}) == {"flip": None, "alone": [2, 4]}
    assert PagePairing.objects.get(user=bob).content_id == chapter.content_id


@pytest.mark.parametrize("body", [{"alone": [13]}, {"alone": ["x"]}, {"flip": "maybe"}, {"x": 1}])
def test_a_pairing_that_cannot_be_is_refused(
    bob: User, chapter: Chapter, body: dict[str, object]
) -> None:
    Asker(bob).put(f"chapters/{chapter.pk}/pairing", body, 422)


def test_a_person_chooses_how_they_read(bob: User) -> None:
    assert Asker(bob).get("me/reading")["origins"]["layout"] == "default"
    told = Asker(bob).put("me/reading", {"layout": "single"})
    assert (told["choices"]["layout"], told["origins"]["layout"]) == ("single", "you")
    assert told["chosen"]["layout"] == "single"
    assert told["chosen"]["direction"] is None
    assert Asker(bob).put("me/reading", {"layout": None})["chosen"]["layout"] is None


def test_a_series_is_read_its_own_way(bob: User, chapter: Chapter) -> None:
    path = f"series/{chapter.series_id}/reading"
    Asker(bob).put("me/reading", {"layout": "single", "fit": "width"})
    told = Asker(bob).put(path, {"layout": "scroll"})
    assert told == Asker(bob).get(path)
    choices, origins = told["choices"], told["origins"]
    assert (choices["layout"], origins["layout"]) == ("scroll", "series")
    assert (choices["fit"], origins["fit"]) == ("width", "you")
    assert (choices["direction"], origins["direction"]) == ("rtl", "library")


@pytest.mark.parametrize("body", [{"layout": "upside down"}, {"strip_width": 1}, {"colour": 1}])
def test_no_way_of_reading_is_refused(bob: User, chapter: Chapter, body: dict[str, object]) -> None:
    Asker(bob).put("me/reading", body, 422)
    Asker(bob).put(f"series/{chapter.series_id}/reading", body, 422)


def test_a_stranger_has_no_place_in_what_they_may_not_see(
    charlie: User, chapter: Chapter, progress: str
) -> None:
    asker = Asker(charlie)
    asker.get(progress, 404)
    asker.put(progress, {"page": 1}, 404)
    asker.delete(progress, 404)
    asker.put(f"chapters/{chapter.pk}/pairing", {"flip": True}, 404)
    asker.get(f"series/{chapter.series_id}/reading", 404)
    asker.put(f"series/{chapter.series_id}/reading", {}, 404)


def test_who_is_not_signed_in_has_no_place(chapter: Chapter, progress: str) -> None:
    asker = Asker()
    asker.get(progress, 401)
    asker.put(progress, {"page": 1}, 401)
    asker.delete(progress, 401)
    asker.get("me/reading", 401)
    asker.get(f"series/{chapter.series_id}/reading", 401)

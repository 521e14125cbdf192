"""Whatever becomes of its file, a chapter and its series stay, with everything that hangs on them:
places, notes, lists, pairings, ways of reading, facts set by hand, locks, match, watch, acts."""

import shutil
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from django.utils import timezone

from kiremisu.accounts.models import User
from library import batches, curation, knowing, libraries, matched
from library.batches.schemas import BatchWanted
from library.models import Chapter, Content, MatchState, PageIndex, Series, TitleForm
from library.reshaping import purging
from metadata.models import Candidate, Decision, Match, Notice, Release, Watch
from reader import lists, notes, preferences, progress
from reader.lists import entries
from reader.models import Standing
from tests import files
from tests.asking import Asker
from tests.factories import make_library
from tests.library.scanning.driving import Shelf

A, B = "Salt Road/Salt Road v01.cbz", "Salt Road/Salt Road v02.cbz"
# Made anew from the others, and where a file's pages lie.
MADE_ANEW = {TitleForm, Standing, PageIndex}
OURS = (Series, Chapter, Content)
# Of a chapter what its file does not tell, of a series what people see; of others everything.
TOLD = {
    Chapter: ["id", "title", "by_hand", "problem", "created", "series_id", "content_id"],
    Series: [
        *("id", "title", "locks", "raw_facts", "raw_labels", "user_metadata", "source_metadata"),
        *("match_state", "match_score", "content_rating", "chapter_count", "cover_id", "created"),
    ],
}


def hanging() -> dict[str, list[dict[str, Any]]]:
    """Every row that hangs on a series, a chapter or its pages. Pages are told by the oldest
    chapter of theirs: replaced ones are others."""
    chapters = Chapter.objects.order_by("-id").values_list("content_id", "id")
    named = {str(content): f"pages of {chapter}" for content, chapter in chapters if content}
    found = {}
    for model in apps.get_models():
        fields = TOLD.get(model, [field.attname for field in model._meta.concrete_fields])
        if model not in MADE_ANEW and (model is Series or _is_ours(model)):
            rows = model._default_manager.order_by("pk").values(*fields)
            found[model.__name__] = [_told(row, named) for row in rows]
    return {name: rows for name, rows in found.items() if rows}


def _is_ours(model: type[Model]) -> bool:
    return any(field.related_model in OURS for field in model._meta.concrete_fields)


def _told(row: dict[str, Any], named: dict[str, str]) -> dict[str, Any]:
    return {key: named.get(str(value), value) for key, value in row.items() if key != "updated"}


@pytest.fixture
def loved(shelf: Shelf, alice: User, bob: User) -> Chapter:
    """Everything there is hangs on the first of two volumes, and on their series."""
    shelf.put(A, first=1)
    shelf.put(B, first=10)
    shelf.scan()
    chapter, now = shelf.at(A), timezone.now()
    content, series = chapter.content, chapter.series
    assert content is not None
    curation.change_series(series, title="Sel", tags=["sea"], content_rating="suggestive")
    knowing.lock(series, "summary")
    curation.change_chapter(chapter, title="The Ferry")
    progress.turn_to(bob, content, 2, now, chapter=chapter, device="Tablet")
    progress.mark_read(alice, [chapter])
    notes.write(bob, content, 2, "Look at the light.", ["light"])
    notes.bookmark(bob, content, 3)
    preferences.pair(bob, content, flip=True, alone=[2])
    preferences.choose(bob, series, direction="rtl")
    mine = lists.make(bob, "For the train")
    entries.put(mine, series, "all of it")
    entries.put(mine, chapter, "the best one")
    _known_to_the_world(series, alice)
    batches.perform(alice, BatchWanted(ids=[series.pk], operation="tag", options={"tags": ["x"]}))
    # As `picking.pick` leaves it.
    Series.objects.update(cover=content, cover_page=2)
    return chapter


def _known_to_the_world(series: Series, by: User) -> None:
    """It is matched, watched, and told of."""
    now, work = timezone.now(), {"provider": "mangadex", "provider_id": "1"}
    Match.objects.create(series=series, score=97, by=by, told=now, due=now, **work)
    candidate = Candidate.objects.create(series=series, score=97, told=now, **work)
    Decision.objects.create(series=series, candidate=candidate, kind="accepted", run=series.pk)
    matched.mark([series.pk], MatchState.MATCHED)
    Watch.objects.create(user=by, series=series, since=now)
    told = Release.objects.create(series=series, key="3", address="a", published=now, **work)
    Notice.objects.create(user=by, series=series, key="3", release=told)


def rename(shelf: Shelf) -> None:
    shelf.move(A, "Salt Road/Salt Road vol. 7 (2019) [Group].cbz")


def change_case(shelf: Shelf) -> None:
    shelf.move(A, "Salt Road/SALT ROAD V01.CBZ")


def swap(shelf: Shelf) -> None:
    shelf.move(A, "x")
    shelf.move(B, A)
    shelf.move("x", B)


def rename_folder(shelf: Shelf) -> None:
    shelf.move("Salt Road", "Ember Year")


def move_deeper(shelf: Shelf) -> None:
    shelf.move("Salt Road", "finished/S/Salt Road")


def move_root(shelf: Shelf) -> None:
    root = shelf.root.with_name("elsewhere")
    shelf.root = shelf.root.rename(root)
    libraries.move(shelf.library, str(root))


def repack(shelf: Shelf) -> None:
    files.make_zip(shelf.root / A, files.pages(3, size=(40, 60)), zipfile.ZIP_DEFLATED)


def repack_and_rename_folder(shelf: Shelf) -> None:
    repack(shelf)
    rename_folder(shelf)


def replace(shelf: Shelf) -> None:
    shelf.put(A, first=30)


def go_and_come_back(shelf: Shelf) -> None:
    shelf.move(A, "../aside")
    shelf.scan()
    shelf.move("../aside", A)


def be_purged_and_come_back(shelf: Shelf) -> None:
    shelf.move(A, "../aside")
    shelf.scan()
    purging.purge(Series.objects.get())
    shelf.scan()
    shelf.move("../aside", A)


def copy_and_lose_the_first(shelf: Shelf) -> None:
    shutil.copy(shelf.root / A, shelf.root / "Salt Road/Salt Road v01 copy.cbz")
    shelf.remove(A)


HAPPENINGS: list[Callable[[Shelf], None]] = [
    *(rename, change_case, swap, rename_folder, move_deeper, move_root, repack, replace),
    *(repack_and_rename_folder, copy_and_lose_the_first, go_and_come_back, be_purged_and_come_back),
]


@pytest.mark.parametrize("happen", HAPPENINGS)
def test_everything_that_hangs_on_a_chapter_and_its_series_stays(
    shelf: Shelf, loved: Chapter, bob: User, happen: Callable[[Shelf], None]
) -> None:
    before, seen = hanging(), _seen(loved, bob)
    assert len(before) >= 17
    happen(shelf)
    shelf.scan()
    assert hanging() == before
    assert Series.objects.get().missing_count == 0
    if happen is not replace:
        assert _seen(loved, bob) == seen


def _seen(chapter: Chapter, user: User) -> list[Any]:
    """What somebody is told of it: where they are, what they marked, and its series' cover."""
    asker = Asker(user)
    marked = asker.get(f"chapters/{chapter.pk}/bookmarks")
    return [
        asker.get(f"chapters/{chapter.pk}/progress"),
        [(mark["id"], mark["page"], mark["chapter"]) for mark in marked],
        asker.get(f"series/{chapter.series_id}")["cover"],
    ]


@pytest.mark.parametrize("first", [0, 1])
def test_what_moves_to_another_library_takes_places_and_marks_along(
    shelf: Shelf, loved: Chapter, bob: User, first: int
) -> None:
    root = shelf.root.with_name("novels")
    root.mkdir()
    other = Shelf(make_library("Novels", root=str(root)), root)
    shelf.move(A, f"../novels/{A}")
    for each in (shelf, other)[:: 1 - 2 * first]:
        each.scan()
    moved, asker = other.at(A), Asker(bob)
    assert moved.content_id == loved.content_id
    assert asker.get(f"chapters/{moved.pk}/progress")["page"] == 2
    assert [mark["page"] for mark in asker.get(f"chapters/{moved.pk}/bookmarks")] == [3]


def test_a_copy_goes_on_where_its_twin_was(shelf: Shelf, loved: Chapter, bob: User) -> None:
    twin = "Salt Road/Salt Road v01 (copy).cbz"
    shutil.copy(shelf.root / A, shelf.root / twin)
    shelf.scan()
    shelf.remove(A)
    shelf.scan()
    assert Asker(bob).get(f"chapters/{shelf.at(twin).pk}/progress")["page"] == 2
    shelf.put(A, first=1)
    assert (shelf.scan().restored, shelf.at(A).pk) == (1, loved.pk)

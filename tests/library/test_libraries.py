import os
from pathlib import Path
from typing import Any

import pytest

from kiremisu.accounts.models import User
from kiremisu.lib.errors import Conflict, Forbidden, Invalid
from library import libraries
from library.models import Library, versions_open_to
from tests import files
from tests.factories import make_library
from tests.files import make_folder

pytestmark = pytest.mark.django_db


def test_a_folder_becomes_a_library_named_after_it(tmp_path: Path) -> None:
    (tmp_path / "Manga").mkdir()
    library = libraries.add(str(tmp_path / "Manga"))
    assert (library.name, library.folder) == ("Manga", str(tmp_path / "Manga"))


def test_adding_it_again_answers_the_same(tmp_path: Path) -> None:
    library = libraries.add(str(tmp_path))
    assert libraries.add(f"{tmp_path}/./", name="Other") == library


def test_a_link_to_a_library_is_that_library(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert libraries.add(str(tmp_path / "link")) == libraries.add(str(tmp_path / "real"))


@pytest.mark.parametrize("root", ["", " ", "/no/such/folder", "a\0b"])
def test_nonsense_is_refused(root: str) -> None:
    with pytest.raises(Invalid) as caught:
        libraries.add(root)
    assert caught.value.errors[0].field == "root"


def test_a_folder_nobody_may_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(Invalid, match="permitted"):
        libraries.add(str(tmp_path))


def test_roots_must_lie_where_the_settings_say(tmp_path: Path, settings: Any) -> None:
    settings.LIBRARY_ROOTS = [tmp_path / "in"]
    (tmp_path / "in/manga").mkdir(parents=True)
    (tmp_path / "inside").mkdir()
    assert libraries.add(str(tmp_path / "in/manga"))
    with pytest.raises(Invalid, match="must lie under"):
        libraries.add(str(tmp_path / "inside"))


@pytest.mark.parametrize(("known", "new"), [("a", "a/b"), ("a/b", "a")])
def test_libraries_do_not_overlap(tmp_path: Path, known: str, new: str) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    libraries.add(str(tmp_path / known))
    with pytest.raises(Invalid, match="already"):
        libraries.add(str(tmp_path / new))


def test_a_sibling_whose_name_begins_alike_is_another_library(tmp_path: Path) -> None:
    for name in ("Batman", "Batman Beyond"):
        (tmp_path / name).mkdir()
        libraries.add(str(tmp_path / name))
    assert Library.objects.count() == 2


def test_only_administrators_add_libraries(tmp_path: Path, alice: User, bob: User) -> None:
    with pytest.raises(Forbidden):
        libraries.add(str(tmp_path), asked_by=bob)
    assert libraries.add(str(tmp_path), asked_by=alice)


def test_a_library_moves_only_where_no_other_is(tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
    one, two = (libraries.add(str(tmp_path / name)) for name in ("one", "two"))
    assert libraries.move(one, str(tmp_path / "three")).folder == str(tmp_path / "three")
    with pytest.raises(Conflict):
        libraries.move(one, two.folder)


def test_looking_inside_tells_what_a_scan_would_find(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / "Salt").mkdir(exist_ok=True)
        files.make_zip(tmp_path / f"Salt/Salt c00{number}.cbz")
    files.make_folder(tmp_path / "Ember/Chapter 1")
    preview = libraries.look_inside(str(tmp_path))
    assert (preview.files, preview.series, preview.is_whole) == (3, 2, True)
    assert preview.formats == {"cbz": 2, "folder": 1}
    assert preview.bytes > 0
    assert "Salt/Salt c001.cbz" in preview.examples
    assert not Library.objects.exists()


def test_a_folder_that_is_itself_a_book_is_told_by_its_name(tmp_path: Path) -> None:
    files.make_folder(tmp_path / "Chapter 1")
    assert libraries.look_inside(str(tmp_path / "Chapter 1")).examples == ["Chapter 1"]


def test_looking_inside_ends_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "_LOOK_SECONDS", -1.0)
    for number in range(3):
        files.make_zip(tmp_path / f"Salt c00{number}.cbz")
    preview = libraries.look_inside(str(tmp_path))
    assert (preview.books, preview.is_whole) == (1, False)


def test_a_folder_that_fails_while_looked_into_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(path: str) -> None:
        raise OSError(5, "input/output error")

    monkeypatch.setattr(os, "scandir", failing)
    with pytest.raises(Invalid, match="cannot be read"):
        libraries.look_inside(str(tmp_path))


def test_two_who_add_the_same_folder_at_once_get_one_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(place: str) -> None:
        Library.objects.create(name="first", root=place)

    monkeypatch.setattr(libraries, "_refuse_overlap", meanwhile)
    assert libraries.add(str(tmp_path), name="second").name == "first"


def test_a_folder_with_a_point_in_its_name_is_counted_as_a_folder(tmp_path: Path) -> None:
    make_folder(tmp_path / "Salt Road/Chapter 7.5")
    assert libraries.look_inside(str(tmp_path)).formats == {"folder": 1}


@pytest.mark.parametrize("name", ["alice", "bob", "charlie"])
def test_versions_are_those_of_the_libraries_one_may_open(
    request: pytest.FixtureRequest, name: str, private: Library
) -> None:
    make_library()
    person = request.getfixturevalue(name)
    seen = Library.objects.visible_to(person).order_by("pk")
    assert versions_open_to(person) == list(seen.values_list("pk", "version"))

"""Disks that fail while a scan is under way, and scans that are asked for all at once."""

import errno
import os
import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from kiremisu.jobs.models import Job
from kiremisu.lib.errors import Unavailable
from library import scanning
from library.models import Chapter, Loss
from tests.factories import make_library
from tests.library.scanning.driving import Shelf


@pytest.fixture
def full(shelf: Shelf) -> Shelf:
    for number in range(1, 9):
        folder = "ABCD"[number % 4]
        shelf.put(f"{folder}/{folder} v0{number}.cbz", first=number * 9)
    shelf.scan()
    return shelf


class Failing:
    """What `os.scandir` answers of a folder whose disk goes away after its first entry."""

    def __init__(self, path: str, code: int, listed: Callable[[str], object]) -> None:
        self.code, self.entries = code, listed(path)

    def __enter__(self) -> Iterator[os.DirEntry[str]]:
        with self.entries as entries:  # type: ignore[attr-defined]
            yield next(entries)
        raise OSError(self.code, "the disk went")

    def __exit__(self, *_: object) -> None:
        pass


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOTCONN, errno.ESTALE])
def test_what_a_disk_that_fails_in_the_middle_of_a_folder_holds_is_not_missing(
    full: Shelf, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    before, scandir = full.paths, os.scandir
    full.remove("A/A v04.cbz")

    def failing(path: str) -> object:
        return Failing(path, code, scandir) if str(path).endswith("/B") else scandir(path)

    monkeypatch.setattr(os, "scandir", failing)
    full.scan()
    assert full.paths == [path for path in before if path != "A/A v04.cbz"]


@pytest.mark.parametrize("is_there", [True, False])
def test_a_root_that_goes_while_files_are_read_ends_the_scan(full: Shelf, is_there: bool) -> None:
    before = full.paths
    for number in range(1, 4):
        full.put(f"New/New v0{number}.cbz", first=100 + number)
    steps = full.steps()
    while next(steps).phase:
        pass
    full.root.rename(full.root.with_name("away"))
    if is_there:
        full.root.mkdir()
    with pytest.raises(Unavailable):
        list(steps)
    assert full.paths == before
    assert not Chapter.objects.exclude(problem="").exists()
    assert not Loss.objects.exists()


def test_a_walk_tells_that_it_lives_where_there_is_no_book(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("library.scanning.course._OFTEN", -1.0)
    for number in range(5):
        (shelf.root / f"Empty {number}").mkdir()
    steps = [tally.phase for tally in shelf.steps()]
    assert steps.count("Looking through the folders") > 5


@pytest.mark.django_db(transaction=True)
def test_twenty_who_ask_at_once_get_one_scan(tmp_path: object) -> None:
    library = make_library(root=str(tmp_path))
    ready = threading.Barrier(20)
    asked = set[object]()

    def ask() -> None:
        ready.wait()
        asked.add(scanning.request(library).pk)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(asked) == 1
    assert Job.objects.filter(kind="scan").count() == 1

"""Noticing that files change."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError

from kiremisu.jobs.models import Job, State
from kiremisu.lib.ids import uuid7
from library import mounts
from library.models import Library
from library.scanning import watching
from library.scanning.watching import Folders, Pace, Watcher, matters
from tests.factories import make_library


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/m/Tide/Tide c1.cbz", True),
        ("/m/Tide Vol.1", True),
        ("/m", True),
        ("/m/Tide/.upload-1", False),
        ("/m/.git/HEAD", False),
        ("/m/@eaDir/Tide/x.jpg", False),
    ],
)
def test_what_no_scan_looks_at_makes_none(path: str, said: bool) -> None:
    assert matters("/m", path) == said


def test_a_scan_is_asked_for_once_in_ten_seconds_while_things_change() -> None:
    pace = Pace()
    assert not pace.is_due(0)
    pace.changed = True
    assert pace.is_due(0)
    pace.changed = False
    pace.asked(0, is_new=True)
    pace.changed = True
    assert not pace.is_due(9.9)
    assert pace.is_due(10)


def test_a_scan_that_was_under_way_is_followed_by_another() -> None:
    pace = Pace()
    pace.asked(0, is_new=False)
    assert pace.is_due(10)
    assert not Pace().is_due(10)


@pytest.fixture
def folders() -> Iterator[Folders]:
    folders = Folders()
    yield folders
    folders.stop()
    for thread in threading.enumerate():
        if thread.name.startswith("watching"):
            thread.join()


def settle(folders: Folders, library: Library, place: Path) -> Job:
    """The scan that is asked for when a file there changes."""
    until = time.monotonic() + 600
    while time.monotonic() < until:
        place.write_text(str(time.monotonic()))
        time.sleep(0.1)
        folders.ask(time.monotonic())
        if job := Job.objects.filter(subject=library.pk, state=State.QUEUED).first():
            return job
    raise AssertionError("nobody noticed")


@pytest.mark.django_db
def test_a_file_that_changes_has_its_library_scanned(tmp_path: Path, folders: Folders) -> None:
    quiet, busy = tmp_path / "quiet", tmp_path / "busy"
    quiet.mkdir()
    busy.mkdir()
    make_library("Quiet", root=str(quiet))
    library = make_library("Busy", root=str(busy))
    folders.follow()
    folders.ask(time.monotonic())
    assert not Job.objects.exists()
    job = settle(folders, library, busy / "Tide c1.cbz")
    assert (job.kind, Job.objects.count()) == ("scan", 1)


@pytest.mark.django_db
def test_a_folder_that_was_away_is_watched_again_and_looked_through(
    tmp_path: Path, folders: Folders
) -> None:
    library = make_library(root=str(tmp_path / "here"))
    (tmp_path / "here").mkdir()
    folders.follow()
    (tmp_path / "here").rename(tmp_path / "away")
    folders.follow()
    assert not folders.watchers
    (tmp_path / "away").rename(tmp_path / "here")
    folders.follow()
    folders.ask(time.monotonic())
    assert Job.objects.filter(subject=library.pk, kind="scan").exists()


@pytest.mark.django_db
def test_a_library_that_is_forgotten_is_watched_no_more(tmp_path: Path, folders: Folders) -> None:
    library = make_library(root=str(tmp_path))
    folders.follow()
    (watcher,) = folders.watchers.values()
    library.delete()
    folders.follow()
    watcher.join(60)
    assert not folders.watchers
    assert not watcher.is_alive()


@pytest.mark.parametrize("is_far", [False, True])
def test_what_cannot_be_watched_is_scanned_now_and_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_far: bool
) -> None:
    monkeypatch.setattr(watching, "_POLL", 50)
    monkeypatch.setattr(mounts, "is_far_away", lambda _: is_far)
    (tmp_path / "loop").symlink_to(".")
    watcher = Watcher(uuid7(), str(tmp_path))
    watcher.start()
    for _ in range(2):
        watcher.pace.changed = False
        _change_until_noticed(watcher, tmp_path / os.fsdecode(b"caf\xe9.cbz"))
        assert watcher.is_good
    watcher.stop()
    watcher.join(60)
    assert not watcher.is_alive()


def _change_until_noticed(watcher: Watcher, place: Path) -> None:
    until = time.monotonic() + 60
    while not watcher.pace.changed:
        assert time.monotonic() < until, "nobody noticed"
        place.write_text(str(time.monotonic()))
        time.sleep(0.05)


class Looks(threading.Event):
    """A wish to stop that comes after so many looks."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.left = number

    def wait(self, timeout: float | None = None) -> bool:
        self.left -= 1
        return self.left < 0


def test_a_database_that_is_away_for_a_while_ends_no_watching(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []

    class Away(Folders):
        def ask(self, now: float) -> None:
            told.append("asked")
            if len(told) == 1:
                raise OperationalError("it is away")

        def follow(self) -> None:
            told.append("followed")

        def stop(self) -> None:
            told.append("stopped")

    monkeypatch.setattr(watching, "Folders", Away)
    watching.run(Looks(3))
    assert told == ["asked", "asked", "followed", "asked", "stopped"]

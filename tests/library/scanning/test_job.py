"""The scan as a job, and from the command line."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job, Priority, State
from kiremisu.jobs.queue import cancel
from kiremisu.lib.errors import Conflict, Unavailable
from library import scanning
from library.models import Chapter, Library
from tests.library.scanning.driving import Shelf


def command(*targets: str, **options: Any) -> str:
    out = StringIO()
    call_command("scan", *targets, stdout=out, **options)
    return out.getvalue()


def test_one_library_has_one_live_scan(shelf: Shelf, alice: User) -> None:
    job = scanning.request(shelf.library)
    assert scanning.request(shelf.library, asked_by=alice) == job
    assert scanning.request(shelf.library, asked_by=alice).priority == Priority.SOON


def test_a_scan_here_and_now_runs_as_a_job(shelf: Shelf) -> None:
    shelf.put("T/T v01.cbz")
    shelf.write("T/T v02.cbz", b"nothing")
    seen: list[int] = []
    summary = scanning.scan(shelf.library, lambda job: seen.append(job.done))
    assert (summary.files, summary.added, summary.failed) == (2, 1, 1)
    assert seen[-1] == 2
    job = Job.objects.get(kind="scan")
    cursor = job.cursor.model_extra or {}
    assert (job.state, job.done, job.total) == (State.DONE, 2, 2)
    assert cursor["recent"] == ["T v01.cbz", "T v02.cbz"]
    assert cursor["notches"] == [59]


def test_a_scan_that_cannot_be_done_says_why(shelf: Shelf) -> None:
    shelf.root.rmdir()
    with pytest.raises(Unavailable, match="cannot be read"):
        scanning.scan(shelf.library)


def test_a_scan_called_off_stops_between_batches(shelf: Shelf) -> None:
    for number in range(1, 70):
        shelf.put(f"Salt/Salt c{number:03}.cbz", first=number)

    def call_off(job: Job) -> None:
        if job.is_live and scanning.summary_of(job).added:
            cancel(job)
            job.cancel_asked = True

    with pytest.raises(Conflict, match="called off"):
        scanning.scan(shelf.library, call_off)
    assert Chapter.objects.count() == Job.objects.get(kind="scan").done == 50
    assert scanning.scan(shelf.library).files == 69
    assert Chapter.objects.count() == 69


def test_the_command_makes_a_library_of_a_path_and_answers_in_json(
    shelf: Shelf, tmp_path: Any
) -> None:
    (tmp_path / "more").mkdir()
    shelf.put("T/T v01.cbz")
    answer = json.loads(command(str(shelf.root), str(tmp_path / "more"), json=True))
    assert set(answer) == set(scanning.Summary._fields)
    assert (answer["files"], answer["added"]) == (1, 1)
    assert Library.objects.count() == 2


def test_the_command_takes_names_and_ids_and_all(shelf: Shelf) -> None:
    shelf.put("T/T v01.cbz")
    assert "1 added" in command(shelf.library.name)
    assert "no changes" in command(str(shelf.library.id))
    assert "1 files" in command(full=True)


def test_the_command_refuses_what_is_no_library(db: None) -> None:
    with pytest.raises(CommandError, match="neither"):
        command("/no/such/folder")


def test_the_command_tells_why_a_scan_failed(shelf: Shelf) -> None:
    shelf.root.rmdir()
    with pytest.raises(CommandError, match="cannot be read"):
        command(shelf.library.name)


def test_the_command_draws_a_bar_on_a_terminal(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    shelf.put("T/T v01.cbz")
    command(shelf.library.name)
    assert "1/1" in capsys.readouterr().err

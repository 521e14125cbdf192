"""Files that take the worker along which opens them."""

import pytest

from kiremisu.jobs.models import Job
from kiremisu.jobs.running import Work
from library.inspection import Reading, inspect
from library.models import Chapter
from library.scanning import reading
from tests.library.scanning.driving import Shelf

DEADLY = ("T/T v02.cbz", "T/T v04.cbz")


class Death(BaseException):
    """The end of the worker's process."""


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two of six files are deadly; the answer are those that were opened."""
    tried: list[str] = []

    def deadly(root: str, found: object) -> Reading:
        tried.append(found.path)  # type: ignore[attr-defined]
        if found.path in DEADLY:  # type: ignore[attr-defined]
            raise Death
        return inspect(root, found)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "inspect", deadly)
    return tried


@pytest.fixture
def six(shelf: Shelf) -> Shelf:
    for number in range(1, 7):
        shelf.put(f"T/T v0{number}.cbz", first=number * 9)
    return shelf


def scan_and_die(shelf: Shelf, job: Job) -> bool:
    """One worker's life; whether it came to the end of the scan."""
    work = Work(job)
    try:
        for _ in shelf.steps(work=work):
            # As a step is saved, by which alone the next worker knows.
            job.raw_cursor = dict(work.cursor)
    except Death:
        job.all_deaths += 1
        return False
    return True


def test_each_deadly_file_is_given_up_after_two_deaths_and_the_rest_is_listed(
    six: Shelf, opened: list[str]
) -> None:
    job = Job(kind="scan", subject=six.library.pk)
    lives = 1
    while lives < 9 and not scan_and_die(six, job):
        lives += 1
    assert lives == 4
    problems = dict(Chapter.objects.values_list("path", "problem"))
    assert problems.pop(DEADLY[0]) == problems.pop(DEADLY[1]) == "killed_the_reader"
    assert [*problems.values()] == [""] * 4
    assert max(opened.count(path) for path in DEADLY) == 2


def test_what_no_death_can_be_blamed_on_is_listed_first(six: Shelf, opened: list[str]) -> None:
    job = Job(kind="scan", subject=six.library.pk)
    scan_and_die(six, job)
    six.put("T/T v09.cbz", first=99)
    scan_and_die(six, job)
    assert "T/T v09.cbz" in six.paths


def test_a_worker_that_is_told_to_stop_blames_no_file(six: Shelf) -> None:
    job = Job(kind="scan", subject=six.library.pk)
    for _ in range(3):
        work = Work(job)
        steps = six.steps(work=work)
        # Each stops when it has told the database what it opens.
        while next(steps).phase or "opening" not in work.cursor:
            pass
        job.raw_cursor = dict(work.cursor)
    assert scan_and_die(six, job)
    assert set(Chapter.objects.values_list("problem", flat=True)) == {""}


def test_a_death_in_what_was_read_already_blames_no_file(six: Shelf) -> None:
    job = Job(kind="scan", subject=six.library.pk)
    for _ in range(3):
        work = Work(job)
        for _ in six.steps(work=work, full=True):
            job.raw_cursor = dict(work.cursor)
        job.all_deaths += 1
    assert set(Chapter.objects.values_list("problem", flat=True)) == {""}

"""A shelf whose names are read wrongly, and rules for it."""

from typing import Any

import pytest

from kiremisu.jobs.models import Job, State
from kiremisu.jobs.running import run_now
from library.models import Chapter
from library.naming import weighing
from library.naming.rules import Naming, Rule
from library.naming.weighing import Weighed
from tests.library.scanning.conftest import shelf
from tests.library.scanning.driving import Shelf

__all__ = ["shelf"]


@pytest.fixture
def fifty(shelf: Shelf) -> Shelf:
    """Two files of "Area 51", and one of "Dawn"."""
    shelf.put("Area 51.cbz", first=1)
    shelf.put("Area 52.cbz", first=2)
    shelf.put("Dawn c3.cbz", first=3)
    shelf.scan()
    return shelf


def work_off() -> None:
    """Do all that waits to be done of names and of acts."""
    waiting = Job.objects.filter(kind__in=["names", "undo"], state=State.QUEUED).order_by("id")
    while job := waiting.first():
        assert run_now(job).state == State.DONE, job.error


def weighed(shelf: Shelf, *patterns: str) -> Weighed:
    """What would change with these rules in force and no others."""
    rules = (Rule(shelf.library.pk, pattern) for pattern in patterns)
    return weighing.weigh(shelf.library, Naming(rules))


def standing(shelf: Shelf) -> dict[str, Any]:
    """By path: series, its title, volume and number of each chapter."""
    found = Chapter.objects.filter(library=shelf.library).order_by("path")
    rows = found.values_list("path", "id", "series", "series__title", "volume", "number")
    return {path: rest for path, *rest in rows}


def told(shelf: Shelf) -> dict[str, str]:
    """By path, in words: "Dawn 1.2"."""
    return {
        path: f"{title} {volume}.{number}"
        for path, (_, _, title, volume, number) in standing(shelf).items()
    }

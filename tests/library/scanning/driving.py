"""A shelf of real files, and scans of it driven step by step."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from kiremisu.jobs.models import Job
from kiremisu.jobs.running import Work
from library.models import Chapter, Library
from library.scanning.course import Course
from library.scanning.tally import Tally
from tests import files

OLD = 1_600_000_000


class Shelf:
    """A library of CBZ files, each known by the pages it begins with."""

    def __init__(self, library: Library, root: Path) -> None:
        self.library, self.root = library, root

    def put(self, path: str, first: int = 1, count: int = 3, size: int = 40) -> Path:
        """A book; `first` decides what its pages are."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        files.make_zip(place, files.pages(count, size=(size, 60), first=first))
        os.utime(place, (OLD + first, OLD + first))
        return place

    def write(self, path: str, data: bytes) -> Path:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        return place

    def move(self, old: str, new: str) -> None:
        (self.root / new).parent.mkdir(parents=True, exist_ok=True)
        (self.root / old).rename(self.root / new)

    def remove(self, path: str) -> None:
        place = self.root / path
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink()

    def steps(self, *, full: bool = False, work: Work | None = None) -> Iterator[Tally]:
        """Scan, stopping after each commit."""
        self.library.refresh_from_db()
        work = work or Work(Job(kind="scan", subject=self.library.pk))
        course = Course(self.library, work, full=full)
        for step in course.steps():
            if step.apply:
                with transaction.atomic():
                    step.apply()
            yield course.tally

    def scan(self, *, full: bool = False) -> Tally:
        *_, tally = self.steps(full=full)
        return tally

    def at(self, path: str) -> Chapter:
        """Whoever is at this path now."""
        return Chapter.objects.get(library=self.library, path=path, missing_since=None)

    @property
    def paths(self) -> list[str]:
        here = Chapter.objects.filter(library=self.library, missing_since=None)
        return sorted(here.values_list("path", flat=True))

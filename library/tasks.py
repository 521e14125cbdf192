"""The kinds of job that the library does: scanning, making covers."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from kiremisu.jobs.running import Step, Work
from library import covers, disk
from library.models import Library
from library.scanning.course import Course

_BATCH = 24


def scan(work: Work) -> Iterator[Step]:
    """Bring a library up to date with its folder. Argument `full`: open every file again."""
    library = _library(work)
    if library is not None:
        yield from Course(library, work, full=bool(work.arguments.get("full"))).steps()


def make_covers(work: Work) -> Iterator[Step]:
    """Make the covers that a library lacks."""
    library = _library(work)
    if library is None:
        return
    done, left = 0, covers.pending(library).count()
    total = left
    with ThreadPoolExecutor(min(2, os.process_cpu_count() or 1)) as threads:
        while batch := covers.next_ones(library, _BATCH):
            sources = {content: covers.source_of(content) for content in batch}
            made = list(threads.map(covers.render, filter(None, sources.values())))
            made += [covers.Made(content) for content, source in sources.items() if not source]
            # A failure of the whole disk is not one of each book.
            if not all(each.width for each in made):
                disk.identity(library.folder)
            done += len(made)
            total = max(total, done)
            yield Step(
                done,
                total,
                "Making covers",
                apply=lambda made=made: covers.record(made),  # type: ignore[misc]
                pausable=True,
            )


def _library(work: Work) -> Library | None:
    return Library.objects.filter(id__in=[work.job.subject]).first()

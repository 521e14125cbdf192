"""The kinds of job that the library does: scanning, covers, what pages say and how they look."""

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from itertools import batched
from uuid import UUID

from kiremisu.jobs.running import Step, Work
from library import checking, covers, disk, measuring, outlines, texts
from library.models import Chapter, Content, Library, Series
from library.scanning.course import Course

_THREADS = min(2, os.process_cpu_count() or 1)
_WANTED = 240  # covers asked for at once
_BOOKS = 50  # PDFs asked for at once
_CHECKED = 500  # series at once
_LONG = 1.0  # seconds after which a batch is large enough


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
    done, total = 0, covers.pending(library).count()
    with ThreadPoolExecutor(_THREADS) as threads:
        while wanted := covers.next_ones(library, _WANTED):
            while wanted:
                made = _some_covers(wanted, threads)
                # A failure of the whole disk is not one of each book.
                if not all(each.width for each in made):
                    disk.identity(library.folder)
                del wanted[: len(made)]
                done += len(made)
                save = partial(covers.record, made)
                yield Step(done, max(total, done), "Making covers", apply=save, pausable=True)


def read_texts(work: Work) -> Iterator[Step]:
    """Read what the pages of a library's PDFs say."""
    library = _library(work)
    if library is None:
        return
    done, total = 0, texts.pending(library).count()
    while some := list(texts.pending(library)[:_BOOKS]):
        for chapter in some:
            for part in _parts(work, chapter):
                done += part.is_last
                save = partial(texts.record, part)
                yield Step(done, max(total, done), "Reading pages", apply=save, pausable=True)


def measure_pages(work: Work) -> Iterator[Step]:
    """Measure how the pages of a library look."""
    library = _library(work)
    if library is None:
        return
    done, total = 0, measuring.pending(library).count()
    while some := list(measuring.pending(library)[:_BOOKS]):
        for content in some:
            for part in _measured(content):
                done += part.is_last
                save = partial(measuring.record, part)
                yield Step(done, max(total, done), "Measuring pages", apply=save, pausable=True)


def measure_book(work: Work) -> Iterator[Step]:
    """The same of one content, which somebody reads."""
    for content in Content.objects.filter(id__in=[work.job.subject], measured=None):
        for part in _measured(content):
            save = partial(measuring.record, part)
            done = part.next - 1
            yield Step(done, content.page_count, "Measuring pages", apply=save, pausable=True)


def check(work: Work) -> Iterator[Step]:
    """Look whether cards say what is there, and mend those that do not."""
    total, done, last = Series.objects.count(), 0, work.cursor.get("last")
    while some := checking.after(UUID(last) if last else None, _CHECKED):

        def mend(series: Sequence[UUID] = some) -> None:
            work.cursor["last"] = str(series[-1])
            work.cursor["mended"] = work.cursor.get("mended", 0) + checking.mend(series)

        done, last = done + len(some), str(some[-1])
        yield Step(done, max(total, done), "Looking at cards", apply=mend, pausable=True)
    mended = work.cursor.get("mended", 0)
    yield Step(done, done, f"{mended} mended" if mended else "All as it should be", last=True)


def weigh(work: Work) -> Iterator[Step]:
    """Look what of the series of a library is here and what is missing, where they changed."""
    changed = outlines.unweighed(Series.objects.filter(library=work.job.subject)).order_by("id")
    done, total = 0, changed.count()
    while some := list(changed.values_list("pk", flat=True)[:_CHECKED]):
        done += len(some)
        save = partial(outlines.weigh, some)
        yield Step(done, max(total, done), "Looking for gaps", apply=save, pausable=True)


def _parts(work: Work, chapter: Chapter) -> Iterator[texts.Part]:
    """What a book says, from where this job was in it; the cursor is saved with each part."""
    book, place = str(chapter.content_id), texts.Place()
    if work.cursor.get("book") == book:
        place = texts.Place(*work.cursor["place"])
    while book:
        part = texts.read(chapter, place)
        place, book = part.after, "" if part.is_last else book
        work.cursor.update(book=book, place=list(place))
        yield part


def _measured(content: Content) -> Iterator[measuring.Part]:
    """What is told of a content's pages, from where any job came to."""
    chapter, first = measuring.file_of(content), measuring.place(content)
    if chapter is None:
        yield measuring.Part(content, first, [], is_last=True)
        return
    is_last = False
    while not is_last:
        part = measuring.measure(chapter, first)
        is_last, first = part.is_last, part.next
        yield part


def _some_covers(wanted: Sequence[Content], threads: Executor) -> list[covers.Made]:
    """The covers of the first of these, as many as are made in a few seconds."""
    made: list[covers.Made] = []
    began = time.monotonic()
    for few in batched(wanted, 2 * _THREADS, strict=False):
        sources = [(content, covers.source_of(content)) for content in few]
        made += threads.map(_cover, sources)
        if time.monotonic() - began > _LONG:
            break
    return made


def _cover(wanted: tuple[Content, covers.Source | None]) -> covers.Made:
    content, source = wanted
    return covers.render(source) if source else covers.Made(content)


def _library(work: Work) -> Library | None:
    return Library.objects.filter(id__in=[work.job.subject]).first()

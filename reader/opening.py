"""What the reader's page needs to know of a chapter, as its script takes it."""

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.urls import reverse

from kiremisu.accounts.links import pages_url
from kiremisu.accounts.models import User
from kiremisu.lib.errors import Unreadable
from library import measuring
from library.layouts import runs
from library.models import Chapter, Content, Series
from library.pages import measured
from library.pairing import Run
from library.shapes import WHOLE, PageEntry, PageGeometry
from reader.models import Progress
from reader.neighbours import Neighbours, neighbours
from reader.notebook import in_content
from reader.preferences import FIELDS, pairing_of, resolve
from reader.shapes import Pairing

# A page of unknown size is laid out like a usual one until its image tells.
USUAL = (840, 1200)


@dataclass(frozen=True, slots=True)
class Opened:
    """A readable chapter, in front of one reader."""

    chapter: Chapter
    pages: list[PageEntry]
    looks: list[PageGeometry]
    urls: list[str]
    around: Neighbours
    pairing: Pairing
    progress: Progress | None
    bookmarks: list[int]
    notes: list[dict[str, Any]]

    @property
    def resume_page(self) -> int:
        """Where to open it: what is left of the current reading, else the beginning."""
        if self.progress is None or not self.progress.is_open:
            return 1
        return min(self.progress.page, len(self.pages))


def opened(user: User, chapter: Chapter) -> Opened:
    """The chapter with its pages measured. `series` and `library` are to be loaded.

    Raises Unreadable, with a sentence, when there is nothing to read.
    """
    content = _content_of(chapter)
    pages = measured(chapter)
    if not pages:
        raise Unreadable("Its pages are not known yet; a scan will list them.", code="not_listed")
    measuring.request_soon(content)
    url = pages_url(user, chapter.pk)
    bookmarks, notes = in_content(user, content)
    return Opened(
        chapter=chapter,
        pages=pages,
        looks=measuring.known(content)[: len(pages)],
        urls=[url(number) for number in range(1, len(pages) + 1)],
        around=neighbours(user, chapter),
        pairing=pairing_of(user, content),
        progress=Progress.objects.of(user).filter(content=content).first(),
        bookmarks=bookmarks,
        notes=notes,
    )


def _content_of(chapter: Chapter) -> Content:
    if chapter.is_missing:
        raise Unreadable(
            "The file was not there when its library was last scanned. Your place in it is kept.",
            code="missing",
        )
    if chapter.content is None:
        raise Unreadable(
            chapter.problem_detail or "This file cannot be read.",
            code=chapter.problem or "unreadable",
        )
    return chapter.content


def heading(chapter: Chapter) -> str:
    """ "Chapter 41: The Weight of a Handful"."""
    label = chapter.label
    return label if not chapter.title or chapter.title == label else f"{label}: {chapter.title}"


def chapter_data(opened: Opened) -> dict[str, Any]:
    """The chapter for the script."""
    chapter, around = opened.chapter, opened.around
    after = _reference(around.next)
    return {
        **(_reference(chapter) or {}),
        "pages": [_page(*page) for page in zip_longest(opened.pages, opened.urls, opened.looks)],
        "told": {
            "rtl": [_run(run) for run in runs(opened.pages, opened.looks, "rtl")],
            "ltr": [_run(run) for run in runs(opened.pages, opened.looks, "ltr")],
        },
        "pairing": {"flip": opened.pairing.flip, "alone": opened.pairing.alone},
        "progress": progress_data(opened.progress) if opened.progress else None,
        "resume": opened.resume_page,
        "bookmarks": opened.bookmarks,
        "notes": opened.notes,
        "previous": _reference(around.previous),
        "next": after and {**after, "gap": around.gap, "byAnother": around.group},
    }


def _reference(chapter: Chapter | None) -> dict[str, Any] | None:
    if chapter is None:
        return None
    return {
        "id": str(chapter.pk),
        "url": reverse("read", args=[chapter.pk]),
        "label": chapter.label,
        "heading": heading(chapter),
        "group": chapter.group,
    }


def _run(run: Run) -> dict[str, Any]:
    return {"first": run.first, "last": run.last, "pairs": run.pairs}


def _page(entry: PageEntry, url: str, look: PageGeometry | None) -> dict[str, Any]:
    width, height = size(entry)
    page: dict[str, Any] = {"src": url, "w": width, "h": height}
    if look and look.box != WHOLE:
        page["box"] = look.box
    if not entry.width:
        page["guessed"] = True
    if entry.problem:
        page["problem"] = True
    return page


def size(entry: PageEntry) -> tuple[int, int]:
    """Width and height in pixels, a usual page's where nothing is known."""
    return (entry.width, entry.height) if entry.width and entry.height else USUAL


def progress_data(progress: Progress) -> dict[str, Any]:
    """What is stored, as the answer to a save."""
    return {
        "page": progress.page,
        "fraction": progress.fraction,
        "pages": progress.content.page_count,
        "done": progress.is_finished,
        "at": progress.at.isoformat(),
        "device": progress.device,
    }


def series_data(user: User, series: Series) -> dict[str, Any]:
    """The series for the script: how this person reads it, and what decided that."""
    resolved = resolve(user, series)
    return {
        "id": str(series.pk),
        "title": series.title,
        "url": reverse("series", args=[series.pk]),
        "choices": {name: getattr(resolved.choices, name) for name in FIELDS},
        "origins": resolved.origins,
        "otherwise": {name: getattr(resolved.without_series, name) for name in FIELDS},
        "otherwiseFrom": resolved.origins_without_series,
    }

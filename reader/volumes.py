"""A series opened: its chapters by volume, newest first, and where its reader is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby, pairwise
from uuid import UUID

from django.core.paginator import Page, Paginator

from kiremisu.accounts.models import User
from library.models import Chapter, Series
from reader import preferences
from reader.models import Progress
from reader.neighbours import gap_between
from reader.preferences import Resolved
from reader.progress import in_contents

# A series of more files than this shows its newest; one page of rows; what "all" marks.
MOST = 5000
PER_PAGE = 300

EXTRAS = "Extras"


@dataclass(frozen=True, slots=True)
class Row:
    """A chapter in the list. `gap` is what lacks between it and the one before it."""

    chapter: Chapter
    progress: Progress | None
    is_current: bool = False
    gap: str = ""

    @property
    def is_volume(self) -> bool:
        """It is a whole volume."""
        return bool(self.chapter.volume) and not self.chapter.number

    @property
    def is_readable(self) -> bool:
        return self.chapter.content_id is not None and not self.chapter.is_missing

    @property
    def is_done(self) -> bool:
        return self.progress is not None and self.progress.is_finished

    @property
    def is_unread(self) -> bool:
        return self.is_readable and not self.is_done

    @property
    def number(self) -> str:
        return short(self.chapter)

    @property
    def name(self) -> str:
        """What it is called besides its number."""
        chapter = self.chapter
        return chapter.title or ("" if self.number else chapter.label)

    @property
    def page(self) -> int:
        return self.progress.page if self.progress else 0

    @property
    def problem(self) -> str:
        """Why it cannot be read, as a sentence; empty when it can."""
        chapter = self.chapter
        if chapter.is_missing:
            return "Gone from disk. What you read of it is kept in case it comes back."
        if chapter.problem:
            return chapter.problem_detail or "This file cannot be read."
        return "" if chapter.content_id else "This file was not looked into yet."


@dataclass(frozen=True, slots=True)
class Volume:
    """Some rows under one heading; without name they need none."""

    name: str
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Entry:
    """Where Continue leads: a chapter and a page, and what the button says."""

    chapter: Chapter
    page: int
    words: str


@dataclass(frozen=True, slots=True)
class Opened:
    """Everything the page of a series shows."""

    series: Series
    entry: Entry | None
    volumes: list[Volume]
    page: Page[Row]
    unread: int
    resolved: Resolved

    @property
    def chapters(self) -> list[Chapter] | None:
        """All of them; None where they are too many."""
        rows = self.page.paginator.object_list
        return [row.chapter for row in rows] if len(rows) < MOST else None

    @property
    def at(self) -> str:
        """The end of an address that comes back to this page of chapters."""
        return f"?page={self.page.number}" if self.page.number > 1 else ""

    @property
    def direction(self) -> str:
        """How it reads, in words."""
        choices = self.resolved.choices
        if choices.layout == "scroll":
            return "Scrolling"
        way = "Left to right" if choices.direction == "ltr" else "Right to left"
        return f"{way}, {'one page' if choices.layout == 'single' else 'two pages'}"

    @property
    def formats(self) -> str:
        """Of the files shown, "CBZ 12 · PDF 1"."""
        names = {"zip": "CBZ", "rar": "CBR", "7z": "CB7", "tar": "CBT", "folder": "folders"}
        counts: dict[str, int] = {}
        for row in self.page.paginator.object_list:
            name = names.get(row.chapter.format, row.chapter.format.upper())
            counts[name] = counts.get(name, 0) + 1
        return " · ".join(f"{name} {count}" for name, count in counts.items() if name)

    @property
    def folder(self) -> str:
        """Where its files lie in the library, if in one folder."""
        folders = {row.chapter.path.rpartition("/")[0] for row in self.page.paginator.object_list}
        return folders.pop() if len(folders) == 1 else ""


def opened(user: User, series: Series, number: int = 1) -> Opened:
    """This series (with its library and cover) for this reader, one page of its chapters."""
    chapters = list(series.chapters.shown().select_related("content").in_order()[:MOST])
    places = in_contents(user, [c.content_id for c in chapters if c.content_id])
    entry, current = entry_of(chapters, places)
    rows = [
        Row(chapter, places.get(_content(chapter)), is_current=chapter.pk == current, gap=gap)
        for chapter, gap in zip(chapters, _gaps(chapters), strict=True)
    ]
    page = Paginator(_newest_first(rows), PER_PAGE).get_page(number)
    return Opened(
        series=series,
        entry=entry,
        volumes=_by_volume(page),
        page=page,
        unread=sum(row.is_unread for row in rows),
        resolved=preferences.resolve(user, series),
    )


def short(chapter: Chapter) -> str:
    """Its number as a row says it: "Ch. 12.5", "Vol. 3"; empty without."""
    if chapter.number:
        return f"Ch. {chapter.number}"
    return f"Vol. {chapter.volume}" if chapter.volume else ""


def entry_of(
    chapters: Sequence[Chapter], places: dict[UUID, Progress]
) -> tuple[Entry | None, UUID | None]:
    """Where to go on in these chapters (as one reads them), and the one being read now."""
    readable = [c for c in chapters if c.content_id and not c.is_missing]
    if not readable:
        return None, None
    begun = [c for c in readable if c.content_id in places]
    if not begun:
        return _entry("Start reading", readable[0], 1), None
    last = max(begun, key=lambda chapter: places[_content(chapter)].at)
    progress = places[_content(last)]
    if progress.is_open:
        return _entry("Continue", last, progress.page), last.pk
    here = readable.index(last)
    for chapter in (*readable[here + 1 :], *readable[:here]):
        theirs = places.get(_content(chapter))
        if theirs is None or not theirs.is_finished:
            return _entry("Continue", chapter, theirs.page if theirs else 1), None
    return _entry("Read again", readable[0], 1), None


def _entry(verb: str, chapter: Chapter, page: int) -> Entry:
    where = short(chapter)
    words = " ".join(filter(None, (verb, where[:1].lower() + where[1:])))
    return Entry(chapter, page, f"{words}, page {page}" if page > 1 else words)


def _content(chapter: Chapter) -> UUID:
    # Of no content when there is none: an id that nothing has.
    return chapter.content_id or chapter.pk


def _gaps(chapters: Sequence[Chapter]) -> Iterable[str]:
    yield from [""] if chapters else []
    for before, chapter in pairwise(chapters):
        yield gap_between(before, chapter)


def _newest_first(rows: Sequence[Row]) -> list[Row]:
    """Whole volumes above chapters. What is special stays behind, as when one reads."""
    newest = [row for row in reversed(rows) if not row.chapter.special]
    return [
        *(row for row in newest if row.is_volume),
        *(row for row in newest if not row.is_volume),
        *(row for row in rows if row.chapter.special),
    ]


def _by_volume(page: Page[Row]) -> list[Volume]:
    """Rows under their volumes. Volumes in one file each, and chapters of no volume, need a
    heading where the series has both."""
    plain = [row for row in page.paginator.object_list if not row.chapter.special]
    is_mixed = len({row.is_volume for row in plain}) > 1
    named = groupby(page, key=partial(_heading, is_mixed=is_mixed))
    return [Volume(name, list(run)) for name, run in named]


def _heading(row: Row, *, is_mixed: bool) -> str:
    if row.chapter.special:
        return EXTRAS
    if row.chapter.volume and row.chapter.number:
        return f"Volume {row.chapter.volume}"
    if not is_mixed:
        return ""
    return "Volumes" if row.is_volume else "Chapters"

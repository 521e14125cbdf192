"""How the pages of contents look: measured in a bounded child, part by part, and kept."""

import json
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import F, Func, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from kiremisu.jobs.models import Priority
from kiremisu.jobs.queue import enqueue
from kiremisu.lib.children import ChildFailed, Worker
from kiremisu.lib.errors import Unreadable
from library import disk, looking
from library.archives import LIMITS
from library.models import Chapter, Content, Library, PageGeometries
from library.pages import in_archive
from library.shapes import GeometryList, PageGeometry

# Pages looked at in one part, seconds after which those seen by then will do, and seconds at which
# a part is given up.
_PAGES, _ENOUGH, _SECONDS = 100, 2.0, 60.0
# Pages in the next part of those contents of which a part was given up.
_fewer: dict[UUID, int] = {}

_looker = Worker(memory=LIMITS.child_bytes, most=1 << 20, module=looking.__name__)


class Part(NamedTuple):
    """How some pages of a content look, `first` (from 1) being the first. `is_last`: that is all
    one gets of it."""

    content: Content
    first: int
    pages: list[PageGeometry]
    is_last: bool

    @property
    def next(self) -> int:
        return self.first + len(self.pages)


def request(library: Library) -> None:
    """Have those of this library's contents measured that were not yet."""
    if pending(library).exists():
        enqueue(
            "geometry", subject=library.id, key=f"geometry:{library.id}", priority=Priority.IDLE
        )


def request_soon(content: Content) -> None:
    """The same of one that somebody opened."""
    if content.measured is None:
        enqueue(
            "geometry-of",
            subject=content.id,
            key=f"geometry-of:{content.id}",
            priority=Priority.LATER,
        )


def pending(library: Library) -> QuerySet[Content]:
    """The contents that were not measured to their end and of which a file is there, as `file_of`
    finds it."""
    here = Chapter.objects.filter(library=library, page_index__isnull=False).readable()
    return Content.objects.filter(measured=None, id__in=here.values("content")).order_by("id")


def forget_failures(library: Library) -> None:
    """Let contents of which not every page was come to be looked at again, from there on."""
    here = Chapter.objects.filter(library=library).readable()
    many = Func(F("raw_pages__pages"), function="jsonb_array_length", output_field=IntegerField())
    seen = PageGeometries.objects.filter(content=OuterRef("pk")).values(many=many)
    given_up = Content.objects.filter(measured__isnull=False, id__in=here.values("content"))
    given_up = given_up.annotate(seen=Coalesce(Subquery(seen), 0))
    given_up.filter(seen__lt=F("page_count")).update(measured=None)


def place(content: Content) -> int:
    """The page to go on with, from 1."""
    return len(known(content)) + 1


def known(content: Content) -> list[PageGeometry]:
    """What is known of its pages, from the first on; none while nothing is."""
    row: PageGeometries | None = getattr(content, "geometries", None)
    return row.list.pages if row else []


def file_of(content: Content) -> Chapter | None:
    """A file that is there and holds these pages."""
    chapters = content.chapters.readable().select_related("library", "content", "page_index")
    return chapters.filter(page_index__isnull=False).order_by("id").first()


def measure(chapter: Chapter, first: int) -> Part:
    """How the next pages of this file look, in a few seconds; the database is not asked.

    None of them where the child failed over so many: then fewer are looked at, until one alone is
    passed over. Raises Unavailable when the library's disk is away.
    """
    content = chapter.content
    assert content is not None, "file_of() finds those with pages"
    most = max(1, min(_fewer.get(content.pk, _PAGES), content.page_count - first + 1))
    try:
        pages = _seen(chapter, first, most)
    except Unreadable:
        disk.identity(chapter.library.folder)
        return Part(content, first, [], is_last=True)
    if not pages and most > 1:
        _fewer[content.pk] = most // 2
        return Part(content, first, [], is_last=False)
    if pages and content.pk in _fewer:
        _fewer[content.pk] = min(2 * most, _PAGES // 2)
    part = Part(content, first, pages or [PageGeometry()], is_last=False)
    if part.next > content.page_count:
        _fewer.pop(content.pk, None)
        return part._replace(is_last=True)
    return part


def _seen(chapter: Chapter, first: int, most: int) -> list[PageGeometry]:
    """What the child says; nothing when it fails."""
    places = [list(page[:6]) for page in in_archive(chapter.page_index.list.pages)]
    target = f"{looking.__name__}:{looking.seen.__name__}"
    about = (chapter.file, chapter.format, places, (first, most), _ENOUGH)
    try:
        answer = _looker.call(target, *about, seconds=_SECONDS)
    except ChildFailed:
        return []
    return [PageGeometry.model_validate(page) for page in json.loads(answer)]


@transaction.atomic
def record(part: Part) -> None:
    """Keep what a part says behind what is kept. Nothing of it where another was quicker,
    or where the content is gone."""
    content = Content.objects.select_for_update().filter(pk=part.content.pk).first()
    if content is None or content.measured is not None or place(content) != part.first:
        return
    if part.pages:
        kept = [*known(content), *part.pages]
        row = PageGeometries(content=content)
        row.list = GeometryList(pages=kept)
        PageGeometries.objects.update_or_create(
            content=content, defaults={"raw_pages": row.raw_pages}
        )
    # Without a file nobody looked: whoever has one may.
    if part.is_last and (part.pages or file_of(content)):
        Content.objects.filter(pk=content.pk).update(measured=timezone.now())

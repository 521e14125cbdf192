"""The text of PDFs' pages: read in a bounded child, part by part, and kept to be searched."""

import time
from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from kiremisu.jobs.models import Priority
from kiremisu.jobs.queue import enqueue
from kiremisu.lib.errors import Unreadable
from library import disk
from library.archives import LIMITS, page_texts
from library.models import Chapter, ChapterQuery, Content, Library, PageText
from library.pagewords import joined, words

_KEEP = """
    INSERT INTO library_pagetext (content_id, page, text, words)
    SELECT %s, page, text, array_to_tsvector(string_to_array(words, ' '))
    FROM unnest(%s::int[], %s::text[], %s::text[]) AS said (page, text, words)
    ON CONFLICT (content_id, page) DO NOTHING
"""


class Place(NamedTuple):
    """How far a book was read: the next page, letters so far, and seconds that it took."""

    page: int = 1
    letters: int = 0
    seconds: float = 0.0


class Part(NamedTuple):
    """What some pages of a content say, from `place` on. `is_last`: that is all one gets of it."""

    content: Content
    place: Place
    texts: Sequence[str]
    after: Place
    is_last: bool


def request(library: Library) -> None:
    """Have the text read of those of this library's PDFs that were not looked at yet."""
    if pending(library).exists():
        enqueue("texts", subject=library.id, key=f"texts:{library.id}", priority=Priority.LATER)


def pending(library: Library) -> ChapterQuery:
    """PDFs that are there and whose text was not read to its end, one of each content, the first
    to come first."""
    unread = Chapter.objects.filter(library=library, format="pdf", content__text_read=None)
    found = unread.readable().select_related("library", "content").order_by("content_id", "id")
    return found.distinct("content_id")


def forget_failures(library: Library) -> None:
    """Let PDFs of which there is no text be looked at again."""
    here = Chapter.objects.filter(library=library, format="pdf").readable()
    silent = Content.objects.filter(text_read__isnull=False, texts=None)
    silent.filter(id__in=here.values("content")).update(text_read=None)


def read(chapter: Chapter, place: Place) -> Part:
    """What the next pages of this file say, in a few seconds; the database is not asked. A file
    that gives nothing more, or far too much, keeps what it gave until then.

    Raises Unavailable when the library's disk is away.
    """
    content = chapter.content
    assert content is not None, "pending() finds those with pages"
    began = time.monotonic()
    try:
        texts = [joined(text) for text in page_texts(chapter.file, place.page)]
    except Unreadable:
        disk.identity(chapter.library.folder)
        return Part(content, place, (), place, is_last=True)
    after = Place(
        place.page + len(texts),
        place.letters + sum(map(len, texts)),
        place.seconds + time.monotonic() - began,
    )
    is_last = (
        not texts
        or after.page > content.page_count
        or after.letters >= LIMITS.book_letters
        or after.seconds >= LIMITS.pdf_text_book_seconds
    )
    return Part(content, place, texts, after, is_last)


@transaction.atomic
def record(part: Part) -> None:
    """Keep what a part says, in place of what was kept of the whole where it is the first."""
    content, place = part.content, part.place
    if place.page == 1:
        PageText.objects.filter(content=content).delete()
    said = [(number, text) for number, text in enumerate(part.texts, place.page) if text]
    if said:
        pages, texts = zip(*said, strict=True)
        kept = [" ".join(words(text)) for text in texts]
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [content.pk, list(pages), list(texts), kept])
    if part.is_last:
        Content.objects.filter(pk=content.pk).update(text_read=timezone.now())

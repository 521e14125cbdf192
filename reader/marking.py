"""Marking chapters read or unread by hand."""

from kiremisu.accounts.models import User
from kiremisu.lib.errors import Invalid
from library.models import Chapter, ChapterQuery, Series
from reader.progress import mark_read, mark_unread

# The most chapters of a series that are marked at once.
MOST = 5000


def mark(user: User, chapter: Chapter, wanted: str) -> int:
    """Mark a chapter "read", "unread", or with all before it: "up-to". Answers how many changed.

    Raises Invalid for any other wish.
    """
    match wanted:
        case "read":
            return mark_read(user, [chapter])
        case "unread":
            return mark_unread(user, [chapter])
        case "up-to":
            return mark_read(user, _up_to(chapter))
    raise Invalid(f"A chapter is marked read, unread or up-to, not {wanted!r}.")


def mark_all(user: User, series: Series, wanted: str) -> int:
    """Mark every chapter of a series "read" or "unread". Raises Invalid for any other wish."""
    chapters = series.chapters.shown().in_order()
    match wanted:
        case "read":
            return mark_read(user, chapters.readable()[:MOST])
        case "unread":
            return mark_unread(user, chapters[:MOST])
    raise Invalid(f"A series is marked read or unread, not {wanted!r}.")


def _up_to(chapter: Chapter) -> list[Chapter]:
    found: ChapterQuery = chapter.series.chapters.readable().in_order()
    chapters = list(found[:MOST])
    return chapters[: chapters.index(chapter) + 1] if chapter in chapters else [chapter]

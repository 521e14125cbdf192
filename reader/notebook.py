"""A person's bookmarks and notes as lists: for the API, the notes page and exports."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Func, Q, TextField, Value

from kiremisu.accounts.links import page_url
from kiremisu.accounts.models import User
from kiremisu.lib.cursors import walk
from kiremisu.lib.orders import ID, Order, moment
from kiremisu.lib.schemas import Paging, part
from library.models import Chapter, Content
from library.search import spans
from library.shelving import readable
from reader import notes
from reader.models import Bookmark, MarkQuery, Note
from reader.schemas import NoteIn, NotesWanted

# A chapter's notes in the reader, and its bookmarks anywhere: no chapter has more pages.
IN_CHAPTER, MARKED = 500, 10_000
THUMBNAIL = 240
# Words of a search that count; letters of a note around what was found, and before it.
WORDS, EXCERPT, BEFORE = 8, 240, 60
_TAGGED = Func(F("tags"), Value("\n"), function="array_to_string", output_field=TextField())
_NEWEST = Order("notes", (moment("at"), ID), is_down=True)
_NOTE = ("id", "created", "updated", "user_id", "content_id", "page", "text", "tags", "at")


def chapters_of(user: User, contents: Iterable[UUID]) -> dict[UUID, Chapter]:
    """By content: a file that holds it and that they may open, one that is there if any is."""
    found: dict[UUID, Chapter] = {}
    chapters = Chapter.objects.visible_to(user).filter(content__in=set(contents))
    there_first = F("missing_since").asc(nulls_first=True)
    for chapter in chapters.select_related("series").order_by(there_first, "id"):
        if chapter.content_id is not None:
            found.setdefault(chapter.content_id, chapter)
    return found


def wanted_notes(user: User, wanted: NotesWanted) -> MarkQuery[Note]:
    found = Note.objects.visible_to(user)
    if wanted.series:
        found = found.within(wanted.series)
    if wanted.tag:
        found = found.filter(tags__contains=[wanted.tag])
    if wanted.search:
        found = found.filter(text__icontains=wanted.search)
    return between(found, wanted.since, wanted.until)


def between[Q: MarkQuery[Any]](found: Q, since: datetime | None, until: datetime | None) -> Q:
    """Those made from `since` on and before `until`."""
    if since:
        found = found.filter(at__gte=since)
    return found.filter(at__lt=until) if until else found


def list_notes(user: User, wanted: NotesWanted) -> dict[str, Any]:
    """A part of their notes, the newest first."""
    found = wanted_notes(user, wanted)
    walked = walk(found, _NEWEST, wanted, *_NOTE)
    return walked.answer(shown(user, (Note(**row) for row in walked.rows)), found.count(), wanted)


def found(user: User, q: str, limit: int) -> list[dict[str, Any]]:
    """Their notes that hold every word, in the text or as a tag, the newest first, each with
    what it matched."""
    if not Note.objects.filter(user=user).exists():
        # Mostly so, and this costs a tenth.
        return []
    notes = Note.objects.visible_to(user).annotate(tagged=_TAGGED)
    for word in q.split()[:WORDS]:
        notes = notes.filter(Q(text__icontains=word) | Q(tagged__icontains=word))
    rows = shown(user, notes.order_by("-at", "-id")[:limit])
    return [{"note": row, "matched": _matched(row, q)} for row in rows]


def _matched(row: dict[str, Any], q: str) -> dict[str, Any]:
    marks = spans(row["text"], q)
    if not marks:
        tag = next((tag for tag in row["tags"] if spans(tag, q)), "")
        return {"kind": "tag", "text": tag, "marks": spans(tag, q)}
    # Whole words, from a little before the first that is meant.
    start = row["text"].rfind(" ", 0, max(0, marks[0][0] - BEFORE)) + 1
    cut = row["text"][start : start + EXCERPT]
    return {"kind": "text", "text": cut, "marks": spans(cut, q)}


def chapter_notes(user: User, chapter: Chapter, paging: Paging) -> dict[str, Any]:
    """A part of their notes in a chapter, by page."""
    found = Note.objects.visible_to(user).filter(content=chapter.content_id)
    rows = found.order_by("page", "at", "id")[paging.bounds]
    return part([_note(row, chapter) for row in rows], found.count(), paging)


def one_note(user: User, note: Note) -> dict[str, Any]:
    return shown(user, [note])[0]


def add_note(user: User, chapter: Chapter, body: NoteIn) -> dict[str, Any]:
    """Raises Unreadable, Invalid, Conflict."""
    made = notes.write(user, readable(chapter), body.page, body.text, body.tags)
    return _note(made, chapter)


def change_note(user: User, note: Note, changes: dict[str, Any]) -> dict[str, Any]:
    return one_note(user, notes.rewrite(note, **changes))


def shown(user: User, rows: Iterable[Note]) -> list[dict[str, Any]]:
    rows = list(rows)
    chapters = chapters_of(user, (row.content_id for row in rows))
    # Taken from them between two questions: then it is not theirs to see.
    return [_note(row, chapters[row.content_id]) for row in rows if row.content_id in chapters]


def _note(row: Note, chapter: Chapter) -> dict[str, Any]:
    return {**_mark(row, chapter), "text": row.text, "tags": row.tags}


def _mark(row: Note | Bookmark, chapter: Chapter) -> dict[str, Any]:
    return {
        "id": row.pk,
        "created": row.created,
        "updated": row.updated,
        "at": row.at,
        "page": row.page,
        "content": row.content_id,
        "chapter": chapter.pk,
        "chapter_label": chapter.label,
        "series": chapter.series_id,
        "series_title": chapter.series.title,
    }


def bookmarks(user: User, chapter: Chapter) -> list[dict[str, Any]]:
    """Their bookmarks in a chapter, by page."""
    found = Bookmark.objects.visible_to(user).filter(content=chapter.content_id)
    return [_mark(row, chapter) for row in found.order_by("page")[:MARKED]]


def add_bookmark(user: User, chapter: Chapter, page: int) -> dict[str, Any]:
    """Raises Unreadable, Invalid, Conflict."""
    return _mark(notes.bookmark(user, readable(chapter), page), chapter)


def drop_bookmark(user: User, chapter: Chapter, page: int) -> None:
    if chapter.content is not None:
        notes.unmark(user, chapter.content, page)


def in_content(user: User, content: Content) -> tuple[list[int], list[dict[str, Any]]]:
    """What the reader's script is told of a chapter: bookmarked pages, and the notes."""
    pages = Bookmark.objects.filter(user=user, content=content).order_by("page")
    written = Note.objects.filter(user=user, content=content).order_by("page", "at", "id")
    told = [
        {"id": str(n.pk), "page": n.page, "text": n.text, "tags": n.tags}
        for n in written[:IN_CHAPTER]
    ]
    return list(pages.values_list("page", flat=True)[:MARKED]), told


def thumbnail(user: User, chapter: Chapter, page: int) -> str:
    return page_url(user, chapter.pk, page, THUMBNAIL)


def shown_bookmarks(user: User, rows: Iterable[Bookmark]) -> list[dict[str, Any]]:
    rows = list(rows)
    chapters = chapters_of(user, (row.content_id for row in rows))
    return [_mark(row, chapters[row.content_id]) for row in rows if row.content_id in chapters]


def tags_of(user: User) -> list[str]:
    """Every tag they gave, by name."""
    found = Note.objects.visible_to(user).exclude(tags=[]).order_by()
    given = found.values_list("tags", flat=True).distinct()
    return sorted({tag for tags in given for tag in tags}, key=str.casefold)

"""Bookmarking pages, and writing beside them."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Least
from django.utils import timezone

from kiremisu.accounts.models import User
from kiremisu.lib.errors import Conflict, FieldError, Invalid
from kiremisu.lib.text import clean
from library.models import Content
from reader.models import NOTE, NOTES, TAG, TAGS, Bookmark, Note

# Each bookmark stays who it is; the page may be marked there already.
_CARRIED = """
    WITH here AS (DELETE FROM reader_bookmark WHERE content_id = %s RETURNING *)
    INSERT INTO reader_bookmark (id, user_id, content_id, page, at, created, updated)
    SELECT id, user_id, %s, least(page, %s), at, created, now() FROM here ORDER BY page
    ON CONFLICT (user_id, content_id, page) DO NOTHING
"""


@transaction.atomic
def bookmark(user: User, content: Content, page: int) -> Bookmark:
    """Mark a page (1-based); one that is marked stays as it is.

    Raises Invalid when there is no such page, Conflict when there are too many.
    """
    _check_page(content, page)
    _one_at_a_time(user)
    marked = Bookmark.objects.filter(user=user, content=content, page=page).first()
    if marked is not None:
        return marked
    if Bookmark.objects.filter(user=user).count() >= NOTES:
        raise Conflict(f"There are {NOTES:,} bookmarks already.", code="too_many_bookmarks")
    return Bookmark.objects.create(user=user, content=content, page=page, at=timezone.now())


def unmark(user: User, content: Content, page: int) -> None:
    """Take the bookmark off a page, if there is one."""
    Bookmark.objects.filter(user=user, content=content, page=page).delete()


@transaction.atomic
def write(user: User, content: Content, page: int, text: str, tags: Iterable[str] = ()) -> Note:
    """A new note beside a page (1-based); a page may have several.

    Raises Invalid for what cannot be, Conflict when there are too many.
    """
    _check_page(content, page)
    said, named = _text(text), _tags(tags)
    _one_at_a_time(user)
    if Note.objects.filter(user=user).count() >= NOTES:
        raise Conflict(f"There are {NOTES:,} notes already.", code="too_many_notes")
    return Note.objects.create(
        user=user, content=content, page=page, text=said, tags=named, at=timezone.now()
    )


def rewrite(note: Note, **changes: Any) -> Note:
    """Change its `text`, `tags` or `page`; what is not named stays. Raises Invalid."""
    if "page" in changes:
        _check_page(note.content, changes["page"])
        note.page = changes["page"]
    if "text" in changes:
        note.text = _text(changes["text"])
    if "tags" in changes:
        note.tags = _tags(changes["tags"])
    # Only what was named, so that another device's change of the rest is not lost.
    note.save(update_fields=[*changes, "updated"])
    return note


def erase(note: Note) -> None:
    note.delete()


@transaction.atomic
def carry_over(old: Content, new: Content) -> None:
    """Move everybody's bookmarks and notes to the content that replaced theirs.

    Pages past the new end become its last. To be called when no file holds the old one any
    longer.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CARRIED, [old.pk, new.pk, new.page_count])
    Note.objects.filter(content=old).update(
        content=new, page=Least(F("page"), new.page_count), updated=timezone.now()
    )


def named(text: str) -> list[str]:
    """Tags as one writes them in a field: between commas."""
    return [tag for each in text.split(",") if (tag := clean(each))]


def _one_at_a_time(user: User) -> None:
    """Two devices may add at once: neither may pass the limit, nor mark a page twice."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _check_page(content: Content, page: int) -> None:
    if not 1 <= page <= content.page_count:
        raise Invalid(f"There are pages 1 to {content.page_count}, not {page}.")


def _text(text: str) -> str:
    said = clean(text.replace("\r\n", "\n"))
    if not 1 <= len(said) <= NOTE:
        wrong = FieldError("text", f"A note has 1 to {NOTE:,} characters.")
        raise Invalid(wrong.message, errors=(wrong,))
    return said


def _tags(tags: Iterable[str]) -> list[str]:
    """Each once, in the order given."""
    tidy = list(dict.fromkeys(tag for each in tags if (tag := clean(each))))
    if len(tidy) > TAGS or any(len(tag) > TAG for tag in tidy):
        wrong = FieldError("tags", f"At most {TAGS} tags of {TAG} characters.")
        raise Invalid(wrong.message, errors=(wrong,))
    return tidy

"""A person's own places, notes and lists, as rows to take away."""

from collections.abc import Iterator

from kiremisu.accounts.models import User
from library.exports import Row, parts
from library.models import Chapter
from reader import notebook
from reader.models import List, ListEntry, Note, Progress

_PLACE = (
    "id", "created", "updated", "content", "content__page_count", "chapter", "page", "fraction",
    "at", "device", "started_at", "finished_at",
)  # fmt: skip
_OF_CHAPTER = ("series", "series__title", "volume", "number", "title")
_NOTE = ("id", "created", "updated", "at", "content", "page", "text", "tags")
_LIST = ("list", "name", "kind", "is_shared", "filter", "sort")
_ENTRY = ("id", "created", "updated", "position", "note", "chapter", *_OF_CHAPTER)
PROGRESS = (*_PLACE, *_OF_CHAPTER)
NOTES = (*_NOTE, "chapter", *_OF_CHAPTER)
LISTS = (*_LIST, *_ENTRY)


def progress(user: User) -> Iterator[list[Row]]:
    """Every place of theirs. What they read and may no longer see is not named."""
    for rows in parts(Progress.objects.of(user), _PLACE):
        through = [row["chapter"] for row in rows]
        visible = Chapter.objects.visible_to(user).filter(pk__in=through)
        named = {row["id"]: row for row in visible.values("id", *_OF_CHAPTER)}
        yield [_row(row, named.get(row["chapter"])) for row in rows]


def notes(user: User) -> Iterator[list[Row]]:
    """Every note of theirs, in what they may see."""
    for rows in parts(Note.objects.visible_to(user), _NOTE):
        chapters = notebook.chapters_of(user, (row["content"] for row in rows))
        yield [
            row | {"chapter": chapter.pk, **_facts(chapter)}
            for row in rows
            if (chapter := chapters.get(row["content"]))
        ]


def lists(user: User) -> Iterator[list[Row]]:
    """Every entry of their lists that they see, by list and in order; of a smart list, or one
    with nothing in it, what is known of the list."""
    for found in List.objects.of(user).order_by("name", "id"):
        inside = ListEntry.objects.visible_to(user).filter(list=found).in_order()
        rows = inside.select_related("series", "chapter__series")
        listed = [
            _list(found) | _entry(row, position) for position, row in enumerate(rows, start=1)
        ]
        yield listed or [_list(found) | dict.fromkeys(_ENTRY)]


def _list(found: List) -> Row:
    asked = found.sought.filter
    return {
        "list": found.pk,
        "name": found.name,
        "kind": found.kind,
        "is_shared": found.is_shared,
        "filter": asked.model_dump_json(by_alias=True) if asked else "",
        "sort": found.sought.sort if asked else "",
    }


def _entry(row: ListEntry, position: int) -> Row:
    own = {"id": row.pk, "created": row.created, "updated": row.updated, "position": position}
    if row.chapter is not None:
        return own | {"note": row.note, "chapter": row.chapter_id, **_facts(row.chapter)}
    assert row.series is not None
    whole = {"series": row.series_id, "series__title": row.series.title}
    return own | {"note": row.note, "chapter": None} | dict.fromkeys(_OF_CHAPTER) | whole


def _facts(chapter: Chapter) -> Row:
    """As `_OF_CHAPTER` names them."""
    return {
        "series": chapter.series_id,
        "series__title": chapter.series.title,
        "volume": chapter.volume,
        "number": chapter.number,
        "title": chapter.title,
    }


def _row(place: Row, chapter: Row | None) -> Row:
    if chapter is None:
        return place | {"chapter": None} | dict.fromkeys(_OF_CHAPTER)
    return place | {name: chapter[name] for name in _OF_CHAPTER}

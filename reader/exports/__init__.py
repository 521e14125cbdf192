"""A person's own places, as rows to take away."""

from collections.abc import Iterator

from kiremisu.accounts.models import User
from library.exports import Row, parts
from library.models import Chapter
from reader.models import Progress

_PLACE = (
    "id", "created", "updated", "content", "content__page_count", "chapter", "page", "fraction",
    "at", "device", "started_at", "finished_at",
)  # fmt: skip
_OF_CHAPTER = ("series", "series__title", "volume", "number", "title")
COLUMNS = (*_PLACE, *_OF_CHAPTER)


def progress(user: User) -> Iterator[list[Row]]:
    """Every place of theirs. What they read and may no longer see is not named."""
    for rows in parts(Progress.objects.of(user), _PLACE):
        through = [row["chapter"] for row in rows]
        visible = Chapter.objects.visible_to(user).filter(pk__in=through)
        named = {row["id"]: row for row in visible.values("id", *_OF_CHAPTER)}
        yield [_row(row, named.get(row["chapter"])) for row in rows]


def _row(place: Row, chapter: Row | None) -> Row:
    if chapter is None:
        return place | {"chapter": None} | dict.fromkeys(_OF_CHAPTER)
    return place | {name: chapter[name] for name in _OF_CHAPTER}

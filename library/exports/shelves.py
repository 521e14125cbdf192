"""Series and chapters, as rows to take away."""

from collections.abc import Iterator

from kiremisu.accounts.models import User
from library.exports import Row, parts
from library.models import Chapter, Series

SERIES = (
    "id", "created", "updated", "library", "title", "sort_title", "year", "language", "status",
    "content_rating", "summary", "chapter_count", "volume_count", "page_count", "missing_count",
    "problem_count", "last_added",
)  # fmt: skip
CHAPTERS = (
    "id", "created", "updated", "library", "series", "series__title", "content", "path", "format",
    "size", "page_count", "volume", "number", "title", "year", "group", "language", "edition",
    "special", "problem", "missing_since",
)  # fmt: skip


def series(user: User) -> Iterator[list[Row]]:
    """Every series this person may see."""
    return parts(Series.objects.visible_to(user), SERIES)


def chapters(user: User) -> Iterator[list[Row]]:
    """Every chapter this person may see."""
    return parts(Chapter.objects.visible_to(user), CHAPTERS)

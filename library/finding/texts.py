"""Finding pages by what they say."""

from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from kiremisu.accounts.models import User
from kiremisu.lib.queries import inside
from library.models import Chapter
from library.pagewords import excerpt, question, terms
from library.search import MOST_LETTERS

# Pages that are looked at: a word that all have is no reason to read them all.
_LOOKED = 1000
# Of each book the first page before any book's second one, those that came last first. The words
# are a question of their own, so that the planner does not know them: it thinks that it costs
# nothing to read the words of every page, and for a frequent one does so. Whether this person sees
# any book is asked once, and only where there is a page to look at, of which every row is asked:
# asked first it would go through all chapters of a library without books like these.
_PAGES = """
    WITH seen AS NOT MATERIALIZED ({visible})
    SELECT (SELECT id FROM seen WHERE content_id = placed.content_id ORDER BY id LIMIT 1),
        page, text
    FROM (
        SELECT content_id, page, text,
            row_number() OVER (PARTITION BY content_id ORDER BY page) AS place
        FROM (
            SELECT content_id, page, text FROM library_pagetext
            WHERE words @@ (SELECT %s::tsquery) AND content_id IN (SELECT content_id FROM seen)
                AND CASE WHEN page > 0 THEN EXISTS (SELECT FROM seen) END
            LIMIT %s
        ) looked_at
    ) placed
    ORDER BY place, content_id DESC LIMIT %s
"""


class Said(NamedTuple):
    """A page that was found, in a file to open: a part of its text, and from and to where in that
    the words stand."""

    chapter: UUID
    page: int
    text: str
    marks: list[tuple[int, int]]


def pages(user: User, q: str, limit: int) -> list[Said]:
    """Pages of files that are there and that this person may see whose text has every word."""
    asked = terms(q[:MOST_LETTERS])
    if not asked:
        return []
    statement, values = _question(user, question(asked), limit)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found = cursor.fetchall()
    return [Said(chapter, page, *excerpt(text, asked)) for chapter, page, text in found]


def _question(user: User, words: str, limit: int) -> tuple[str, list[Any]]:
    seen = Chapter.objects.visible_to(user).readable().filter(format="pdf")
    visible, who = inside(seen.values("id", "content_id"))
    return _PAGES.format(visible=visible), [*who, words, _LOOKED, limit]

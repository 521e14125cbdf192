"""Finding people, genres and tags by their names, with a letter or two wrong."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from kiremisu.accounts.models import User
from kiremisu.lib.text import fold, words
from library import labels
from library.folding import forgiven, near, tokens
from library.models import Person, Tag

type Row = dict[str, Any]

# An index over trigrams knows nothing shorter.
_SHORTEST = 3
# Names that are looked at first; more when too few of them are to be seen.
_LOOKED = 100
# Those that hold all words come first, of these those that begin so.
_ALIKE = """
    SELECT id, holds FROM (
        SELECT id, folded, ({holding}) AS holds FROM {table}
        WHERE folded %%> %s OR ({holding})
    ) alike
    ORDER BY holds DESC, NULLIF(STRPOS(folded, %s), 0) NULLS LAST, %s <<-> folded, folded, id
    LIMIT %s
"""


def people(user: User, q: str, limit: int) -> list[Row]:
    """People with a part in series that this person may see, the best first."""
    rows = _found(Person, user, q, limit, labels.PERSON)
    return _hits("person", labels.with_parts(user, rows), q) if rows else []


def tags(user: User, q: str, limit: int) -> list[Row]:
    """Genres and tags of series that this person may see, the best first."""
    rows = _found(Tag, user, q, limit, labels.TAG)
    return _hits("tag", labels.with_counts(user, rows), q) if rows else []


def _found(
    model: type[Person | Tag], user: User, q: str, limit: int, columns: Sequence[str]
) -> list[Row]:
    """Those whose names hold every word, else those that look like them."""
    line = fold(q)
    if not line:
        return []
    if not any(len(word) >= _SHORTEST for word in line.split()):
        begun = model.objects.visible_to(user).filter(folded__startswith=line)
        return list(begun.order_by("folded", "id").values(*columns)[:limit])
    # Whether one may see them is asked of these few: mostly there are none.
    most = _LOOKED
    while True:
        alike = _alike(model, line, most)
        if not alike:
            return []
        seen = model.objects.visible_to(user).filter(pk__in=alike).order_by()
        rows = {row["id"]: row for row in seen.values(*columns)}
        if len(rows) >= limit or len(alike) < most:
            break
        most *= 10
    best = [key for key in alike if key in rows][:limit]
    are_held = any(alike[key] for key in best)
    return [rows[key] for key in best if alike[key] or not are_held]


def _alike(model: type[Person | Tag], line: str, most: int) -> dict[UUID, bool]:
    """Whose names hold every word, or look like the line, whoever may see them, the best first:
    each with whether it holds them."""
    with connection.cursor() as cursor:
        cursor.execute(*_question(model, line, most))
        return dict(cursor.fetchall())


def _question(model: type[Person | Tag], line: str, most: int) -> tuple[str, list[str | int]]:
    held = [f"%{connection.ops.prep_for_like_query(word)}%" for word in words(line)]
    holding = " AND ".join(["folded LIKE %s"] * len(held))
    asked = _ALIKE.format(table=connection.ops.quote_name(model._meta.db_table), holding=holding)
    return asked, [*held, line, *held, line, line, most]


def _hits(kind: str, rows: Sequence[Row], q: str) -> list[Row]:
    terms = [token.word for token in tokens(q)]
    return [
        {kind: row, "matched": {"text": row["name"], "marks": _marks(row["name"], terms)}}
        for row in rows
    ]


def _marks(name: str, terms: Sequence[str]) -> list[tuple[int, int]]:
    """The words of a name that are meant by one of these."""
    return [
        (token.start, token.end)
        for token in tokens(name)
        if any(_means(term, token.word) for term in terms)
    ]


def _means(term: str, word: str) -> bool:
    return term in word or near(term, word, forgiven(term)) is not None

"""Finding people, genres and tags by their names, with a letter or two wrong."""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.search import TrigramWordDistance
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import NullIf, StrIndex

from kiremisu.accounts.models import User
from kiremisu.lib.text import fold
from library import labels
from library.folding import forgiven, near, tokens
from library.models import Person, Tag

type Row = dict[str, Any]

# An index over trigrams knows nothing shorter.
_SHORTEST = 3


def people(user: User, q: str, limit: int) -> list[Row]:
    """People with a part in series that this person may see, the best first."""
    rows = _found(Person.objects.visible_to(user), q, limit, labels.PERSON)
    return _hits("person", labels.with_parts(user, rows), q)


def tags(user: User, q: str, limit: int) -> list[Row]:
    """Genres and tags of series that this person may see, the best first."""
    rows = _found(Tag.objects.visible_to(user), q, limit, labels.TAG)
    return _hits("tag", labels.with_counts(user, rows), q)


def _found(named: QuerySet[Any], q: str, limit: int, columns: Sequence[str]) -> list[Row]:
    """Those whose names hold every word, else those that look like them."""
    line = fold(q)
    if not any(len(word) >= _SHORTEST for word in line.split()):
        begun = named.filter(folded__startswith=line) if line else named.none()
        return list(begun.order_by("folded", "id").values(*columns)[:limit])
    holding = Q()
    for word in line.split():
        holding &= Q(folded__contains=word)
    alike = named.filter(holding | Q(folded__trigram_word_similar=line)).annotate(
        holds=ExpressionWrapper(holding, BooleanField()),
        # Those first that begin so; last where the words stand otherwise.
        at=NullIf(StrIndex("folded", Value(line)), Value(0)),
        distance=TrigramWordDistance(line, F("folded")),
    )
    best = alike.order_by(F("holds").desc(), F("at").asc(nulls_last=True), "distance", "folded")
    rows = list(best.values(*columns, "holds")[:limit])
    are_held = any(row["holds"] for row in rows)
    return [row for row in rows if row.pop("holds") or not are_held]


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

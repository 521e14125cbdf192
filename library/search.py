"""Finding series by any of their titles, in any script and misspelt, and chapters by theirs.

Words are looked up in the vocabulary of all titles first, which forgives wrong letters; then
series are found by those words over an index, and ranked here. The vocabulary only widens
what is asked: whatever is answered comes from what the person may see.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple
from uuid import UUID

from django.contrib.postgres.search import TrigramDistance
from django.db import connection
from django.db.models import Q

from kiremisu.accounts.models import User
from kiremisu.lib.queries import inside
from library.folding import alike, forgiven, near, shortened, tokens
from library.models import Chapter, ChapterQuery, Series, TitleForm

# Characters of a search, words of it that count, and rows looked at on the way.
MOST_LETTERS = 200
_TERMS = 8
_ROWS = 150
_NEAR = 16
_PREFIXES = 40
_ALIKE = 20
_LAST_LETTER = "\U0010ffff"
# From here on a form is as good as what was asked for.
_GOOD = 0.86
# How often words are marked in one text.
_MARKS = 20
# An index over trigrams knows nothing shorter.
_SHORTEST = 3
# The words that may be meant by each term, and those that begin as the last does, which have no
# place. Joined piece by piece, because for one long overlap the planner reads the whole table; from
# and to, because a plan that serves every search finds no index for LIKE.
_MEANT = """
    SELECT DISTINCT asked.place, known.word FROM unnest(%s::int[], %s::varchar[])
        AS asked (place, short)
    JOIN library_titleword known ON known.shortened @> ARRAY[asked.short]
    UNION ALL
    (SELECT NULL, word FROM library_titleword WHERE word ~>=~ %s AND word ~<=~ %s
        ORDER BY length(word), word LIMIT %s)
"""
# Forms that hold words; those that hold all of them as they are come first. Written here, because
# to build it costs Django more than the database needs to answer it.
_FORMS = """
    SELECT series_id, kind, text, language, folded FROM library_titleform
    WHERE series_id IN ({visible}) AND ({exact} OR {wanted})
    ORDER BY {exact} DESC, length(folded), id LIMIT %s
"""
_EXACT = "(words @> %s::varchar[] OR words @> %s::varchar[])"
_MEANS_ONE = "words && %s::varchar[]"
_TITLES_A_CHAPTER = "SELECT EXISTS (SELECT FROM library_chapter WHERE title <> '' AND {})"
_HOLDS = "UPPER(title) LIKE UPPER(%s)"

type Closeness = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Hit:
    """A series that was found: by which of its titles, and which parts of that are meant."""

    series: UUID
    text: str
    kind: str
    language: str
    marks: tuple[tuple[int, int], ...]
    score: float

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The title in pieces, each with whether it is marked."""
        return pieces(self.text, self.marks)


class _Form(NamedTuple):
    """What is looked at of a TitleForm."""

    series_id: UUID
    kind: str
    text: str
    language: str
    folded: str


@dataclass(frozen=True, slots=True)
class _Query:
    """What is asked for: each term with the words that may be meant, and all of it in one."""

    line: str
    terms: tuple[str, ...]
    near: tuple[Closeness, ...]
    whole: str


def find(user: User, q: str, limit: int = 20) -> list[Hit]:
    """The series this person may see that fit best, the best first."""
    terms = tuple(dict.fromkeys(token.word for token in tokens(q[:MOST_LETTERS])))[:_TERMS]
    if not terms:
        return []
    query = _understood(terms)
    best = _best(query, _candidates(user, query))
    if not best or max(hit.score for hit in best.values()) < _GOOD:
        _add_alike(user, query, best)
    return sorted(best.values(), key=lambda hit: (-hit.score, hit.text, hit.series))[:limit]


def chapters(user: User, q: str) -> ChapterQuery | None:
    """Chapters this person may see whose title holds every word, newest first.

    None where nobody's does, which is mostly so, and of searches without a word of three letters.
    """
    words = q[:MOST_LETTERS].split()[:_TERMS]
    if not _titles_a_chapter(words):
        return None
    titled = ~Q(title="")
    for word in words:
        titled &= Q(title__icontains=word)
    return Chapter.objects.visible_to(user).filter(titled).order_by("-created", "id")


def spans(text: str, q: str) -> list[tuple[int, int]]:
    """From and to where the words of a search stand in a text, as they are typed."""
    words = sorted(q[:MOST_LETTERS].split()[:_TERMS], key=len, reverse=True)
    if not words:
        return []
    either = re.compile("|".join(map(re.escape, words)), re.IGNORECASE)
    return [match.span() for match in either.finditer(text)][:_MARKS]


def pieces(text: str, marks: Iterable[tuple[int, int]]) -> list[tuple[str, bool]]:
    """A text cut at its marks."""
    cut: list[tuple[str, bool]] = []
    at = 0
    for start, end in marks:
        cut += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [piece for piece in (*cut, (text[at:], False)) if piece[0]]


def _titles_a_chapter(words: Collection[str]) -> bool:
    """Whoever may see it."""
    if not any(len(word) >= _SHORTEST for word in words):
        return False
    held = [f"%{connection.ops.prep_for_like_query(word)}%" for word in words]
    with connection.cursor() as cursor:
        cursor.execute(_TITLES_A_CHAPTER.format(" AND ".join([_HOLDS] * len(held))), held)
        return bool(cursor.fetchone()[0])


def _understood(terms: tuple[str, ...]) -> _Query:
    asked = [(place, short) for place, word in enumerate(terms) for short in shortened(word)]
    pieces = [list(some) for some in zip(*asked, strict=True)]
    begun = [terms[-1], f"{terms[-1]}{_LAST_LETTER}"]
    known: dict[int | None, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_MEANT, [*pieces, *begun, _PREFIXES])
        for place, word in cursor.fetchall():
            known.setdefault(place, []).append(word)
    found = [_close(term, known.get(place, ())) for place, term in enumerate(terms)]
    last, word = found[-1], terms[-1]
    for longer in known.get(None, ()):
        last[longer] = max(last.get(longer, 0), 0.75 + 0.25 * len(word) / len(longer))
    return _Query(" ".join(terms), terms, tuple(found), "".join(terms)[:100])


def _close(term: str, known: Iterable[str]) -> dict[str, float]:
    """The words that may be meant by a term, and how close they are."""
    most = forgiven(term)
    found = {word: wrong for word in known if (wrong := near(term, word, most)) is not None}
    nearest = sorted(found, key=lambda word: (found[word], word))[:_NEAR]
    return {word: 1 - found[word] * min(0.2, 1 / len(term)) for word in nearest}


def _candidates(user: User, query: _Query) -> list[_Form]:
    """Forms that hold the words: all of them as they are, else misspelt, else most of them."""
    groups = [sorted(words) for words in query.near if words]
    found = _rows(user, query, [groups] if len(groups) == len(query.terms) else [])
    least = (len(query.terms) + 1) // 2
    count = min(len(groups), len(query.terms) - 1)
    while not found and count >= max(1, least):
        found = _rows(user, query, list(combinations(groups, count)))
        count -= 1
    return found


def _rows(user: User, query: _Query, either: Collection[Collection[Sequence[str]]]) -> list[_Form]:
    """Forms with all words as they are, or with one of every group of one of these."""
    visible, who = inside(Series.objects.visible_to(user).values("id"))
    exact = [list(query.terms), [query.whole]]
    wanted = " OR ".join(" AND ".join([_MEANS_ONE] * len(groups)) for groups in either) or "FALSE"
    groups = [list(words) for some in either for words in some]
    asked = _FORMS.format(visible=visible, exact=_EXACT, wanted=wanted)
    with connection.cursor() as cursor:
        cursor.execute(asked, [*who, *exact, *groups, *exact, _ROWS])
        return [_Form(*row) for row in cursor.fetchall()]


def _best(query: _Query, forms: Iterable[_Form]) -> dict[UUID, Hit]:
    """The best form of each series."""
    best: dict[UUID, Hit] = {}
    for form in forms:
        _take(best, form, _score(query, form), query)
    return best


def _score(query: _Query, form: _Form) -> float:
    """From 0 to 1: how well the words are covered, how much of the title they are, in order."""
    words = form.folded.split()
    compact = form.folded.replace(" ", "")
    said, letters, places = 0.0, 0, []
    for meant in query.near:
        fitting = [(meant[word], -at) for at, word in enumerate(words) if word in meant]
        if fitting:
            close, at = max(fitting)
            said += close
            letters += len(words[-at])
            places.append(-at)
    density = min(1.0, letters / len(compact))
    order = 0.05 if places and places == sorted(set(places)) else 0.0
    score = 0.8 * said / len(query.terms) + 0.15 * density + order
    # All of it in one, however it was cut into words: nearly as good.
    return max(score, 0.98 if compact[:100] == query.whole else 0.0)


def _add_alike(user: User, query: _Query, best: dict[UUID, Hit]) -> None:
    """Titles that look like the search as a whole, for words cut or joined otherwise."""
    forms = TitleForm.objects.visible_to(user).filter(folded__trigram_similar=query.line)
    nearest = TrigramDistance("folded", query.line)
    for row in forms.order_by(nearest, "id").values_list(*_Form._fields)[:_ALIKE]:
        form = _Form(*row)
        _take(best, form, 0.85 * alike(query.line, form.folded), query)


def _take(best: dict[UUID, Hit], form: _Form, score: float, query: _Query) -> None:
    score -= 0.0 if form.kind == TitleForm.Kind.SHOWN else 0.005
    known = best.get(form.series_id)
    if known is None or score > known.score:
        marks = _marks(query, form)
        best[form.series_id] = Hit(
            form.series_id, form.text, form.kind, form.language, marks, score
        )


def _marks(query: _Query, form: _Form) -> tuple[tuple[int, int], ...]:
    meant = {word for words in query.near for word in words}
    found = [(each.start, each.end) for each in tokens(form.text) if each.word in meant]
    if not found and form.folded.replace(" ", "")[:100] == query.whole:
        return ((0, len(form.text)),)
    return tuple(found)

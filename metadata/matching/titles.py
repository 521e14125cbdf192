"""How alike titles are, and what to ask a provider for."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import product

from library.folding import alike, near
from metadata.matching.kana import in_hiragana
from metadata.matching.leftovers import without_leftovers
from metadata.matching.marks import IN_WORDS, marks_in, marks_told, without_number
from metadata.matching.sides import Candidate, Found, Local, Title
from metadata.matching.spelling import Form, form_of

_ALSO = 0.98  # by one of its other titles
_LOOSE = 0.96  # but for spaces, articles, leftovers or the way in which romaji is written
_PER_LETTER = 0.05  # that is wrong
_WITH_MORE = 0.72  # one has a subtitle that the other has not
_MOST_ALIKE = 0.7  # words in common only
_CONFLICTED = 0.55  # of the share, where something sets the two apart
_MOST_QUERIES = 3


def queries(local: Local) -> list[str]:
    """What to search a provider for, the likeliest first: titles without leftovers, then as
    others may have written them, in hiragana."""
    bare = [without_leftovers(title.text) for title in local.titles]
    known = {form_of(text).base: text for text in reversed(bare) if text}
    titles = list(known.values())[::-1][:_MOST_QUERIES]
    return list(dict.fromkeys([*titles, *map(in_hiragana, titles)]))


def with_words(local: Local, candidates: Iterable[Candidate]) -> Local:
    """With the words of all titles of these candidates as known ones."""
    titles = [title.text for candidate in candidates for title in candidate.titles]
    words = {word for text in titles for word in form_of(text).spelt.split()}
    return replace(local, words=local.words | words)


def compare_titles(local: Local, candidate: Candidate) -> Found:
    """The best that any title here and any title there come to."""
    pairs = product(enumerate(local.titles), enumerate(candidate.titles))
    found = [
        (*_pair(local, candidate, mine, other), -place - rank, mine, other)
        for (rank, mine), (place, other) in pairs
    ]
    if not found:
        return Found(0, "Nothing to compare")
    share, says, conflicts, _, mine, other = max(found, key=lambda one: (one[0], one[3]))
    return Found(share, says.format(mine=f"“{mine.text}”", other=_named(other)), conflicts)


def _pair(
    local: Local, candidate: Candidate, mine: Title, other: Title
) -> tuple[float, str, tuple[str, ...]]:
    one, two = form_of(mine.text), form_of(other.text)
    share, says = _alike(one, two, local.words)
    if other.kind not in ("", "main"):
        share *= _ALSO
    conflicts = _set_apart(local, candidate, one, two)
    return (share * _CONFLICTED if conflicts else share), says, conflicts


def _alike(one: Form, two: Form, words: frozenset[str]) -> tuple[float, str]:
    """How alike two titles are, whatever their marks and numbers say."""
    if one.whole == two.whole:
        return 1.0, "{mine} is {other}, exactly"
    if one.base == two.base or one.compact == two.compact:
        return _LOOSE, "{mine} is {other}, written otherwise"
    wrong = None if _another_word(one, two, words) else _wrong_letters(one, two)
    if wrong is not None:
        letters = "one letter" if wrong == 1 else f"{wrong} letters"
        return 0.97 - _PER_LETTER * wrong, f"{{mine}} is {{other}}, with {letters} wrong"
    short, long = sorted((one.base, two.base), key=len)
    if len(short) >= 4 and long.startswith(f"{short} "):
        share = _WITH_MORE * (0.75 + 0.25 * len(short) / len(long))
        return share, "{mine} and {other}: one has more behind it"
    return _MOST_ALIKE * _resemblance(one, two), "{mine} resembles {other}"


def _wrong_letters(one: Form, two: Form) -> int | None:
    """How many letters are wrong, as they are spelt or as they sound; None when too many."""
    shorter = min(len(one.letters), len(two.letters))
    most = 0 if shorter < 5 else 1 if shorter < 8 else 2
    if one.signs != two.signs or one.script != two.script or not most:
        return None
    pairs = (one.letters, two.letters), (one.compact, two.compact)
    counts = [near(mine, other, most) for mine, other in pairs]
    known = [count for count in counts if count is not None]
    return min(known, default=None)


def _another_word(one: Form, two: Form, words: frozenset[str]) -> bool:
    """Whether a word is another one rather than misspelt: it is known as it is, or more of its
    letters are wrong than happens to a word of its length."""
    mine, others = one.spelt.split(), two.spelt.split()
    if len(mine) != len(others):
        return False
    return any(
        word in words or near(word, other, 1 if max(len(word), len(other)) < 6 else 2) is None
        for word, other in zip(mine, others, strict=True)
        if word != other
    )


def _resemblance(one: Form, two: Form) -> float:
    """From 0 to 1: by groups of letters, or letter by letter where but few are wrong."""
    wrong = near(one.letters, two.letters, 4)
    longer = max(len(one.letters), len(two.letters), 1)
    return max(alike(one.base, two.base), 0 if wrong is None else 1 - wrong / longer)


def _set_apart(local: Local, candidate: Candidate, one: Form, two: Form) -> tuple[str, ...]:
    """What says that two works of one name are not the same."""
    relations = tuple(candidate.related.values())
    here = one.marks | marks_in(*local.names)
    there = two.marks | marks_told(candidate.tags, relations)
    said = [f"Only the files say that it is {IN_WORDS[mark]}" for mark in sorted(here - there)]
    said += [f"It is {IN_WORDS[mark]}, the files are not" for mark in sorted(there - here)]
    seasons = [without_number(without_leftovers(name))[1] for name in local.names]
    number = max([one.number, *seasons])
    if number != two.number:
        said.append(f"The files are number {number} of that name, this is number {two.number}")
    return tuple(said)


def _named(title: Title) -> str:
    kind = {"": "its title", "main": "its title"}.get(title.kind, "its other title")
    return f"{kind} “{title.text}”"

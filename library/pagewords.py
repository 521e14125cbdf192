"""The words of a page's text, as they are kept and as they are asked for, and what is shown of it.

Words are folded as those of titles are, so that accents, width, case and the two kinds of kana make
no difference. Chinese characters are kept in twos, because a text in Japanese or Chinese sets no
spaces between words: whoever looks for 図書館 asks for 図書 and 書館. A word is found as it is
written, the last one of a search also by its beginning. Pure.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from library.folding import Token, is_han, read

# Words of a search that count.
_TERMS = 12
# A shorter word is looked for as it is, not by its beginning: too many begin so.
_SHORTEST = 3
# Letters that are shown of a page, those before the first word that is meant, and marks in them.
_EXCERPT, _BEFORE, _MARKS = 240, 60, 20
_EAST = "\u3005\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
_BROKEN_LINE = re.compile(rf"(?<=[{_EAST}\u3001\u3002]) (?=[{_EAST}])")


class Term(NamedTuple):
    """A word that is asked for; `begins`: others that begin so will do as well."""

    word: str
    begins: bool = False

    def means(self, word: str) -> bool:
        return word.startswith(self.word) if self.begins else word == self.word


def joined(text: str) -> str:
    """A text without the spaces that only the ends of lines made of it, where it sets none."""
    return _BROKEN_LINE.sub("", text)


def words(text: str) -> list[str]:
    """The words to keep of a text, each once."""
    return sorted({token.word for token in _in_twos(read(text))})


def terms(q: str) -> list[Term]:
    """What is asked for; nothing where it is but a letter."""
    found = list(read(q))[:_TERMS]
    last = len(found) - 1
    asked = [
        Term(one.word, at == last and len(one.word) >= _SHORTEST)
        for at, one in enumerate(found)
        if not is_han(one.word)
    ]
    for run in _runs(found):
        if len(run) == 1:
            asked.append(Term(run[0].word, begins=True))
        asked += [Term(_with(one, two).word) for one, two in pairwise(run)]
    is_enough = any(len(term.word) > 1 or term.begins for term in asked)
    return list(dict.fromkeys(asked)) if is_enough else []


def question(asked: Iterable[Term]) -> str:
    """The terms as a tsquery: all of them. Folded words have letters and digits alone."""
    return " & ".join(f"'{term.word}'{':*' if term.begins else ''}" for term in asked)


def excerpt(text: str, asked: Iterable[Term]) -> tuple[str, list[tuple[int, int]]]:
    """A text cut around the first word that is meant, and from and to where in it they stand."""
    marks, end, meant = list[tuple[int, int]](), len(text), list(asked)
    for token in _in_twos(read(text)):
        if token.start >= end or len(marks) == _MARKS:
            break
        if any(term.means(token.word) for term in meant):
            if not marks:
                end = _cut(text, token.start) + _EXCERPT
            marks.append((token.start, token.end))
    start = _cut(text, marks[0][0]) if marks else 0
    shown = text[start : start + _EXCERPT]
    return shown, _merged((a - start, min(b - start, len(shown))) for a, b in marks)


def _cut(text: str, start: int) -> int:
    """Where to begin, so that a word at `start` stands a little behind it: before a word."""
    least = max(0, start - _BEFORE)
    space = text.rfind(" ", max(0, least - _BEFORE), least)
    return space + 1 if space >= 0 else least


def _merged(marks: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Characters in twos overlap."""
    found: list[tuple[int, int]] = []
    for start, end in marks:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _in_twos(found: Iterable[Token]) -> Iterator[Token]:
    """Words as they are kept: a Chinese character together with the one that follows at once."""
    before: Token | None = None
    for token in found:
        if before is not None:
            yield _with(before, token) if _follows(token, before) else before
        before = token
    if before is not None:
        yield before


def _with(one: Token, two: Token) -> Token:
    return Token(one.word + two.word, one.start, two.end)


def _follows(token: Token, before: Token) -> bool:
    return before.end == token.start and is_han(before.word) and is_han(token.word)


def _runs(found: Iterable[Token]) -> list[list[Token]]:
    """Chinese characters that stand together."""
    runs: list[list[Token]] = []
    for token in found:
        if runs and _follows(token, runs[-1][-1]):
            runs[-1].append(token)
        elif is_han(token.word):
            runs.append([token])
    return runs

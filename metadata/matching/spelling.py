"""Titles as they are compared."""

import re
from dataclasses import dataclass
from functools import lru_cache

from kiremisu.lib.text import fold
from library.folding import folded, script_of
from metadata.matching.leftovers import without_leftovers
from metadata.matching.marks import marks_in, without_marks, without_number

_ARTICLE = re.compile(r"^(?:the|an?) (?=\S)")
_SIGNS = re.compile(r"\d+|[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
# Romaji is written in more ways than one: particles, and some sounds.
_PARTICLES = (" wo ", " o "), (" ha ", " wa "), (" he ", " e ")
_SOUNDS = ("si", "shi"), ("ti", "chi"), ("tu", "tsu"), ("hu", "fu"), ("zi", "ji"), ("du", "zu")
_REPEATED = re.compile(r"([aeiou])\1+")


@dataclass(frozen=True, slots=True)
class Form:
    """A title as it is compared.

    `whole` is all of it, folded; `base` without leftovers, article, marks and number; `compact`
    is the base in one word, the same for every way in which romaji is written, and `spelt`
    as it stands there. `number` says the how manieth work of its name it is, 1 unless said.
    """

    text: str
    whole: str
    base: str
    compact: str
    spelt: str
    number: int
    marks: frozenset[str]

    @property
    def letters(self) -> str:
        return self.spelt.replace(" ", "")

    @property
    def signs(self) -> list[str]:
        """What cannot be misspelt: numbers, and signs that are words by themselves."""
        return _SIGNS.findall(self.spelt)

    @property
    def script(self) -> str:
        return script_of(self.text)


@lru_cache(maxsize=8192)
def form_of(text: str) -> Form:
    """How a title is compared."""
    base, number = without_number(without_marks(without_leftovers(text)))
    base = without_marks(without_leftovers(base))
    base = base if folded(base) else text
    line, spelt = _without_article(folded(base)), _without_article(fold(base))
    return Form(text, folded(text), line, _compact(line), spelt, number, marks_in(text))


def _without_article(line: str) -> str:
    return _ARTICLE.sub("", line, count=1)


def _compact(line: str) -> str:
    spaced = f" {line} "
    for one, other in _PARTICLES:
        spaced = spaced.replace(one, other)
    word = spaced.replace(" ", "")
    if not word.isascii():
        return word
    for one, other in _SOUNDS:
        word = re.sub(rf"(?<![stc]){one}", other, word)
    return _REPEATED.sub(r"\1", word)

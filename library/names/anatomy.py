"""A name taken apart: its tokens, texts, brackets and the numbers that are spoken for."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from library.names.brackets import NAME, Bracket, read_bracket
from library.names.marks import Mark, find_marks
from library.names.tokens import NUMBER, WORD, Segment, Token, segments, tokenise


@dataclass(frozen=True, slots=True)
class Anatomy:
    """The parts of a name (without extension). `texts` are the segments outside brackets.

    Tokens before `begin` are known to be the series' title: numbers among them count nothing.
    `marks` are those in the texts; brackets carry their own.
    """

    name: str
    tokens: Sequence[Token]
    texts: Sequence[Segment]
    brackets: Sequence[Bracket]
    marks: Sequence[Mark]
    begin: int = 0

    @property
    def opening(self) -> Segment | None:
        """The first text that holds a word or a number."""
        for text in self.texts:
            for index in range(text.first, text.last + 1):
                if self.tokens[index].kind in (WORD, NUMBER):
                    return text
        return None


def dissect(name: str, known: Sequence[str] = ()) -> Anatomy:
    """Take a name apart; `known` are the words of the title it may begin with."""
    tokens = tokenise(name)
    parts = segments(tokens)
    texts = [part for part in parts if not part.bracket]
    brackets = [read_bracket(name, tokens, part) for part in parts if part.bracket]
    if len(parts) > 1 and brackets and brackets[0].segment is parts[0]:
        brackets[0] = _fair(name, brackets[0], parts[1:])
    begin = _behind(tokens, texts, known) if known else 0
    marks: list[Mark] = []
    for text in texts:
        marks += find_marks(tokens, max(text.first, begin), text.last)
    return Anatomy(name, tokens, texts, brackets, marks, begin)


def _fair(name: str, first: Bracket, rest: Sequence[Segment]) -> Bracket:
    """(C99) [Circle] Title: the event where a doujin was sold is no chapter."""
    follower = next((p for p in rest if p.bracket or name[p.start : p.end].strip(" _")), None)
    if first.segment.bracket != "(" or not follower or follower.bracket != "[":
        return first
    return Bracket(first.segment, NAME, name[first.segment.start + 1 : first.segment.end - 1])


@lru_cache(maxsize=4096)
def title_words(text: str) -> tuple[str, ...]:
    """The words of a title as they are compared here: caseless, without punctuation."""
    return tuple(t.text.casefold() for t in tokenise(text) if t.kind in (WORD, NUMBER))


def _behind(tokens: Sequence[Token], texts: Sequence[Segment], known: Sequence[str]) -> int:
    """The index of the first token behind the known title; 0 when the name begins otherwise."""
    matched = 0
    for text in texts:
        for index in range(text.first, text.last + 1):
            token = tokens[index]
            if token.kind not in (WORD, NUMBER):
                continue
            if token.text.casefold() != known[matched]:
                return 0
            matched += 1
            if matched == len(known):
                return index + 1
        if matched:
            return 0
    return 0

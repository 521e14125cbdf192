"""A name cut into tokens, and the tokens into text and brackets. Linear in the name's length."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from kiremisu.lib.text import clean

WORD, NUMBER, SPACE, DASH, DOT = "word", "number", "space", "dash", "dot"
HASH, COLON, OPEN, CLOSE, OTHER = "hash", "colon", "open", "close", "other"

_DASHES = "-‐‑‒–—―~〜～"
_OPENING = "([{（［｛【〔"
_CLOSING = ")]}）］｝】〕"
_PUNCTUATION = "!\"$%&'*+,/;<=>?@^`|\\、。！？「」『』《》〈〉’‘“”…"

# One alternation of plain character classes: no branch can be tried twice on a character,
# so no name makes it slow. Letters are all that is nothing else: combining marks too.
_TOKEN = re.compile(
    rf"""
      (?P<word>[^\d\s_{re.escape(_DASHES + _OPENING + _CLOSING + _PUNCTUATION)}.．#＃№:：½¼¾]+)
    | (?P<number>\d+(?:\.\d+)?|[½¼¾])
    | (?P<space>[\s_]+)
    | (?P<dash>[{re.escape(_DASHES)}]+)
    | (?P<dot>[.．])
    | (?P<hash>[#＃№])
    | (?P<colon>[:：])
    | (?P<open>[{re.escape(_OPENING)}])
    | (?P<close>[{re.escape(_CLOSING)}])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A run of characters of one kind; every character of the name is in exactly one."""

    kind: str
    text: str
    start: int
    end: int


class Segment(NamedTuple):
    """Tokens `first` to `last` (inclusive): plain text, or the inside of a bracket.

    `bracket` is "" for text, else "(", "[" or "{". `start` and `end` are positions in the
    name and take in the bracket's own signs.
    """

    first: int
    last: int
    bracket: str
    start: int
    end: int


def tokenise(name: str) -> list[Token]:
    """The tokens of a name, in order."""
    return [
        Token(match.lastgroup or OTHER, match[0], *match.span()) for match in _TOKEN.finditer(name)
    ]


def _partners(tokens: Sequence[Token]) -> dict[int, int]:
    """The closing token of each opening one that has any."""
    waiting: defaultdict[int, list[int]] = defaultdict(list)
    partners: dict[int, int] = {}
    for index, token in enumerate(tokens):
        if token.kind == OPEN:
            waiting[_OPENING.index(token.text)].append(index)
        elif token.kind == CLOSE and waiting[_CLOSING.index(token.text)]:
            partners[waiting[_CLOSING.index(token.text)].pop()] = index
    return partners


def _unclosed_end(tokens: Sequence[Token], index: int) -> int:
    """The last token of a bracket that is never closed: before the next one, or the end."""
    while index + 1 < len(tokens) and tokens[index + 1].kind != OPEN:
        index += 1
    return index


def tidy(text: str, *, dotted: bool = False) -> str:
    """Text fit to show: spaces where people write underscores, or dots, for them.

    `dotted`: the whole name has no space, so that every dot may be one.
    """
    if not text.isprintable():
        text = clean(text)
    text = " ".join(text.replace("_", " ").split())
    if (dotted or " " not in text) and "." in text:
        words = text.split(".")
        if all(len(word) > 1 for word in words) and (dotted or len(words) > 2):
            return " ".join(words)
    return text


def segments(tokens: Sequence[Token]) -> list[Segment]:
    """The outermost brackets and the text between them, in order."""
    partners = _partners(tokens)
    found: list[Segment] = []
    index = begun = 0
    while index < len(tokens):
        if tokens[index].kind != OPEN:
            index += 1
            continue
        if begun < index:
            found.append(_text(tokens, begun, index - 1))
        sign = "([{([{[["[_OPENING.index(tokens[index].text)]
        if index in partners:
            last = partners[index]
            inside = last - 1
        else:
            last = inside = _unclosed_end(tokens, index)
        found.append(Segment(index + 1, inside, sign, tokens[index].start, tokens[last].end))
        index = begun = last + 1
    if begun < len(tokens):
        found.append(_text(tokens, begun, len(tokens) - 1))
    return found


def _text(tokens: Sequence[Token], first: int, last: int) -> Segment:
    return Segment(first, last, "", tokens[first].start, tokens[last].end)

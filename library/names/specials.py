"""Specials: extras, omake, art books – what stands beside a series' numbered books."""

from collections.abc import Sequence
from dataclasses import dataclass

from library.names.anatomy import Anatomy
from library.names.choices import Choice
from library.names.tokens import DASH, SPACE, WORD, Token
from library.names.words import SPECIAL_PAIRS, SPECIAL_WORDS


@dataclass(frozen=True, slots=True)
class Special:
    """Where the special's own name begins; `nameless` when it names no series before that."""

    start: int
    nameless: bool = False


def find_special(anatomy: Anatomy, choice: Choice) -> Special | None:
    """Whether the name is a special's. A volume or chapter that is spoken for is none."""
    if choice.specials:
        return Special(choice.specials[0].start)
    if choice.volume or (choice.chapter and not choice.bare and choice.chapter.rank > 1):
        return None
    text, tokens = anatomy.opening, anatomy.tokens
    if text is None:
        return None
    words = [index for index in range(text.first, text.last + 1) if tokens[index].kind == WORD]
    folded = [tokens[index].text.casefold() for index in words]
    for place, word in enumerate(folded):
        pair = tuple(folded[place : place + 2]) in SPECIAL_PAIRS
        if pair or word in SPECIAL_WORDS:
            found = _judge(tokens, words, place, choice, pair=pair)
            if found:
                return found
    return None


def _judge(
    tokens: Sequence[Token], words: Sequence[int], place: int, choice: Choice, *, pair: bool
) -> Special | None:
    """Whether the word at `place` makes a special: the one in "Special A" does not."""
    ending = place + pair
    bare = choice.chapter.first if choice.chapter else -1
    counts = bare > words[ending] and (ending + 1 == len(words) or words[ending + 1] > bare)
    if bare >= 0 and not counts:
        return None
    start, last = tokens[words[place]].start, ending + 1 == len(words)
    if place == 0:
        return Special(start, nameless=True) if last or counts else None
    if _is_set_off(tokens, words[place]):
        return Special(start)
    return Special(start, nameless=pair) if last or counts else None


def _is_set_off(tokens: Sequence[Token], index: int) -> bool:
    """Whether a dash parts the word from what stands before it."""
    before = index - 1
    if tokens[before].kind == SPACE:
        before -= 1
    return tokens[before].kind == DASH

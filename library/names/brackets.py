"""What a bracket in a name tells: a year, a language, an edition, a group, a number …"""

from collections.abc import Sequence
from typing import NamedTuple

from library.names.marks import Mark, find_marks
from library.names.numbers import canonical, is_year
from library.names.tokens import (
    COLON,
    DASH,
    DOT,
    HASH,
    NUMBER,
    OTHER,
    SPACE,
    WORD,
    Segment,
    Token,
    tidy,
)
from library.names.words import (
    CHAPTER,
    EDITION_NOUNS,
    EDITIONS,
    LANGUAGES,
    MONTHS,
    SOURCES,
    SPECIAL_WORDS,
    TRIES,
    VERSION,
)

# Labels, as `explain` shows them.
YEAR, LANGUAGE, EDITION, SOURCE, COUNT = "year", "language", "edition", "source", "count"
NUMBERS, NOTE, NAME, CHECKSUM = "numbers", "note", "name", "checksum"

_LONGEST_CODE = 3


class Bracket(NamedTuple):
    """A bracket and what it was taken for; `value` is the fact, `marks` the numbers inside.

    A NAME is what may be a group, an artist, an event or a work: only its place can tell.
    """

    segment: Segment
    label: str
    value: str | None = None
    marks: tuple[Mark, ...] = ()


def read_bracket(name: str, tokens: Sequence[Token], segment: Segment) -> Bracket:
    """What the bracket at `segment` tells."""
    inside = [tokens[i] for i in range(segment.first, segment.last + 1) if tokens[i].kind != SPACE]
    if not inside:
        return Bracket(segment, NOTE)
    if year := _year(inside):
        return Bracket(segment, YEAR, year)
    if _is_checksum("".join(token.text for token in inside)):
        return Bracket(segment, CHECKSUM)
    if bracket := _counted(tokens, segment, inside):
        return bracket
    words = [token.text.casefold() for token in inside if token.kind in (WORD, NUMBER)]
    return _worded(name, segment, inside, words)


def _year(inside: Sequence[Token]) -> str | None:
    """The first year of "(2019)", "(2016-2019)", "(March 2016)", "[1984-04-28]"."""
    year = None
    for token in inside:
        if token.kind == NUMBER:
            whole = token.text.partition(".")[0]
            if is_year(whole):
                year = year or whole
            elif len(whole) > 2:
                return None
        elif token.kind not in (WORD, DASH, DOT, OTHER) or (
            token.kind == WORD and token.text.casefold() not in MONTHS
        ):
            return None
    return year


def _counted(tokens: Sequence[Token], segment: Segment, inside: Sequence[Token]) -> Bracket | None:
    """Numbers: "(2 of 3)", "(of 07)", "[v2]", "(Ch.071-079)", "[Volume 11]", "(3)"."""
    texts = [token.text.casefold() for token in inside]
    if "of" in texts[:2] and inside[-1].kind == NUMBER and len(inside) <= 3:
        return Bracket(segment, COUNT, None, _one_of(segment, inside))
    if len(inside) == 1 and inside[0].kind == NUMBER:
        return Bracket(segment, NOTE)
    if texts[0] in TRIES and len(inside) == 2 and inside[1].kind == NUMBER and len(texts[1]) == 1:
        return Bracket(segment, VERSION)
    marks = find_marks(tokens, segment.first, segment.last)
    if not marks or marks[0].start != inside[0].start:
        return None
    covered = marks[-1].end == inside[-1].end
    believed = covered or not (marks[0].short or marks[0].rank == 1)
    return Bracket(segment, NUMBERS, None, tuple(marks)) if believed else None


def _is_checksum(text: str) -> bool:
    """[1A2B3C4D], the CRC-32 that some groups write behind a name."""
    return len(text) == 8 and text.strip("0123456789abcdefABCDEF") == "" and not text.isalpha()


def _one_of(segment: Segment, inside: Sequence[Token]) -> tuple[Mark, ...]:
    """The chapter that "(2 of 3)" tells; none in "(of 3)"."""
    if inside[0].kind != NUMBER:
        return ()
    number = canonical(inside[0].text)
    return (
        Mark(CHAPTER, 1, number, inside[0].start, inside[0].end, segment.first, segment.last + 1),
    )


def _worded(name: str, segment: Segment, inside: Sequence[Token], words: list[str]) -> Bracket:
    """What words tell: a language, an edition, the source; else it is a name or a note."""
    text = tidy(name[inside[0].start : inside[-1].end])
    label = NAME
    if language := _language(inside):
        return Bracket(segment, LANGUAGE, language)
    if words and (words[-1] in EDITION_NOUNS or not EDITIONS.isdisjoint(words)):
        label = EDITION
    elif _is_source(words):
        label = SOURCE
    elif SPECIAL_WORDS.issuperset(words) or any(t.kind in (HASH, COLON) for t in inside):
        label = NOTE
    return Bracket(segment, label, text)


def _is_source(words: Sequence[str]) -> bool:
    """(Digital), (HD-WebRip), (F2), (4 covers): words about the scan, numbers among them."""
    about = [word for word in words if not word.isdecimal()]
    return bool(about) and SOURCES.issuperset(about)


def _language(inside: Sequence[Token]) -> str | None:
    """The language of "[English]", "(en)", "[En,Textless]": a code must stand alone."""
    for place, token in enumerate(inside):
        code = LANGUAGES.get(token.text.casefold()) if token.kind == WORD else None
        if code is None:
            continue
        if len(token.text) <= _LONGEST_CODE and token.text.isascii():
            before = inside[place - 1].kind if place else OTHER
            after = inside[place + 1].kind if place + 1 < len(inside) else OTHER
            if before != OTHER or after != OTHER:
                continue
        elif len(inside) > 3:
            continue
        return code
    return None

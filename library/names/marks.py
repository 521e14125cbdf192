"""Numbers that a word, a sign or a counter speaks for: "Vol. 3", "c001", "#5", 第03巻."""

from collections.abc import Sequence
from typing import NamedTuple

from library.names.numbers import canonical, is_year, kanji_number, read_number
from library.names.tokens import COLON, DASH, DOT, HASH, NUMBER, SPACE, WORD, Segment, Token
from library.names.words import (
    ALL_OF,
    CHAPTER,
    COUNTERS,
    COUNTERS_BEFORE,
    DATE,
    FOLLOWERS,
    MARKERS,
    ORDINAL_COUNTERS,
    ORDINAL_ENDINGS,
    ORDINAL_SIGNS,
    ROMAN,
    SET_OFF_MARKERS,
    SHORT_MARKERS,
    SUFFIX_WORDS,
    UNITS,
    UNKNOWN_NUMBERS,
    VOLUME,
    Marker,
)

_LONGEST_GAP = 3


class Mark(NamedTuple):
    """A number and what it counts.

    `number` is None where a marker names none ("Vol. TBD"). `start` and `end` are positions
    in the name, `first` and `after` token indexes; `short` tells of a one-letter marker and
    `single` of a lone digit, as versions have.
    """

    kind: str
    rank: int
    number: str | None
    start: int
    end: int
    first: int
    after: int
    short: bool = False
    single: bool = False


def find_marks(tokens: Sequence[Token], first: int, last: int) -> list[Mark]:
    """The marks among tokens `first` to `last`, in order; none overlap."""
    marks: list[Mark] = []
    index = first
    while index <= last:
        kind = tokens[index].kind
        mark = None
        if kind == WORD:
            glued = index > first and tokens[index - 1].kind == NUMBER
            mark = _worded(tokens, index, last, follows=glued)
        elif kind == NUMBER:
            mark = _date(tokens, index, last) or _counted(tokens, index, last)
        elif kind == HASH:
            mark = _numbered(tokens, index, last)
        if mark is None:
            index += 1
        else:
            marks.append(mark)
            index = mark.after
    return marks


def _mark(
    tokens: Sequence[Token],
    marker: Marker,
    span: tuple[int, int],
    last: int,
    *,
    short: bool = False,
) -> Mark | None:
    """The mark of a marker at the first index of `span` and its number at the second."""
    first, at = span
    # "Kaiju No. 8 - Ch 61" is no run of chapters: a weak word's number ends with itself.
    weak = marker.kind == CHAPTER and marker.rank == 1
    number = read_number(tokens, at, last, "" if weak else marker.kind)
    if number is None:
        return None
    single = number.after == at + 1 and len(tokens[at].text) == 1
    end = tokens[number.after - 1].end
    start = tokens[first].start
    return Mark(
        marker.kind, marker.rank, number.text, start, end, first, number.after, short, single
    )


def _worded(tokens: Sequence[Token], index: int, last: int, *, follows: bool) -> Mark | None:
    """A word that speaks for a number behind it; `follows`: it touches a number before it."""
    word = tokens[index].text.casefold()
    if follows:
        marker = FOLLOWERS.get(word)
        if marker and index < last and tokens[index + 1].kind == NUMBER:
            return _mark(tokens, marker, (index, index + 1), last, short=True)
        return None
    if marker := SHORT_MARKERS.get(word):
        at = index + 1
        if at < last and tokens[at].kind == DOT:
            at += 1
        if at > last or tokens[at].kind != NUMBER or _joins(tokens, at, last):
            return None
        return _mark(tokens, marker, (index, at), last, short=True)
    marker = MARKERS.get(word)
    if marker is None and _is_set_off(tokens, index):
        marker = SET_OFF_MARKERS.get(word)
    if marker:
        return _spoken(tokens, marker, index, last)
    return _east_asian(tokens, index, last)


def _is_set_off(tokens: Sequence[Token], index: int) -> bool:
    """Whether nothing, a dash or a colon stands before the word."""
    before = index - 1
    if before >= 0 and tokens[before].kind == SPACE:
        before -= 1
    return before < 0 or tokens[before].kind in (DASH, COLON)


def _joins(tokens: Sequence[Token], at: int, last: int) -> bool:
    """Whether a word goes on behind the number, which then is a part of it: "c2c"."""
    if at == last or tokens[at + 1].kind != WORD:
        return False
    word = tokens[at + 1].text.casefold()
    if word in FOLLOWERS or word == "x":
        return at + 1 == last or tokens[at + 2].kind != NUMBER
    return len(word) > 1 or word not in "abde"


def _spoken(tokens: Sequence[Token], marker: Marker, index: int, last: int) -> Mark | None:
    """The number behind a whole word: "Vol. 3", "Chapter-12", "Volume II", "Vol.tbd"."""
    at = index + 1
    while at <= min(last, index + _LONGEST_GAP) and tokens[at].kind in (
        SPACE, DOT, COLON, DASH, HASH,
    ):  # fmt: skip
        if tokens[at].kind == DASH and (tokens[at - 1].kind == SPACE or at == last):
            return None
        at += 1
    if at > last:
        return None
    token = tokens[at]
    if token.kind == NUMBER:
        ordinal = at < last and tokens[at + 1].text.casefold() in ORDINAL_ENDINGS
        return None if ordinal else _mark(tokens, marker, (index, at), last)
    if token.kind != WORD or at == index + 1:
        return None
    if token.text in ROMAN and marker.rank > 1:
        number: str | None = ROMAN[token.text]
    elif token.text.casefold() in UNKNOWN_NUMBERS and marker.rank > 1:
        number = None
    else:
        return None
    return Mark(marker.kind, marker.rank, number, tokens[index].start, token.end, index, at + 1)


def _numbered(tokens: Sequence[Token], index: int, last: int) -> Mark | None:
    """ "#12", and "#-1"."""
    at = index + 1
    if at <= last and tokens[at].kind == SPACE:
        at += 1
    if at < last and tokens[at].kind == DASH and tokens[at + 1].kind == NUMBER:
        return Mark(
            CHAPTER, 3, f"-{canonical(tokens[at + 1].text)}",
            tokens[index].start, tokens[at + 1].end, index, at + 2,
        )  # fmt: skip
    if at > last or tokens[at].kind != NUMBER:
        return None
    return _mark(tokens, Marker(CHAPTER, 3), (index, at), last)


def _counted(tokens: Sequence[Token], index: int, last: int) -> Mark | None:
    """A number with its counter behind it: 12話, 3권, "3-4 Глава"."""
    number = read_number(tokens, index, last)
    if number is None or number.after > last:
        return None
    at = number.after
    if tokens[at].kind == SPACE and at < last:
        at += 1
    word = tokens[at].text
    if tokens[at].kind != WORD:
        return None
    if word.casefold() in ORDINAL_ENDINGS:
        return _ordinal_part(tokens, index, number.text, last)
    marker = COUNTERS.get(word) if at == number.after else None
    marker = marker or SUFFIX_WORDS.get(word.casefold())
    if marker is None or (len(word) > 1 and _speaks_for_next(tokens, at, last)):
        return None
    start, end = tokens[index].start, tokens[at].end
    return Mark(marker.kind, marker.rank, number.text, start, end, index, at + 1)


def _ordinal_part(tokens: Sequence[Token], index: int, number: str, last: int) -> Mark | None:
    """ "1st Season", "2nd volume"."""
    at = index + 3
    if at > last or tokens[at - 1].kind != SPACE:
        return None
    marker = MARKERS.get(tokens[at].text.casefold())
    if marker is None or marker.kind != VOLUME:
        return None
    start, end = tokens[index].start, tokens[at].end
    return Mark(marker.kind, marker.rank, number, start, end, index, at + 1)


def _date(tokens: Sequence[Token], index: int, last: int) -> Mark | None:
    """A day that begins with its year: 2021-08-04."""
    if index + 4 > last or not is_year(tokens[index].text):
        return None
    kinds = [token.kind for token in tokens[index + 1 : index + 5]]
    if kinds != [DASH, NUMBER, DASH, NUMBER]:
        return None
    start, end = tokens[index].start, tokens[index + 4].end
    return Mark(DATE, 3, None, start, end, index, index + 5)


def _speaks_for_next(tokens: Sequence[Token], at: int, last: int) -> bool:
    """Whether a word between two numbers belongs to the one behind it: "Манга 2 Глава 5"."""
    if at + 2 > last or tokens[at + 2].kind != NUMBER:
        return False
    return at + 4 > last or tokens[at + 4].text.casefold() not in SUFFIX_WORDS


def _east_asian(tokens: Sequence[Token], index: int, last: int) -> Mark | None:
    """Counters within a word: 第03巻 and 卷2 (digits outside the word), 第十二話 (inside)."""
    word, start = tokens[index].text, tokens[index].start
    if index < last and tokens[index + 1].kind == NUMBER:
        sign = word[-1]
        if sign in ORDINAL_SIGNS:
            return _ordinal(tokens, index, last)
        if sign == ALL_OF:
            whole = _counted(tokens, index + 1, last)
            return whole and whole._replace(number=f"1-{whole.number}", start=start + len(word) - 1)
        if marker := COUNTERS_BEFORE.get(sign):
            mark = _mark(tokens, marker, (index, index + 1), last)
            return mark and mark._replace(start=tokens[index].end - 1)
    place = word.find("第")
    if place < 0:
        return None
    number, length = kanji_number(word[place + 1 : place + 14])
    counter = word[place + 1 + length : place + 2 + length]
    if number is None or counter not in COUNTERS:
        return None
    marker = COUNTERS[counter]
    end = start + place + 2 + length
    return Mark(marker.kind, marker.rank, number, start + place, end, index, index + 1)


def _ordinal(tokens: Sequence[Token], index: int, last: int) -> Mark | None:
    """第 or 제 with digits behind it; without a known counter it is the chapter, probably."""
    marker, extra = Marker(CHAPTER, 2), 0
    mark = _mark(tokens, marker, (index, index + 1), last)
    if mark is None:
        return None
    if mark.after <= last and tokens[mark.after].kind == WORD:
        counter = ORDINAL_COUNTERS.get(tokens[mark.after].text[0])
        marker, extra = counter or marker, 1 if counter else 0
    return mark._replace(
        kind=marker.kind, rank=marker.rank, start=tokens[index].end - 1,
        end=mark.end + extra, after=mark.after + extra,
    )  # fmt: skip


def ordinal_chapter(tokens: Sequence[Token], text: Segment) -> Mark | None:
    """ "The 3rd Night": a chapter's whole name, counted in one of the usual units."""
    words = [
        index for index in range(text.first, text.last + 1) if tokens[index].kind in (WORD, NUMBER)
    ]
    if words and tokens[words[0]].text.casefold() == "the":
        words = words[1:]
    if len(words) != 3 or tokens[words[0]].kind != NUMBER:
        return None
    number, ending, unit = (tokens[index] for index in words)
    if words[1] != words[0] + 1 or ending.text.casefold() not in ORDINAL_ENDINGS:
        return None
    if unit.text.casefold() not in UNITS:
        return None
    return Mark(CHAPTER, 1, canonical(number.text), text.start, unit.end, text.first, words[2] + 1)

"""Numbers in names: canonical text, ranges, parts and kanji numerals.

No number is ever made an int: a name may hold thousands of digits.
"""

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from library.names.tokens import DASH, DOT, NUMBER, OTHER, SPACE, WORD, Token
from library.names.words import CHAPTER, FOLLOWERS, MARKERS, SHORT_MARKERS

_MOST_DIGITS, _MOST_DECIMALS = 5, 4
_VULGAR = {"½": "0.5", "¼": "0.25", "¾": "0.75"}
_KANJI_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")}
_KANJI_TENS = {"十": 10, "百": 100, "千": 1000}
_SUB_CHAPTERS = "abcde"


class Number(NamedTuple):
    """A number as it stands in a name: canonical text, and the token index behind it."""

    text: str
    after: int


def canonical(digits: str) -> str | None:
    """ "007" → "7", "012.50" → "12.50", "½" → "0.5"; None when too long to count anything.

    A year is no fraction: "03.2019" → "3".
    """
    if digits in _VULGAR:
        return _VULGAR[digits]
    if not digits.isascii():
        digits = "".join(c if c == "." else str(unicodedata.decimal(c)) for c in digits)
    whole, _, part = digits.partition(".")
    whole = whole.lstrip("0") or "0"
    if is_year(part):
        return whole
    if len(whole) > _MOST_DIGITS or len(part) > _MOST_DECIMALS:
        return None
    return f"{whole}.{part}" if part.strip("0") else whole


def is_padded(digits: str) -> bool:
    """Whether it is written with leading zeros, as only counting people and programs do."""
    return len(digits) > 1 and digits[0] == "0" and digits[1] != "."


def is_year(digits: str) -> bool:
    """Whether it may be a year of publication."""
    return len(digits) == 4 and digits.isascii() and digits[:2] in ("19", "20")


def kanji_number(text: str) -> tuple[str | None, int]:
    """The number that East Asian numerals at the start of `text` spell, and their length."""
    total = pending = length = 0
    for sign in text[:12]:
        if sign in _KANJI_DIGITS:
            pending = pending * 10 + _KANJI_DIGITS[sign]
        elif sign in _KANJI_TENS:
            total, pending = total + (pending or 1) * _KANJI_TENS[sign], 0
        else:
            break
        length += 1
    return (canonical(str(total + pending)), length) if length else (None, 0)


def read_number(tokens: Sequence[Token], index: int, last: int, kind: str = "") -> Number | None:
    """The number, range or part that begins at `index`; `last` is the last token to look at.

    `kind` is what a marker before it said; "" for a bare number, of which less is believed.
    """
    first = canonical(tokens[index].text)
    if first is None:
        return None
    after = index + 1
    if after <= last and tokens[after].kind == WORD:
        first, after = _with_suffix(tokens, first, after, last, kind)
    ranged = _range(tokens, index, after, last, kind)
    second = canonical(tokens[ranged[0]].text) if ranged else None
    if ranged is None or second is None:
        return Number(first, after)
    end, wide = ranged
    beyond = end + 1
    if beyond <= last and tokens[beyond].kind == WORD:
        second, beyond = _with_suffix(tokens, second, beyond, last, kind)
    if _ascends(first, second):
        return Number(f"{first}-{second}", beyond)
    if wide:
        return Number(first, after)
    # No range runs downwards: "024-005" is part 5 of 24, "356-1" a second copy.
    part = is_padded(tokens[end].text) and "." not in first
    return Number(f"{first}.{tokens[end].text}" if part else first, beyond)


def _with_suffix(
    tokens: Sequence[Token], number: str, after: int, last: int, kind: str
) -> tuple[str, int]:
    """Take in what may be glued to a number: "12a" is 12.1; the "x1" of "006x1" says nothing."""
    letter = tokens[after].text
    if letter == "x" and after < last and tokens[after + 1].kind == NUMBER:
        return number, after + 2
    alone = after == last or tokens[after + 1].kind not in (NUMBER, WORD)
    if kind and alone and letter in _SUB_CHAPTERS and "." not in number:
        return f"{number}.{_SUB_CHAPTERS.index(letter) + 1}", after + 1
    return number, after


def _range(
    tokens: Sequence[Token], index: int, after: int, last: int, kind: str
) -> tuple[int, bool] | None:
    """Where the second number of a range stands, and whether spaces surround the dash."""
    wide = after <= last and tokens[after].kind == SPACE
    at = after + wide
    if at >= last or tokens[at].kind != DASH:
        return _joint(tokens, at, last) if kind else None
    at += 1
    if tokens[at].kind == SPACE:
        wide, at = True, at + 1
    marked = False
    if kind and at < last and tokens[at].kind == WORD:
        marker = _marker(tokens[at].text)
        marked, at = marker == kind, at + 1
        if not marked:
            return None
        while at < last and tokens[at].kind in (DOT, SPACE):
            at += 1
    if at > last or tokens[at].kind != NUMBER:
        return None
    if marked or not wide:
        return (at, wide) if not _is_date(tokens, at, last) and _ends(tokens, at, last) else None
    # "Vol 3 - 12" may well be a volume and its chapter: only chapters run on over spaces.
    alike = is_padded(tokens[index].text) and len(tokens[index].text) == len(tokens[at].text)
    believed = kind == CHAPTER or alike
    return (at, True) if believed and _stands_alone(tokens, at, last) else None


def _joint(tokens: Sequence[Token], at: int, last: int) -> tuple[int, bool] | None:
    """The second of two numbers in one book: "ch.10+11", "Ch. 10 & 11", "Ch. 10 to 12"."""
    if at >= last or tokens[at].text not in ("+", "&", "to"):
        return None
    at += 1 + (tokens[at + 1].kind == SPACE)
    return (at, True) if at <= last and tokens[at].kind == NUMBER else None


def _marker(word: str) -> str:
    word = word.casefold()
    marker = MARKERS.get(word) or SHORT_MARKERS.get(word) or FOLLOWERS.get(word)
    return marker.kind if marker else ""


def _is_date(tokens: Sequence[Token], at: int, last: int) -> bool:
    """Whether a third number follows, as in 2021-08-04."""
    return at + 2 <= last and tokens[at + 1].kind == DASH and tokens[at + 2].kind == NUMBER


def _ends(tokens: Sequence[Token], at: int, last: int) -> bool:
    """Whether the number is not the beginning of a word: "100-Page", "1-2nd"."""
    if at == last:
        return True
    after = tokens[at + 1]
    if after.kind == WORD:
        return (
            after.text in _SUB_CHAPTERS or after.text in ("x", "v") or ord(after.text[0]) > 0x2E7F
        )
    return after.kind != DASH or at + 2 > last or tokens[at + 2].kind != WORD


def _stands_alone(tokens: Sequence[Token], at: int, last: int) -> bool:
    """Whether no word belongs to the number: a chapter's title may begin with one."""
    if at < last and tokens[at + 1].kind == SPACE:
        at += 1
        if at < last and tokens[at + 1].kind == OTHER:
            return tokens[at + 1].text in "+&"
    return at >= last or tokens[at + 1].kind not in (WORD, OTHER, SPACE)


def _ascends(first: str, second: str) -> bool:
    one, _, part = first.partition(".")
    two, _, other = second.partition(".")
    return (len(one), one, part) < (len(two), two, other)

"""Choosing the bare number that counts the chapter: the 12 of "My Title 12 (2019)"."""

from collections.abc import Sequence
from typing import NamedTuple

from library.names.anatomy import Anatomy
from library.names.marks import Mark
from library.names.numbers import is_padded, is_year, read_number
from library.names.tokens import COLON, DASH, DOT, NUMBER, OTHER, SPACE, WORD, Segment, Token
from library.names.words import CHAPTER, SOURCES, VOLUME

_MAY_TOUCH = "!?,…+&"
_EAST_ASIAN = "\u2e80"  # from here on scripts write no spaces: タイトル1


class Lone(NamedTuple):
    """A bare number and how it stands.

    `padded` with zeros, or closing with a part, 12.5, as few titles do · `leading`: no word
    before it · `closing`: no word of the title goes on behind it · `headed`: a dash, colon or
    dot parts it from what follows · `announced`: padded, and before a colon · `gap`: words
    part it from the number before · `at_once`: right behind a spoken number or a title that
    is known.
    """

    mark: Mark
    padded: bool
    leading: bool
    closing: bool
    headed: bool
    announced: bool
    gap: bool
    at_once: bool


def likeliest(found: Sequence[Lone], marks: Sequence[Mark]) -> Mark | None:
    """The bare number that most likely counts the chapter, beside `marks` that are spoken for."""
    volume = next((mark for mark in marks if mark.kind == VOLUME), None)
    if volume:
        found = [lone for lone in found if _fits_volume(lone, volume)]
    if not found:
        return None
    first, rest = found[0], [lone for lone in found if not lone.leading and lone.closing]
    if first.leading and first.padded and first.headed:
        return first.mark
    closing = [lone for lone in rest if lone.padded] or rest
    if closing:
        return _last_of_chain(closing)
    padded = next((lone for lone in found if lone.padded), None)
    if padded:
        return padded.mark
    if first.at_once:
        return _last_of_chain(found)
    return first.mark if first.leading and (first.closing or first.headed) else None


def _fits_volume(lone: Lone, volume: Mark) -> bool:
    """Beside a volume a bare number is believed when padded, or when it follows at once."""
    if lone.mark.start < volume.start:
        return lone.padded and not lone.leading
    return lone.padded or (lone.at_once and lone.closing)


def _last_of_chain(found: Sequence[Lone]) -> Mark:
    """ "Area 51 - 12": of numbers with nothing between them the last one counts."""
    chosen = found[0]
    for lone in found[1:]:
        if lone.gap:
            break
        chosen = lone
    return chosen.mark


def find_lone(anatomy: Anatomy) -> list[Lone]:
    """All bare numbers of the texts, in order."""
    tokens = anatomy.tokens
    spoken = {mark.first: mark for mark in anatomy.marks}
    dashed = not any(token.kind == SPACE for token in tokens)
    found: list[Lone] = []
    worded, gap, at_once = anatomy.begin > 0, True, anatomy.begin > 0
    for segment in anatomy.texts:
        index = max(segment.first, anatomy.begin)
        while index <= segment.last:
            token = tokens[index]
            after = index + 1
            if mark := spoken.get(index):
                worded, gap, at_once = True, True, mark.rank > 1 or mark.kind != CHAPTER
                after = mark.after
            elif token.kind == NUMBER and (
                lone := _lone(tokens, index, segment, spoken, dashed=dashed)
            ):
                found.append(lone._replace(leading=not worded, gap=gap, at_once=at_once))
                worded, gap, at_once = True, False, False
                after = lone.mark.after
            elif token.kind not in (SPACE, DASH):
                worded, gap, at_once = True, True, False
            index = after
    years = [lone for lone in found if is_year(tokens[lone.mark.first].text)]
    return found if len(tokens) == 1 else [lone for lone in found if lone not in years]


def _lone(
    tokens: Sequence[Token],
    index: int,
    segment: Segment,
    spoken: dict[int, Mark],
    *,
    dashed: bool,
) -> Lone | None:
    """The number at `index` if it stands alone; `dashed`: the name has dashes for spaces."""
    token, last = tokens[index], segment.last
    padded = is_padded(token.text)
    number = read_number(tokens, index, last)
    if number is None or _is_glued(tokens, index, segment, loose=padded or dashed):
        return None
    after = number.after
    nearest = after + (after <= last and tokens[after].kind == SPACE)
    counted = spoken.get(nearest)
    kind = tokens[nearest].kind if nearest <= last else ""
    touched = counted is None and nearest == after
    if touched and (kind == WORD or (kind == OTHER and tokens[nearest].text not in _MAY_TOUCH)):
        return None
    spaced = nearest < last and tokens[nearest + 1].kind == SPACE
    headed = kind == COLON or (kind == DASH and (nearest > after or spaced))
    headed = headed or (kind == DOT and nearest == after and spaced)
    believed = counted is not None and (counted.rank > 1 or counted.kind != CHAPTER)
    noise = kind == WORD and tokens[nearest].text.casefold() in SOURCES
    closing = not kind or kind in (COLON, DASH, NUMBER) or believed or noise
    end = tokens[after - 1].end
    single = len(token.text) == 1
    mark = Mark(CHAPTER, 2, number.text, token.start, end, index, after, single=single)
    padded = padded or (closing and "." in number.text)
    announced = padded and kind == COLON
    return Lone(mark, padded, False, closing, headed, announced, gap=True, at_once=False)


def _is_glued(tokens: Sequence[Token], index: int, segment: Segment, *, loose: bool) -> bool:
    """Whether the number is part of a word: the 88 of IG-88, the '89, the 00 of 00:30.

    `loose`: a dash between word and number may stand for a space.
    """
    if index > segment.first:
        before = tokens[index - 1]
        if before.kind == COLON or (before.kind == WORD and before.text[-1] < _EAST_ASIAN):
            return True
        if before.kind == OTHER and before.text not in "!?…":
            return True
        if before.kind == DASH and index - 2 >= segment.first and not loose:
            return tokens[index - 2].kind == WORD
    if index + 1 < segment.last and tokens[index + 1].kind in (DASH, COLON):
        beyond = tokens[index + 2].kind
        if tokens[index + 1].kind == COLON:
            return beyond == NUMBER
        return beyond == WORD and not loose
    return False

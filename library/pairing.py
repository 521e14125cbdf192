"""Which pages of a chapter face each other, as far as what is drawn on them tells. Pure.

Between wide pages the pages of a book face each other two by two. A page that a group put in
shifts all behind it. So of all ways to lay out such a run that one is taken which keeps most
drawings whole that go on over the gutter, and leaves the fewest pages alone.
"""

from collections.abc import Iterator, Sequence
from math import exp, log
from typing import NamedTuple

# How often facing pages are one drawing, and by how much even odds that they are speak for it: by
# chance edges are alike only once in so many times.
_SPREADS, _CHANCE = 0.3, 1 / 16
# What a page alone counts against a layout, one that looks foreign less.
_ALONE, _FOREIGN_ALONE = 4.0, 1.0
# Shapes that differ by so much are foreign to each other.
_SHAPE = 0.03
# A layout less sure than this is none.
_SURE = 0.9


class Faced(NamedTuple):
    """What is asked of a page: its width by its height, and how sure it is that the drawing goes
    on on the next one."""

    ratio: float
    wide: bool = False
    grey: bool = True
    blank: bool = False
    continues: float = 0.0


class Run(NamedTuple):
    """Pages `first` to `last` (from 1) between wide ones. `pairs` has the first page of each pair,
    the others stand alone."""

    first: int
    last: int
    pairs: tuple[int, ...]
    sure: float


def laid_out(pages: Sequence[Faced]) -> list[Run]:
    """The runs of which something is sure."""
    foreign = _foreign(pages)
    found = []
    for first, last in _runs(pages):
        gains = [_gain(page.continues) for page in pages[first : last + 1]]
        costs = [_FOREIGN_ALONE if foreign[at] else _ALONE for at in range(first, last + 1)]
        if first == 0:
            costs[0] = 0.0
        if last == len(pages) - 1:
            costs[-1] = 0.0
        best, pairs = _best(gains, costs)
        told = {at for at in pairs if gains[at] > 0}
        if told:
            without = [0.0 if at in told else gain for at, gain in enumerate(gains)]
            sure = 1 / (1 + exp(_best(without, costs)[0] - best))
            if sure >= _SURE:
                numbers = tuple(first + at + 1 for at in pairs)
                found.append(Run(first + 1, last + 1, numbers, round(sure, 3)))
    return found


def _runs(pages: Sequence[Faced]) -> Iterator[tuple[int, int]]:
    """First and last index of each stretch of at least two pages that are not wide."""
    begin = 0
    for at in range(len(pages) + 1):
        if at == len(pages) or pages[at].wide:
            if at - begin > 1:
                yield begin, at - 1
            begin = at + 1


def _gain(sure: float) -> float:
    """What is won by showing two pages as a pair: the more, the surer it is that they are one
    drawing. That they are not says nothing, for most facing pages are none."""
    sure = min(max(sure, 1e-4), 1 - 1e-4)
    odds = sure / (1 - sure) / _CHANCE
    return max(0.0, log(1 - _SPREADS + _SPREADS * odds))


def _best(gains: Sequence[float], costs: Sequence[float]) -> tuple[float, list[int]]:
    """The most that a layout comes to, and the indexes at which its pairs begin. Of equal ones
    that which pairs from the start."""
    many = len(costs)
    worth = [0.0] * (many + 2)
    begins = [False] * many
    for at in reversed(range(many)):
        worth[at] = worth[at + 1] - costs[at]
        if at + 1 < many and gains[at] + worth[at + 2] >= worth[at]:
            worth[at], begins[at] = gains[at] + worth[at + 2], True
    pairs, at = [], 0
    while at < many:
        if begins[at]:
            pairs.append(at)
        at += 2 if begins[at] else 1
    return worth[0], pairs


def _foreign(pages: Sequence[Faced]) -> list[bool]:
    """Which pages look unlike most: of another shape, in colour among greys, or blank."""
    shapes = sorted(page.ratio for page in pages if not page.wide)
    usual = shapes[len(shapes) // 2] if shapes else 1.0
    mostly_grey = sum(page.grey for page in pages) * 2 > len(pages)
    return [
        page.blank or abs(page.ratio / usual - 1) > _SHAPE or (mostly_grey and not page.grey)
        for page in pages
    ]

"""Whether a drawing goes on from one page to the next over the gutter. Pure.

Two edges are laid beside each other as scans of a spread lie: shifted a little, part of the
drawing lost between them. What tells a spread is that the same changes of light come at the
same heights, stretch by stretch, and in the same tones. The weights are fitted to drawings of our
own (bench/pairing.py): a third of the pairs that they saw were spreads.
"""

from collections.abc import Sequence
from itertools import accumulate
from math import exp, sqrt
from operator import mul

# How far (in rows of `geometry.ROWS`) edges may be shifted, and stretches beside that.
_SHIFT, _GIVE = 11, 2
_STRETCH = 20
# Changes within so many rows to both sides count, slow ones do not.
_AROUND = 19
# Differences of light, of 255: a stretch that changes less is even; one that changes more than
# `_LIVELY` counts no more; tones that differ less are the same.
_EVEN, _LIVELY, _SAME = 3.0, 25.0, 25
# Paper and solid black agree everywhere.
_PAPER, _SOLID, _OF_PAPER = 235, 15, 0.15
# What the likenesses of stretches, of the whole and of tones weigh, and what all weigh against.
_WEIGHTS, _AGAINST = (9.8, 10.5, 7.4), 13.7

type Edge = Sequence[float]


def continues(edge: bytes, other: bytes) -> float:
    """How sure it is, from 0 to 1, that the drawing at one edge goes on at the other one."""
    if not edge or not other:
        return 0.0
    quick, quick_other = _quick(edge), _quick(other)
    shift = max(
        range(-_SHIFT, _SHIFT + 1), key=lambda by: _likeness(*_beside(quick, quick_other, by))
    )
    told = (
        _by_stretch(edge, other, shift),
        _together(quick, quick_other, shift),
        (_tones(edge, other, shift) + _tones(other, edge, -shift)) / 2,
    )
    return 1 / (1 + exp(_AGAINST - sum(map(mul, _WEIGHTS, told))))


def _quick(edge: bytes) -> list[float]:
    """Light without its slow changes."""
    sums = [0, *accumulate(edge)]
    rows = len(edge)
    found = []
    for at, light in enumerate(edge):
        begin, end = max(0, at - _AROUND), min(rows, at + _AROUND + 1)
        found.append(light - (sums[end] - sums[begin]) / (end - begin))
    return found


def _beside(edge: Edge, other: Edge, shift: int) -> tuple[Edge, Edge]:
    """What lies beside each other when the other edge is moved down by so many rows."""
    rows = len(edge)
    return edge[max(0, shift) : rows + min(0, shift)], other[max(0, -shift) : rows + min(0, -shift)]


def _likeness(edge: Edge, other: Edge) -> float:
    """The correlation, 0 where one of both is even."""
    one, spread = _centred(edge)
    two, other_spread = _centred(other)
    both = spread * other_spread
    return sum(map(mul, one, two)) / (both * len(one)) if both else 0.0


def _centred(edge: Edge) -> tuple[list[float], float]:
    """The values around their mean, and their standard deviation."""
    mean = sum(edge) / len(edge)
    values = [value - mean for value in edge]
    return values, sqrt(sum(map(mul, values, values)) / len(values))


def _by_stretch(edge: Edge, other: Edge, shift: int) -> float:
    """How like the stretches are, each shifted a little by itself, lively ones counting most."""
    alike = counted = 0.0
    rows = len(edge)
    for at in range(0, rows - _STRETCH + 1, _STRETCH):
        stretch = edge[at : at + _STRETCH]
        near = range(max(0, at - shift - _GIVE), min(rows - _STRETCH, at - shift + _GIVE) + 1)
        others = [other[begin : begin + _STRETCH] for begin in near]
        spreads = [_centred(each)[1] for each in (stretch, *others)]
        weight = min(max(spreads), _LIVELY) / _LIVELY
        if others and spreads[0] >= _EVEN and max(spreads[1:]) >= _EVEN:
            alike += weight * max(-0.5, *(_likeness(stretch, each) for each in others))
        counted += weight
    return alike / (counted + 0.7)


def _together(quick: Edge, other: Edge, shift: int) -> float:
    """How like the edges are as a whole when stretches may shift: large changes count most."""
    size = sqrt(sum(map(mul, quick, quick)) * sum(map(mul, other, other)))
    give = _GIVE + 1
    length = len(quick) // 6
    padded = [0.0] * (_SHIFT + give) + list(other) + [0.0] * (_SHIFT + give)
    found = 0.0
    for at in range(0, len(quick) - length + 1, length):
        stretch = quick[at : at + length]
        first = at - shift + _SHIFT
        found += max(
            sum(map(mul, stretch, padded[begin : begin + length]))
            for begin in range(first, first + 2 * give + 1)
        )
    return found / size if size else 0.0


def _tones(edge: bytes, other: bytes, shift: int) -> float:
    """The part of an edge's rows whose tone is also found beside them."""
    same = counted = 0.0
    for at in range(3, len(edge) - 3):
        beside = at - shift
        if not 2 <= beside <= len(other) - 3:
            continue
        light = edge[at]
        weight = _OF_PAPER if light > _PAPER or light < _SOLID else 1.0
        counted += weight
        if any(abs(light - each) < _SAME for each in other[beside - 2 : beside + 3]):
            same += weight
    return same / counted if counted else 0.0

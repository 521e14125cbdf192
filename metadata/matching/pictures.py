"""Covers as 64 bits by which like ones are known: the signs of differences between neighbours."""

from PIL import Image

BITS = 64
_SIDE = 8
# Two unlike pictures agree in half of the bits.
_BY_CHANCE = 0.5


def hash_of(picture: Image.Image) -> int:
    """The difference hash of a picture: whether each of 8 × 8 places is lighter than the next."""
    small = picture.convert("L").resize((_SIDE + 1, _SIDE), Image.Resampling.LANCZOS)
    light = small.tobytes()
    bits = 0
    for row in range(_SIDE):
        start = row * (_SIDE + 1)
        for place in range(start, start + _SIDE):
            bits = bits << 1 | (light[place] > light[place + 1])
    return bits


def likeness(one: int, other: int) -> float:
    """From 0 (as unlike as chance has it) to 1 (the same)."""
    agreeing = (BITS - (one ^ other).bit_count()) / BITS
    return max(0.0, (agreeing - _BY_CHANCE) / (1 - _BY_CHANCE))

"""What a page looks like as a whole: margins, main colour, blank, grey, its two edges. Pure.

Measured on a small picture of the page, so that a page costs about what decoding it costs.
"""

import io
from typing import NamedTuple

from PIL import Image, ImageChops, ImageOps

from library.archives import LIMITS
from library.thumbnails import tint_of

# Rows that a page is measured in, and that an edge is told in.
_ROWS = 360
ROWS = 180
# A page higher than so many widths is a strip: it has no margins to trim and no facing page.
_STRIP = 2.2
# Margins are light or dark.
_LIGHT, _DARK = 165, 70
# By how much a pixel differs from the margin's colour that is no margin, and how much of a row
# or column may do so.
_DIFFERS, _SPECKS = 40, 0.005
# A pixel of colour, and how many of them a page of greys may have (noise, a stain).
_COLOUR, _STAINED = 8, 0.004
# What may stand on a blank page: within its outer part a page number, elsewhere next to nothing.
_OUTER, _NUMBER, _DUST = 0.1, 0.01, 0.0008
# Of the width, how broad an edge is, and how far from the margin it begins.
_EDGE = 0.012
# How dark a frame is, and how much of the height it takes.
_INK, _LINE = 110, 0.9
# Columns in which the border of a scan that lies askew ends.
_SKEW = 4


class Box(NamedTuple):
    """What is left of a page without its margins, in thousandths of its width and height."""

    left: int = 0
    top: int = 0
    right: int = 1000
    bottom: int = 1000


class Edges(NamedTuple):
    """How light the page is along its left and right edge, margins left out, from top to bottom
    in `ROWS` bytes; nothing where it is blank or a strip."""

    left: bytes = b""
    right: bytes = b""


class Geometry(NamedTuple):
    """One page. `tint` is its main colour as #rrggbb."""

    box: Box
    tint: str
    blank: bool
    grey: bool
    edges: Edges


def measured(data: bytes) -> Geometry:
    """The geometry of an image file.

    Raises what Pillow raises over broken data, ValueError for too many pixels.
    """
    with Image.open(io.BytesIO(data)) as picture:
        if picture.width * picture.height > LIMITS.pixels:
            raise ValueError("too many pixels")
        picture.draft("RGB", (_ROWS, _ROWS))
        ImageOps.exif_transpose(picture, in_place=True)
        return of_picture(picture)


def of_picture(picture: Image.Image) -> Geometry:
    """The same of a decoded picture, upright."""
    is_strip = picture.height > _STRIP * picture.width
    size = (max(1, round(picture.width * _ROWS / picture.height)), _ROWS)
    if picture.mode not in {"L", "RGB"}:
        picture = _plain(picture)
    small = picture.resize(size, Image.Resampling.BOX, reducing_gap=2.0)
    light = small.convert("L")
    grey, tint = _is_grey(small), tint_of(small.convert("RGB"))
    blank = _is_blank(light)
    if blank or is_strip:
        return Geometry(Box(), tint, blank, grey, Edges())
    left, top, right, bottom = _content(light)
    box = Box(
        left * 1000 // size[0],
        top * 1000 // _ROWS,
        -(-right * 1000 // size[0]),
        -(-bottom * 1000 // _ROWS),
    )
    return Geometry(box, tint, blank, grey, _edges(light, left, right))


def _plain(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):  # 16 bits a pixel
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if picture.has_transparency_data:
        paper = Image.new("RGBA", picture.size, "white")
        paper.alpha_composite(picture.convert("RGBA"))
        return paper.convert("RGB")
    return picture.convert("L" if picture.mode in {"1", "LA", "La"} else "RGB")


def _is_grey(small: Image.Image) -> bool:
    if small.mode == "L":
        return True
    _, blue, red = small.convert("YCbCr").split()
    coloured = 0
    for band in (blue, red):
        counts = band.histogram()
        coloured += sum(counts[: 128 - _COLOUR]) + sum(counts[128 + _COLOUR + 1 :])
    return coloured <= _STAINED * small.width * small.height


def _is_blank(light: Image.Image) -> bool:
    paper = _middle(light)
    marked = _marked(light, paper)
    wide, high = light.size
    across, down = round(wide * _OUTER), round(high * _OUTER)
    inner = marked.crop((across, down, wide - across, high - down))
    return _part(marked) <= _NUMBER and _part(inner) <= _DUST


def _content(light: Image.Image) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what stands inside the margins, in pixels."""
    wide, high = light.size
    left, top, right, bottom = 0, 0, wide, high
    for _ in range(2):  # a side is looked at without the margins of the others
        part = light.crop((left, 0, right, high))
        top, bottom = _inside(part.transpose(Image.Transpose.TRANSPOSE))
        left, right = _inside(light.crop((0, top, wide, bottom)))
    return left, top, right, bottom


def _inside(light: Image.Image) -> tuple[int, int]:
    """Where the margins on the left and on the right end."""
    wide = light.width
    begin = _margin(light)
    return begin, wide - _margin(ImageOps.mirror(light))


def _margin(light: Image.Image) -> int:
    """How many columns from the left on are margin."""
    paper = _middle(light.crop((0, 0, 1, light.height)))
    if _DARK < paper < _LIGHT:
        return 0
    marked = _marked(light, paper)
    columns = marked.resize((light.width, 1), Image.Resampling.BOX).tobytes()
    return next((at for at, share in enumerate(columns) if share > 255 * _SPECKS), 0)


def _edges(light: Image.Image, left: int, right: int) -> Edges:
    return Edges(_edge(light, left), _edge(ImageOps.mirror(light), light.width - right))


def _edge(light: Image.Image, margin: int) -> bytes:
    """The left edge behind a margin, nothing where a frame ends the page there."""
    # Behind a margin the first column is a mixture of both.
    begin = margin + (margin > 0)
    if _is_framed(light, begin):
        if margin:
            return b""
        begin += _SKEW  # or it is what a scan laid askew leaves of a black table
    strip = light.crop((begin, 0, begin + max(1, round(light.width * _EDGE)), light.height))
    return strip.resize((1, ROWS), Image.Resampling.BOX).tobytes()


def _is_framed(light: Image.Image, begin: int) -> bool:
    """Whether a line goes down here: of ink, and not so a little further inside."""
    if begin and _middle(light.crop((0, 0, 1, light.height))) < _DARK:  # white lines on black
        light = ImageOps.invert(light)
    first = max(0, begin - 1)
    columns = [light.crop((at, 0, at + 1, light.height)) for at in range(first, begin + 8)]
    line = ImageChops.darker(ImageChops.darker(columns[0], columns[1]), columns[2])
    inside = max(_inked(column) for column in columns[5:])
    return _inked(line) > max(_LINE, inside + 0.2)


def _inked(column: Image.Image) -> float:
    return sum(column.histogram()[:_INK]) / column.height


def _middle(light: Image.Image) -> int:
    """The median."""
    left = light.width * light.height / 2
    for value, count in enumerate(light.histogram()):
        left -= count
        if left <= 0:
            return value
    return 255


def _marked(light: Image.Image, paper: int) -> Image.Image:
    """White where it is not the paper's colour, black elsewhere."""
    away = ImageChops.difference(light, Image.new("L", light.size, paper))
    return away.point([0] * _DIFFERS + [255] * (256 - _DIFFERS))


def _part(marked: Image.Image) -> float:
    return marked.histogram()[255] / (marked.width * marked.height)

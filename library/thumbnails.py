"""A cover from a book's pages: decoded, turned upright, scaled. Pure, for a bounded child.

What comes back to the one who asked is one stretch of bytes: a line of JSON, then pictures.
"""

import io
import json
from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image, ImageOps

from kiremisu.lib.errors import Unreadable
from library.archives import LIMITS, Page, read_page
from library.images import SHOWN, sniff

_QUALITY = 80
_SNIFFED = 4096
_METHOD = 1  # WebP's effort, 0 to 6: more is slower and hardly smaller
_LONGEST = 2  # heights above so many widths are cut: the top of a strip is its cover
# What Pillow raises over hostile pictures, named one by one.
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, OverflowError)


class Cover(NamedTuple):
    """A picture in each width asked for, the widest first; `width` and `height` are its."""

    width: int
    height: int
    tint: str
    pictures: dict[int, bytes]


def cover(path: str, form: str, places: Sequence[Sequence[object]], widths: Sequence[int]) -> bytes:
    """In the child: the cover from the first of these pages that decodes; empty without one."""
    pages = [Page(*place) for place in places]  # type: ignore[arg-type] # as `Page` has them
    for number in range(1, len(pages) + 1):
        try:
            picture = decoded(read_page(path, form, pages, number), max(widths))
        except (Unreadable, *_BROKEN):
            continue
        return _packed(scaled(picture, widths))
    return b""


def picture(path: str, widths: Sequence[int]) -> bytes:
    """In the child: the same of a picture in a file of its own; empty for what is none."""
    with open(path, "rb") as file:
        data = file.read()
    shape = sniff(data[:_SNIFFED])
    if shape is None or shape.media_type not in SHOWN:
        return b""
    try:
        return _packed(scaled(decoded(data, max(widths)), widths))
    except _BROKEN:
        return b""


def unpacked(answer: bytes) -> Cover | None:
    """What `cover` answered."""
    if not answer:
        return None
    head, _, rest = answer.partition(b"\n")
    told = json.loads(head)
    pictures = {}
    for width, length in told["lengths"]:
        pictures[width], rest = rest[:length], rest[length:]
    return Cover(told["width"], told["height"], told["tint"], pictures)


def decoded(data: bytes, widest: int) -> Image.Image:
    """The picture upright, in RGB on white; where that is cheap, not much wider than `widest`.

    Raises what Pillow raises over broken data, ValueError for too many pixels.
    """
    with Image.open(io.BytesIO(data)) as picture:
        if picture.width * picture.height > LIMITS.pixels:
            raise ValueError("too many pixels")
        picture.draft("RGB", (widest, widest))
        ImageOps.exif_transpose(picture, in_place=True)
        width, height = picture.size
        if height > _LONGEST * width:
            return _rgb(picture.crop((0, 0, width, max(1, width * 3 // 2))))
        return _rgb(picture)


def scaled(picture: Image.Image, widths: Sequence[int]) -> Cover:
    """The cover in these widths, or in its own where that is less."""
    sizes, pictures = [], {}
    for width in sorted(widths, reverse=True):
        wide = min(width, picture.width)
        size = (wide, max(1, round(picture.height * wide / picture.width)))
        picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
        packed = io.BytesIO()
        picture.save(packed, "WEBP", quality=_QUALITY, method=_METHOD)
        pictures[width] = packed.getvalue()
        sizes.append(size)
    return Cover(*sizes[0], tint_of(picture), pictures)


def tint_of(picture: Image.Image) -> str:
    """The main colour as #rrggbb: an average in which colourful pixels weigh most."""
    small = picture.resize((16, 24), Image.Resampling.BOX)
    sums, total = [0.0, 0.0, 0.0], 0.0
    for at in range(16 * 24):
        pixel = small.getpixel((at % 16, at // 16))
        assert isinstance(pixel, tuple)
        weight = (max(pixel) - min(pixel)) ** 2 / 255 + 1
        total += weight
        for channel in range(3):
            sums[channel] += pixel[channel] * weight
    return "#" + "".join(f"{round(value / total):02x}" for value in sums)


def _rgb(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):  # 16 bits a pixel
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, "white")
        paper.alpha_composite(picture)
        picture = paper
    return picture.convert("RGB")


def _packed(made: Cover) -> bytes:
    lengths = [(width, len(data)) for width, data in made.pictures.items()]
    told = {"width": made.width, "height": made.height, "tint": made.tint, "lengths": lengths}
    return json.dumps(told).encode() + b"\n" + b"".join(made.pictures.values())

"""Pictures made smaller, in bounded child processes: decoders and hostile images stay there."""

import io
import struct
import threading

from PIL import Image, ImageOps

from kiremisu.lib.children import ChildFailed, Worker
from kiremisu.lib.errors import Unreadable
from library import archives

_SECONDS = 30.0
_QUALITY = 82
_TALLEST_WEBP = 16_383
# What Pillow raises for pictures it cannot make sense of.
_UNDECODABLE = (
    OSError,
    ValueError,
    EOFError,
    SyntaxError,
    struct.error,
    Image.DecompressionBombError,
)
_workers = threading.local()


def scaled(path: str, form: str, page: archives.Page, width: int) -> bytes:
    """The page made this wide; empty when it is no wider, moves, or cannot be decoded.

    `form` is the archive's format, or "image" where `path` is the picture itself. To be called
    from threads that last: each has its own child.
    """
    if not hasattr(_workers, "worker"):
        _workers.worker = Worker(
            memory=archives.LIMITS.child_bytes, most=archives.LIMITS.page_bytes
        )
    place = [page.name, page.offset, page.compressed, page.size, page.method, page.crc32]
    worker: Worker = _workers.worker
    try:
        return worker.call(f"{__name__}:picture", path, form, place, width, seconds=_SECONDS)
    except (ChildFailed, Unreadable):
        return b""


def picture(path: str, form: str, place: list[object], width: int) -> bytes:
    """Inside the child: the scaled picture, empty when the page is best left as it is."""
    try:
        with Image.open(io.BytesIO(_data(path, form, place))) as image:
            if getattr(image, "n_frames", 1) > 1 or not _shrinks(image, width):
                return b""
            return _made(image, width)
    except _UNDECODABLE:
        return b""


def _made(image: Image.Image, width: int) -> bytes:
    profile = image.info.get("icc_profile") or b""
    # A JPEG is decoded at an eighth, a quarter or half its size where that suffices.
    image.draft("RGB", (3 * width // 2, 3 * width * image.height // (2 * image.width)))
    # In place, and converted only where needed: a long strip fits into memory once, not thrice.
    ImageOps.exif_transpose(image, in_place=True)
    size = (width, max(1, round(image.height * width / image.width)))
    strip = size[1] > _TALLEST_WEBP
    mode = "RGBA" if image.has_transparency_data and not strip else "RGB"
    fit = image if image.mode == mode else image.convert(mode)
    small = fit.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    made = io.BytesIO()
    small.save(made, "JPEG" if strip else "WEBP", quality=_QUALITY, icc_profile=profile, method=2)
    return made.getvalue()


def _data(path: str, form: str, place: list[object]) -> bytes:
    if form == "image":
        with open(path, "rb") as file:
            return file.read()
    page = archives.Page(*place)  # type: ignore[arg-type] # what `scaled` sent, in its order
    return archives.read_page(path, form, [page], 1)


def _shrinks(image: Image.Image, width: int) -> bool:
    orientation = image.getexif().get(0x0112, 1)
    return (image.height if orientation in {5, 6, 7, 8} else image.width) > width

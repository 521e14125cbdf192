"""What an image is, by its first bytes: media type and size as shown, nothing decoded.

Sources of the formats: JPEG ITU-T T.81 annex B with EXIF 2.3; PNG (W3C) §11.2; WebP
RFC 9649; AVIF as ISO/IEC 14496-12 boxes and 23008-12 item properties; GIF89a §18.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

SHOWN = frozenset({"image/jpeg", "image/png", "image/webp", "image/avif", "image/gif"})

_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xDA)})  # JPEG markers without a length
_ORIENTATION = 0x0112


@dataclass(frozen=True, slots=True)
class Shape:
    """A media type, and the size as shown; None while it lies beyond the bytes given."""

    media_type: str
    width: int | None = None
    height: int | None = None


def sniff(head: bytes) -> Shape | None:
    """The shape of the image that begins with `head`, None when it is no known image.

    4 KiB tell nearly always; a JPEG's size may lie behind metadata of a few hundred KiB:
    while width is None, ask again with more. A type outside `SHOWN` is not for browsers.
    """
    if head.startswith(b"\xff\xd8\xff"):
        return _jpeg(head)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _sized("image/png", head[12:24], b"IHDR", 4, "big")
    if head[:6] in {b"GIF87a", b"GIF89a"}:
        return _sized("image/gif", head[6:10], b"", 2, "little")
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp(head)
    if head[4:8] == b"ftyp":
        return _avif(head)
    return _others(head)


def _others(head: bytes) -> Shape | None:
    if head.startswith(b"BM") and len(head) >= 26 and head[6:10] == bytes(4):
        return Shape("image/bmp", *_two(head[18:26], 4, "little"))
    if head[:4] in {b"II*\0", b"MM\0*"}:
        return Shape("image/tiff")
    if head.startswith((b"\xff\x0a", b"\0\0\0\x0cJXL ")):
        return Shape("image/jxl")
    return None


type _Order = Literal["little", "big"]


def _two(data: bytes, width: int, order: _Order) -> tuple[int, int]:
    return int.from_bytes(data[:width], order), int.from_bytes(data[width : 2 * width], order)


def _sized(kind: str, data: bytes, mark: bytes, width: int, order: _Order) -> Shape | None:
    """A size that stands right behind a mark."""
    if not data.startswith(mark[: len(data)]):
        return None
    if len(data) < len(mark) + 2 * width:
        return Shape(kind)
    return Shape(kind, *_two(data[len(mark) :], width, order))


# ------------------------------------------------------------------------------- JPEG


def _jpeg(head: bytes) -> Shape | None:
    turned, at = False, 2
    while at + 4 <= len(head):
        if head[at] != 0xFF:
            return None if at == 2 else Shape("image/jpeg")
        marker = head[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        if marker in _ALONE:
            at += 2
            continue
        length = int.from_bytes(head[at + 2 : at + 4], "big")
        if marker in _FRAMES:
            if at + 9 > len(head):
                break
            height, width = _two(head[at + 5 : at + 9], 2, "big")
            return Shape("image/jpeg", *((height, width) if turned else (width, height)))
        if marker == 0xDA or length < 2:  # the picture itself, and no frame before it
            return None
        if marker == 0xE1 and head[at + 4 : at + 10] == b"Exif\0\0":
            turned = _orientation(head[at + 10 : at + 2 + length]) in {5, 6, 7, 8}
        at += 2 + length
    return Shape("image/jpeg")


def _orientation(tiff: bytes) -> int:
    """EXIF orientation from a TIFF block, 1 when it does not say."""
    if tiff[:2] not in {b"II", b"MM"}:
        return 1
    order: _Order = "little" if tiff[:2] == b"II" else "big"

    def number(at: int, length: int) -> int:
        return int.from_bytes(tiff[at : at + length], order)

    directory = number(4, 4)
    for entry in range(min(number(directory, 2), 64)):
        at = directory + 2 + 12 * entry
        if number(at, 2) == _ORIENTATION:
            return number(at + 8, 2)
    return 1


# ------------------------------------------------------------------------------- WebP


def _webp(head: bytes) -> Shape | None:
    kind, data = head[12:16], head[20:30]
    if kind not in {b"VP8 ", b"VP8L", b"VP8X"}:
        return None
    if len(data) < 10:
        return Shape("image/webp")
    if kind == b"VP8X":
        width, height = _two(data[4:10], 3, "little")
        return Shape("image/webp", width + 1, height + 1)
    if kind == b"VP8L":
        bits = int.from_bytes(data[1:5], "little")
        return Shape("image/webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if data[3:6] != b"\x9d\x01\x2a":
        return None
    width, height = _two(data[6:10], 2, "little")
    return Shape("image/webp", width & 0x3FFF, height & 0x3FFF)


# ------------------------------------------------------------------------------- AVIF


def _avif(head: bytes) -> Shape | None:
    brands = head[8 : min(int.from_bytes(head[:4], "big"), 256)]
    if not {brands[at : at + 4] for at in range(0, len(brands), 4)} & {b"avif", b"avis"}:
        return None
    for kind, start, end in _boxes(head, 0, len(head)):
        if kind == b"meta":
            return _primary(head, start + 4, end) if end <= len(head) else Shape("image/avif")
    return Shape("image/avif")


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The boxes of a stretch: kind, where the contents start and where they end."""
    while at + 8 <= end:
        length, start = int.from_bytes(data[at : at + 4], "big"), at + 8
        if length == 1:
            length, start = int.from_bytes(data[at + 8 : at + 16], "big"), at + 16
        length = length or end - at
        if length < start - at:
            return
        yield data[at + 4 : at + 8], start, at + length
        at += length


def _primary(data: bytes, start: int, end: int) -> Shape:
    """The size of the primary item: its `ispe`, turned by its `irot`."""
    item, properties = 0, list[tuple[bytes, int, int]]()
    owned: dict[int, list[int]] = {}
    for kind, at, stop in _boxes(data, start, end):
        if kind == b"pitm":
            item = int.from_bytes(data[at + 4 : at + (8 if data[at] else 6)], "big")
        elif kind == b"iprp":
            for inner, inner_at, inner_stop in _boxes(data, at, stop):
                if inner == b"ipco":
                    properties = list(_boxes(data, inner_at, inner_stop))
                elif inner == b"ipma":
                    owned |= _associations(data[inner_at:inner_stop])
    width, height, turned = None, None, False
    for index in owned.get(item, range(1, len(properties) + 1)):
        if not 1 <= index <= len(properties):
            continue
        kind, at, _ = properties[index - 1]
        if kind == b"ispe":
            width, height = _two(data[at + 4 : at + 12], 4, "big")
        elif kind == b"irot":
            turned = bool(data[at] & 1)
    return Shape("image/avif", *((height, width) if turned else (width, height)))


def _associations(box: bytes) -> dict[int, list[int]]:
    """Item → its properties, as numbered from 1 (`ipma`)."""
    wide_items, wide_indexes = box[0] > 0, bool(box[3] & 1)
    owned: dict[int, list[int]] = {}
    at, item_width, index_width = 8, 4 if wide_items else 2, 2 if wide_indexes else 1
    mask = (1 << 8 * index_width - 1) - 1
    for _ in range(min(int.from_bytes(box[4:8], "big"), 4096)):
        if at + item_width >= len(box):
            break
        item, count = int.from_bytes(box[at : at + item_width], "big"), box[at + item_width]
        at += item_width + 1
        owned[item] = [
            int.from_bytes(box[place : place + index_width], "big") & mask
            for place in range(at, at + count * index_width, index_width)
        ]
        at += count * index_width
    return owned

"""Media type and size of an image by its first bytes."""

import io
import struct
from random import Random
from typing import Any

import pytest
from PIL import Image

from library.images import Shape, sniff
from tests.files import image

pytestmark = pytest.mark.quick


def saved(
    kind: str, size: tuple[int, int] = (61, 47), mode: str = "RGB", **options: object
) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, 1).save(made, kind, **options)
    return made.getvalue()


def turned(kind: str, orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(kind, exif=exif)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
@pytest.mark.parametrize("size", [(1, 1), (61, 47), (3000, 2), (2, 5000)])
def test_the_size_of_every_kind_of_page(kind: str, size: tuple[int, int]) -> None:
    assert sniff(saved(kind, size)[:4096]) == Shape(f"image/{kind.lower()}", *size)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {"progressive": True}),
        ("JPEG", {"mode": "CMYK"}),
        ("JPEG", {"mode": "L"}),
        ("PNG", {"mode": "1"}),
        ("PNG", {"mode": "LA"}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"mode": "RGBA"}),
        ("WEBP", {"icc_profile": b"profile"}),
        ("AVIF", {"mode": "RGBA"}),
    ],
)
def test_the_size_of_every_variety(kind: str, options: dict[str, Any]) -> None:
    mode = str(options.pop("mode", "RGB"))
    assert sniff(saved(kind, mode=mode, **options)) == Shape(f"image/{kind.lower()}", 61, 47)


@pytest.mark.parametrize("kind", ["WEBP", "GIF", "AVIF"])
def test_the_size_of_moving_pictures(kind: str) -> None:
    frames = [Image.new("RGB", (30, 20), (shade, 0, 0)) for shade in (0, 90, 180)]
    made = io.BytesIO()
    frames[0].save(made, kind, save_all=True, append_images=frames[1:])
    assert sniff(made.getvalue()) == Shape(f"image/{kind.lower()}", 30, 20)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photograph_has_the_size_it_is_shown_in(orientation: int) -> None:
    size = (47, 61) if orientation >= 5 else (61, 47)
    assert sniff(turned("JPEG", orientation)) == Shape("image/jpeg", *size)


def test_the_byte_order_of_exif_does_not_matter() -> None:
    data = saved("JPEG")
    tiff = b"MM\0*" + struct.pack(">IHHHIHH", 8, 1, 0x0112, 3, 1, 6, 0)
    exif = b"Exif\0\0" + tiff
    data = data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:]
    assert sniff(data) == Shape("image/jpeg", 47, 61)


@pytest.mark.parametrize("tiff", [b"", b"XX" + bytes(20), b"II*\0" + b"\xff" * 30])
def test_exif_of_nonsense_turns_nothing(tiff: bytes) -> None:
    data, exif = saved("JPEG"), b"Exif\0\0" + tiff
    data = data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:]
    assert sniff(data) == Shape("image/jpeg", 61, 47)


@pytest.mark.parametrize("orientation", [0, 1, 3])
def test_a_turned_avif_has_the_size_it_is_shown_in(orientation: int) -> None:
    turns = {0: 1, 1: 6, 3: 8}[orientation]
    size = (47, 61) if orientation % 2 else (61, 47)
    assert sniff(turned("AVIF", turns)) == Shape("image/avif", *size)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_a_few_bytes_tell_the_type_and_no_size(kind: str) -> None:
    data = saved(kind)
    shapes = [sniff(data[:length]) for length in range(len(data))]
    assert {shape.media_type for shape in shapes if shape} == {f"image/{kind.lower()}"}
    assert {(shape.width, shape.height) for shape in shapes if shape} == {(None, None), (61, 47)}


def test_a_size_behind_long_metadata_needs_more_bytes() -> None:
    data = saved("JPEG", exif=b"Exif\0\0" + bytes(60_000), icc_profile=bytes(60_000))
    assert sniff(data[:4096]) == Shape("image/jpeg")
    assert sniff(data) == Shape("image/jpeg", 61, 47)


def test_fill_bytes_and_lone_markers_are_passed_over() -> None:
    data = saved("JPEG")
    assert sniff(data[:2] + b"\xff\xff\xff\x01" + data[2:]) == Shape("image/jpeg", 61, 47)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 40,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html>",
        b"\xff\xd8\xff\xda\0\x08" + bytes(20),  # no frame before the scan
        b"\xff\xd8\xff\xe0\0\0" + bytes(20),  # a segment shorter than its own length
        b"\x89PNG\r\n\x1a\n\0\0\0\rIDATxxxxxxxx",
        b"RIFF\0\0\0\0WEBPVP8?" + bytes(20),
        b"RIFF\0\0\0\0WEBPVP8 " + bytes(20),
        b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom",
    ],
)
def test_what_is_no_image_is_none(data: bytes) -> None:
    assert sniff(data) is None


def test_noise_inside_a_photograph_leaves_the_size_open() -> None:
    data = saved("JPEG")
    assert sniff(data[:20] + b"noise" * 9) == Shape("image/jpeg")


@pytest.mark.parametrize(
    ("data", "shape"),
    [
        (image(1, "BMP"), Shape("image/bmp", 60, 90)),
        (image(1, "TIFF"), Shape("image/tiff")),
        (b"MM\0*" + bytes(20), Shape("image/tiff")),
        (b"\xff\x0a" + bytes(20), Shape("image/jxl")),
        (b"\0\0\0\x0cJXL \r\n\x87\n", Shape("image/jxl")),
    ],
)
def test_pictures_that_browsers_do_not_show_are_recognised(data: bytes, shape: Shape) -> None:
    assert sniff(data) == shape


def box(kind: bytes, contents: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(contents), kind) + contents


FTYP = box(b"ftyp", b"mif1\0\0\0\0mif1avif")
ISPE = box(b"ispe", struct.pack(">III", 0, 300, 200))
TILE = box(b"ispe", struct.pack(">III", 0, 64, 64))


def avif(ipma: bytes, *properties: bytes, pitm: bytes = b"\0\0\0\0\0\2") -> bytes:
    iprp = box(b"iprp", box(b"ipco", b"".join(properties)) + box(b"ipma", ipma))
    return FTYP + box(b"meta", b"\0\0\0\0" + box(b"pitm", pitm) + iprp)


def test_a_grid_has_the_size_of_its_primary_item() -> None:
    ipma = struct.pack(">IIHBBHBB", 0, 2, 1, 1, 1, 2, 1, 0x82)
    assert sniff(avif(ipma, TILE, ISPE)) == Shape("image/avif", 300, 200)


def test_wide_item_numbers_and_indexes_are_understood() -> None:
    ipma = struct.pack(">IIIBHH", 0x01000001, 1, 2, 2, 0x8002, 9)
    data = avif(ipma, TILE, ISPE, pitm=struct.pack(">II", 0x01000000, 2))
    assert sniff(data) == Shape("image/avif", 300, 200)


def test_without_associations_the_properties_speak_for_themselves() -> None:
    assert sniff(avif(struct.pack(">II", 0, 0), ISPE)) == Shape("image/avif", 300, 200)
    assert sniff(avif(struct.pack(">II", 0, 9), ISPE)) == Shape("image/avif", 300, 200)


@pytest.mark.parametrize(
    "rest",
    [
        b"",
        struct.pack(">I4s", 4, b"meta"),  # a box shorter than its own head
        struct.pack(">I4sQ", 1, b"mdat", 24) + bytes(8),  # a long one, and the end
        struct.pack(">I4s", 0, b"mdat") + bytes(8),  # one to the end of the file
        struct.pack(">I4s", 5000, b"meta"),  # beyond these bytes
    ],
)
def test_an_avif_whose_size_is_not_yet_there(rest: bytes) -> None:
    assert sniff(FTYP + rest) == Shape("image/avif")


@pytest.mark.parametrize("seed", range(20))
def test_noise_never_raises(seed: int) -> None:
    random = Random(seed)
    for kind in ("JPEG", "PNG", "WEBP", "AVIF", "GIF"):
        data = bytearray(turned(kind, 6) if kind in {"JPEG", "AVIF"} else saved(kind))
        for _ in range(10):
            data[random.randrange(min(len(data), 400))] = random.randrange(256)
            shape = sniff(bytes(data[: random.randrange(len(data))]))
            assert shape is None or shape.media_type.startswith("image/")

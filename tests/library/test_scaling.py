"""Making pictures smaller, as the child process does it."""

import io
from pathlib import Path

import pytest
from PIL import Image

from library import archives, scaling
from tests.files import image, make_zip

pytestmark = pytest.mark.quick


def made(path: Path, width: int = 240) -> Image.Image | None:
    data = scaling.picture(str(path), "image", [], width)
    return Image.open(io.BytesIO(data)) if data else None


def drawn(path: Path, mode: str, size: tuple[int, int], form: str = "PNG", **more: object) -> Path:
    Image.new(mode, size, 1 if mode in {"1", "P"} else None).save(path, form, **more)
    return path


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P", "LA", "RGBA", "I;16"])
def test_every_kind_of_picture_is_made_smaller(tmp_path: Path, mode: str) -> None:
    small = made(drawn(tmp_path / "a.png", mode, (480, 720)))
    assert small is not None
    assert (small.format, small.size) == ("WEBP", (240, 360))


def test_what_is_seen_through_stays_so(tmp_path: Path) -> None:
    small = made(drawn(tmp_path / "a.png", "RGBA", (480, 720)))
    assert small is not None
    assert small.has_transparency_data


def test_a_picture_lying_on_its_side_is_put_upright(tmp_path: Path) -> None:
    about = Image.Exif()
    about[0x0112] = 6
    small = made(drawn(tmp_path / "a.jpg", "RGB", (720, 480), "JPEG", exif=about))
    assert small is not None
    assert small.size == (240, 360)


def test_a_strip_too_tall_for_webp_is_a_jpeg(tmp_path: Path) -> None:
    small = made(drawn(tmp_path / "a.png", "RGB", (300, 30_000)))
    assert small is not None
    assert (small.format, small.size) == ("JPEG", (240, 24_000))


def test_a_picture_no_wider_is_left_alone(tmp_path: Path) -> None:
    assert made(drawn(tmp_path / "a.png", "RGB", (240, 300))) is None


@pytest.mark.parametrize("data", [b"", b"no picture", image(1)[:80]])
def test_what_is_no_picture_is_left_alone(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a").write_bytes(data)
    assert made(tmp_path / "a") is None


def test_a_page_is_found_by_its_place_in_the_archive(tmp_path: Path) -> None:
    path = str(make_zip(tmp_path / "a.cbz", {"1.png": image(1), "2.png": image(2, size=(480, 9))}))
    page = archives.open_book(path).pages[1]
    place = [page.name, page.offset, page.compressed, page.size, page.method, page.crc32]
    assert scaling.picture(path, "zip", list(place), 240)


def test_a_child_that_cannot_is_no_failure(tmp_path: Path) -> None:
    page = archives.Page("1.png", 0, 0, 0, 0, 0)
    assert scaling.scaled(str(tmp_path / "gone"), "zip", page, 240) == b""

"""What a page looks like, on pages drawn here."""

import io

import pytest
from PIL import Image, ImageDraw, ImageFilter

from library.geometry import Box, Geometry, measured
from tests.files import image


def sheet(colour: str = "white", size: tuple[int, int] = (400, 600)) -> Image.Image:
    return Image.new("RGB", size, colour)


def drawn(on: Image.Image, box: tuple[int, int, int, int] = (40, 30, 320, 570)) -> Image.Image:
    """A panel with something in it, its right and bottom edge as given."""
    pen = ImageDraw.Draw(on)
    left, top, right, bottom = box
    pen.rectangle((left, top, right - 1, bottom - 1), "grey", "black", 3)
    pen.ellipse((left + 40, top + 60, right - 30, bottom - 90), "white", "black", 4)
    return on


def seen(picture: Image.Image, kind: str = "JPEG") -> Geometry:
    made = io.BytesIO()
    picture.save(made, kind)
    return measured(made.getvalue())


def close(box: Box, *wanted: int) -> bool:
    return all(abs(is_ - should) <= 10 for is_, should in zip(box, wanted, strict=True))


@pytest.mark.parametrize("margin", ["white", "black", "#efe6d0"])
def test_the_margins_end_where_the_drawing_begins(margin: str) -> None:
    assert close(seen(drawn(sheet(margin))).box, 100, 50, 800, 950)


def test_a_page_that_bleeds_has_no_margin_there() -> None:
    assert close(seen(drawn(sheet(), (0, 0, 400, 540))).box, 0, 0, 1000, 900)


def test_a_page_number_is_no_margin() -> None:
    page = drawn(sheet())
    ImageDraw.Draw(page).text((190, 580), "— 27 —", "black")
    assert seen(page).box.bottom > 960


@pytest.mark.parametrize("colour", ["white", "black", "#f4ead8"])
def test_a_page_with_a_faint_number_is_blank(colour: str) -> None:
    page = sheet(colour)
    ImageDraw.Draw(page).text((190, 580), "27", "grey")
    found = seen(page)
    assert (found.blank, found.box, found.edges.left) == (True, Box(), b"")


def test_a_page_of_a_few_words_is_not_blank() -> None:
    page = sheet()
    ImageDraw.Draw(page).text((120, 280), "The next day, far from there", "black")
    assert not seen(page).blank


def test_the_noise_of_a_scanner_is_no_colour() -> None:
    page = drawn(sheet("#f8f6f2")).filter(ImageFilter.GaussianBlur(1))
    assert seen(page).grey


@pytest.mark.parametrize("dark", ["sienna", "#8a7a60", "navy"])
def test_sepia_is_a_colour(dark: str) -> None:
    page = drawn(sheet())
    ImageDraw.Draw(page).rectangle((60, 400, 300, 560), dark)
    assert not seen(page).grey


def test_every_kind_of_picture_is_measured() -> None:
    page = drawn(sheet())
    deep = page.convert("I").point(lambda light: light * 257).convert("I;16")
    others = [page.convert(mode) for mode in ("L", "1", "P", "RGBA")]
    for picture, kind in (
        (deep, "PNG"),
        (page.convert("CMYK"), "JPEG"),
        *((each, "PNG") for each in others),
    ):
        found = seen(picture, kind)
        assert found.grey, picture.mode
        assert close(found.box, 100, 50, 800, 950), picture.mode


def test_a_turned_page_is_measured_as_it_is_shown() -> None:
    made, turned = io.BytesIO(), Image.Exif()
    turned[0x0112] = 6  # a quarter to the right
    drawn(sheet()).transpose(Image.Transpose.ROTATE_90).save(made, "JPEG", exif=turned)
    assert close(measured(made.getvalue()).box, 100, 50, 800, 950)


def test_a_strip_keeps_its_margins() -> None:
    assert seen(drawn(sheet(size=(400, 2000)))).box == Box()


def test_a_broken_picture_is_refused() -> None:
    with pytest.raises(OSError, match="truncated"):
        measured(image(1)[:-30])

"""Pages of our own making, for benches that look at pictures: what stands on each is known.

Panels with screentone, lines, hatching and words; spreads drawn over two pages and cut apart as
scans are; credit pages, blank ones, splashes. All from one `random.Random`.
"""

import io
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

PAGE = (480, 720)

type Box = tuple[float, float, float, float]
type Picture = Image.Image


@dataclass
class Drawn:
    """A page and what is true of it: `box` in parts of the page, None where it is not asked."""

    picture: Picture
    box: Box | None = None
    blank: bool = False
    grey: bool = True


# --------------------------------------------------------------------------------- art


def scene(rng: Random, size: tuple[int, int]) -> Picture:
    """A piece of a drawing, sparse or full: tones, things, hatching and speech."""
    wide, high = size
    ground = rng.choice((255, 255, 255, 235, 200, 120, 30))
    art = Image.new("L", size, ground)
    if rng.random() < 0.2:  # painted: clouds, fine or coarse
        cells = rng.randint(2, 24)
        clouds = Image.frombytes("L", (cells, cells), rng.randbytes(cells * cells))
        art = clouds.resize(size, Image.Resampling.BICUBIC)
    elif rng.random() < 0.4:
        ramp = Image.linear_gradient("L").rotate(rng.choice((0, 90, 180, 270))).resize(size)
        art = ImageChops.multiply(art, ramp.point(lambda value: 120 + value // 2))
    pen = ImageDraw.Draw(art)
    for _ in range(rng.randint(6, 16) * rng.randint(1, max(1, min(5, wide * high // 60_000)))):
        _thing(rng, art, pen)
    for _ in range(rng.randint(0, 3)):
        _speech(rng, art, pen)
    return art


def _thing(rng: Random, art: Picture, pen: ImageDraw.ImageDraw) -> None:
    wide, high = art.size
    x, y = rng.uniform(-0.1, 1.1) * wide, rng.uniform(-0.1, 1.1) * high
    a, b = rng.uniform(0.05, 0.45) * min(art.size), rng.uniform(0.05, 0.45) * min(art.size)
    ink, fill = rng.choice((0, 0, 0, 60, 255)), rng.choice((None, 255, 0, 40, 90, 150, 210))
    kind = rng.randrange(6)
    if kind == 0:
        pen.ellipse((x - a, y - b, x + a, y + b), fill=fill, outline=ink, width=rng.randint(1, 4))
    elif kind == 1:
        pen.line(
            [(x + rng.uniform(-2, 2) * a, y + rng.uniform(-1, 1) * b) for _ in range(4)],
            fill=ink, width=rng.randint(1, 7),
        )  # fmt: skip
    elif kind == 2:
        spots = [(x + rng.uniform(-1, 1) * a, y + rng.uniform(-1, 1) * b) for _ in range(5)]
        pen.polygon(spots, fill=fill, outline=ink)
    elif kind == 3:
        for step in range(rng.randint(6, 18)):
            at = y + step * rng.uniform(3, 6)
            pen.line((x - 1.5 * a, at, x + 1.5 * a, at + rng.uniform(-9, 9)), fill=ink)
    elif kind == 4:
        _tone(rng, art, (round(x - a), round(y - b), round(x + a), round(y + b)))
    else:
        for _ in range(rng.randint(10, 30)):
            pen.line((x, y, x + rng.gauss(0, 2) * a, y + rng.gauss(0, 2) * b), fill=ink)


def _tone(rng: Random, art: Picture, where: tuple[int, int, int, int]) -> None:
    """Screentone: dots on a grid."""
    left, top, right, bottom = where
    pitch = rng.randint(3, 6)
    dots = Image.new("L", (right - left + 1, bottom - top + 1), 255)
    pen = ImageDraw.Draw(dots)
    for y in range(0, dots.height, pitch):
        for x in range(y // pitch % 2 * pitch // 2, dots.width, pitch):
            pen.rectangle((x, y, x + pitch // 2, y + pitch // 2), fill=rng.choice((0, 40)))
    mask = Image.new("L", dots.size, 0)
    ImageDraw.Draw(mask).ellipse((0, 0, *dots.size), fill=255)
    art.paste(dots, (left, top), mask)


def _speech(rng: Random, art: Picture, pen: ImageDraw.ImageDraw) -> None:
    wide, high = art.size
    a, b = rng.uniform(20, 45), rng.uniform(20, 55)
    x, y = rng.uniform(a, max(a + 1, wide - a)), rng.uniform(b, max(b + 1, high - b))
    pen.ellipse((x - a, y - b, x + a, y + b), fill=255, outline=0, width=2)
    for at in range(round(y - b * 0.5), round(y + b * 0.5), 9):
        words(rng, pen, (x - a * 0.6, at), a * 1.2)


def words(
    rng: Random, pen: ImageDraw.ImageDraw, where: tuple[float, float], wide: float, ink: int = 0
) -> None:
    """A line of something like letters, from its top left on."""
    at, y = where
    end = at + wide
    while at < end - 4:
        pen.line((at, y, at + rng.randint(-1, 2), y + 5), fill=ink)
        pen.line((at, y + rng.randint(0, 5), at + 3, y + rng.randint(0, 5)), fill=ink)
        at += 5 if rng.random() < 0.8 else 9


# ------------------------------------------------------------------------------- pages


def page(rng: Random, ground: int = 255, *, number: bool = True) -> Drawn:
    """An ordinary page: rows of panels inside margins, here and there one that bleeds."""
    wide, high = PAGE
    sheet = Image.new("L", PAGE, ground)
    margins = [rng.randint(12, 40) for _ in range(4)]
    if rng.random() < 0.25:  # a page cut to its frames, or bleeding all around
        margins = [0, 0, 0, 0]
    left, top, right, bottom = margins
    gap, rows = rng.choice((5, 7, 9)), rng.choice((2, 3, 3, 3, 4))
    # Many pages share one grid: their gaps lie at the same heights.
    lines = [top + (high - top - bottom) * row / rows for row in range(rows + 1)]
    if rng.random() < 0.5:
        lines[1:-1] = [line + rng.uniform(-50, 50) for line in lines[1:-1]]
    bleeds = rng.random() < 0.3
    reach = [wide, high, 0.0, 0.0]
    for y0, y1 in pairwise(lines):
        columns = rng.choice((1, 2, 2, 3))
        cuts = [left + (wide - left - right) * at / columns for at in range(columns + 1)]
        cuts[1:-1] = [cut + rng.uniform(-30, 30) for cut in cuts[1:-1]]
        if bleeds and rng.random() < 0.4:
            cuts[0] = 0
        if bleeds and rng.random() < 0.4:
            cuts[-1] = wide
        for x0, x1 in pairwise(cuts):
            where = [round(x0), round(y0), round(x1), round(y1)]
            where[2] -= gap if x1 != cuts[-1] else 0
            where[3] -= gap if y1 != lines[-1] else 0
            _panel(rng, sheet, where, 255 - ground)
            reach = [*map(min, reach[:2], where[:2]), *map(max, reach[2:], where[2:])]
    if number and bottom > 24 and rng.random() < 0.5:
        x = rng.choice((left + 10, wide - right - 24))
        words(rng, ImageDraw.Draw(sheet), (x, high - bottom + 8), 14, 255 - ground)
        reach[3] = max(reach[3], high - bottom + 14)
    parts = (reach[0] / wide, reach[1] / high, reach[2] / wide, reach[3] / high)
    return Drawn(sheet, parts)


def _panel(rng: Random, sheet: Picture, where: list[int], ink: int) -> None:
    x0, y0, x1, y1 = where
    if x1 - x0 < 8 or y1 - y0 < 8:
        return
    sheet.paste(scene(rng, (x1 - x0, y1 - y0)), (x0, y0))
    ImageDraw.Draw(sheet).rectangle((x0, y0, x1 - 1, y1 - 1), outline=ink, width=rng.choice((2, 3)))


def splash(rng: Random) -> Drawn:
    """One drawing that fills the page to its edges, and goes on nowhere."""
    return Drawn(scene(rng, PAGE), (0, 0, 1, 1))


def credit(rng: Random) -> Drawn:
    """What a group puts in: often of another size and in colour, now and then like a page."""
    if rng.random() < 0.25:
        return splash(rng)
    size = PAGE if rng.random() < 0.4 else (rng.randint(400, 640), rng.randint(560, 760))
    paper = rng.choice((255, 250, 20, 0))
    sheet, ink = Image.new("L", size, paper), 255 if paper < 128 else 0
    art = scene(rng, (size[0] * 2 // 3, size[1] // 3))
    sheet.paste(art, (size[0] // 6, size[1] // 8))
    pen = ImageDraw.Draw(sheet)
    for line in range(rng.randint(4, 14)):
        words(rng, pen, (size[0] * 0.2, size[1] * 0.55 + 14 * line), size[0] * 0.6, ink)
    return Drawn(tinted(rng, sheet) if rng.random() < 0.6 else sheet, grey=False)


def wide(rng: Random) -> Drawn:
    """Two pages in one picture."""
    return Drawn(scene(rng, (PAGE[0] * 2, PAGE[1])), (0, 0, 1, 1))


def tinted(rng: Random, sheet: Picture) -> Picture:
    """In colours: what is dark has one of its own, and what is light."""
    parts = (0.0, 0.12, 0.3)  # no two bands alike, so that it is a colour
    bands = []
    for dark, light in zip(rng.sample(parts, 3), rng.sample(parts, 3), strict=True):
        table = [round(value + dark * (255 - value) - light * value) for value in range(256)]
        bands.append(sheet.point(table))
    return Image.merge("RGB", bands)


def blank(rng: Random) -> Drawn:
    """Nothing, or nothing but a page number, often a faint one."""
    ground = rng.choice((255, 250, 240, 0, 12))
    sheet = Image.new("L", PAGE, ground)
    if rng.random() < 0.6:
        ink = abs(ground - rng.choice((30, 60, 120, 255)))
        spot = (rng.choice((30, PAGE[0] // 2, PAGE[0] - 50)), PAGE[1] - rng.randint(20, 40))
        words(rng, ImageDraw.Draw(sheet), spot, 16, ink)
    return Drawn(sheet, (0, 0, 1, 1), blank=True)


def few_words(rng: Random) -> Drawn:
    """A page of some lines, far from blank."""
    sheet = Image.new("L", PAGE, 255)
    left, top = rng.randint(80, 160), rng.randint(120, 400)
    lines, wide = rng.randint(3, 12), rng.randint(120, 240)
    pen = ImageDraw.Draw(sheet)
    for line in range(lines):
        words(rng, pen, (left, top + 14 * line), wide)
    bottom = top + 14 * (lines - 1) + 6
    return Drawn(sheet, (left / PAGE[0], top / PAGE[1], (left + wide) / PAGE[0], bottom / PAGE[1]))


def any_page(rng: Random) -> Drawn:
    """A page of any kind: blank, of words, of panels or bleeding; in grey (at times with the
    noise of a colour scanner), sepia or colours; rarely on yellowed paper."""
    kind = rng.random()
    if kind < 0.15:
        made = blank(rng)
    elif kind < 0.25:
        made = few_words(rng)
    elif kind < 0.35:
        made = splash(rng)
    else:
        made = page(rng, rng.choice((255, 255, 248, 0)))
    ink = rng.random()
    if ink < 0.2:
        made.picture, made.grey = tinted(rng, made.picture), False
    elif ink < 0.35 and any(made.picture.histogram()[40:]):  # black is no sepia
        bands = [made.picture.point([round(v * part) for v in range(256)])
                 for part in (1, 0.94, 0.82)]  # fmt: skip
        made.picture, made.grey = Image.merge("RGB", bands), False
    elif ink < 0.6:
        made.picture = noisy(rng, made.picture.convert("RGB"))
    return made


def noisy(rng: Random, sheet: Picture) -> Picture:
    """With a few levels of noise in each colour."""
    table = [value // 37 for value in range(256)]
    bands = []
    for band in sheet.split():
        noise = Image.frombytes("L", band.size, rng.randbytes(band.width * band.height))
        bands.append(
            ImageChops.subtract(
                ImageChops.add(band, noise.point(table)), noise.rotate(180).point(table)
            )
        )
    return Image.merge("RGB", bands)


# ----------------------------------------------------------------------------- spreads


def spread(rng: Random, ground: int = 255) -> tuple[Drawn, Drawn]:
    """Art over two pages as scans of them have it: left and right half. Some of it is lost in
    the gutter; each is blurred, a little askew, and inside margins of its own."""
    wide, high = PAGE
    whole = Image.new("L", (2 * wide, high), ground)
    whole.paste(scene(rng, whole.size))
    _crossing(rng, whole)
    if rng.random() < 0.35:  # panels above or below on each page
        _rest(rng, whole, ground)
    lost = rng.randint(0, 7)
    blur, skew = rng.uniform(0, 1.4), rng.uniform(0, 0.35)
    halves = (whole.crop((0, 0, wide - lost, high)), whole.crop((wide + lost, 0, 2 * wide, high)))
    left, right = (_scanned(rng, half, ground, blur, skew) for half in halves)
    return Drawn(left), Drawn(right)


def _crossing(rng: Random, whole: Picture) -> None:
    """Something that goes over the middle, however sparse the rest is."""
    pen, (wide, high) = ImageDraw.Draw(whole), PAGE
    for _ in range(rng.randint(3, 6)):
        y, a, b = rng.uniform(0.05, 0.95) * high, rng.uniform(60, 300), rng.uniform(10, 120)
        x, fill = wide + rng.uniform(-0.6, 0.6) * a, rng.choice((None, 0, 60, 140, 200, 255))
        if rng.random() < 0.5:
            pen.ellipse((x - a, y - b, x + a, y + b), fill=fill, outline=0, width=3)
        else:
            pen.polygon(
                [(x - a, y - b), (x + a, y + rng.uniform(-b, b)), (x - a, y + b)], fill, 0, 3
            )


def _rest(rng: Random, whole: Picture, ground: int) -> None:
    wide, high = PAGE
    y0, y1 = rng.choice(((0, round(high * rng.uniform(0.2, 0.45))), (round(high * 0.6), high)))
    ImageDraw.Draw(whole).rectangle((0, y0, 2 * wide, y1), fill=ground)
    for left in (0, wide):
        margin = rng.randint(6, 24)
        where = [left + margin, y0 + 6, left + wide - margin, y1 - 6]
        _panel(rng, whole, where, 255 - ground)


def _scanned(rng: Random, half: Picture, ground: int, blur: float, skew: float) -> Picture:
    angle = rng.uniform(-skew, skew)
    moved = half.rotate(
        angle, Image.Resampling.BICUBIC, fillcolor=ground,
        translate=(rng.randint(-2, 2), rng.randint(-6, 6)),
    )  # fmt: skip
    moved = moved.filter(ImageFilter.GaussianBlur(blur * rng.uniform(0.5, 1)))
    if rng.random() < 0.5:
        sides = [rng.randint(0, 26) for _ in range(4)]
        size = (half.width + sides[0] + sides[2], half.height + sides[1] + sides[3])
        sheet = Image.new("L", size, ground)
        sheet.paste(moved, (sides[0], sides[1]))
        moved = sheet
    return moved.resize(PAGE, Image.Resampling.BICUBIC) if rng.random() < 0.6 else moved


# -------------------------------------------------------------------------------- files


def saved(rng: Random, sheet: Picture, *, quality: int | None = None) -> bytes:
    """As a JPEG, in grey or (with the noise that has) in colour; sometimes a PNG."""
    made = io.BytesIO()
    if rng.random() < 0.1:
        sheet.save(made, "PNG", compress_level=1)
    else:
        inked = sheet.convert("RGB") if rng.random() < 0.5 else sheet
        inked.save(made, "JPEG", quality=quality or rng.randint(55, 92))
    return made.getvalue()

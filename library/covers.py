"""Covers: the first page that can be shown, small, in WebP, named by the content's key."""

import errno
import io
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from PIL import Image, ImageOps

from kiremisu.jobs.models import Priority
from kiremisu.jobs.queue import enqueue
from kiremisu.lib.errors import Unavailable, Unreadable
from library.archives import LIMITS, Page, read_page
from library.models import Chapter, Content, Library

_TRIES = 5  # pages looked at before a cover is given up
_QUALITY = 80
_METHOD = 2  # WebP's effort, 0 to 6: more is slower and hardly smaller
_LONGEST = 2  # heights above so many widths are cut: the top of a strip is its cover
# What Pillow raises over hostile pictures, named one by one.
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, OverflowError)


class Source(NamedTuple):
    """Where a cover's page lies: plain values, so that threads need no database."""

    content: Content
    path: str
    form: str
    pages: Sequence[Page]


class Made(NamedTuple):
    """A cover as it stands on disk, or (`width` 0) one that could not be made."""

    content: Content
    width: int = 0
    height: int = 0
    tint: str = ""


def file(content_key: str, width: int) -> Path:
    """Where the cover of this width (one of settings' COVER_WIDTHS) is, or will be."""
    return Path(settings.COVERS_DIR) / content_key[:2] / f"{content_key}-{width}.webp"


def make(content: Content) -> bool:
    """Make this content's covers now and record how it went; whether there is one.

    Raises Unavailable when there is no room for it, or the library's disk is away.
    """
    source = source_of(content)
    made = render(source) if source else Made(content)
    record([made])
    return bool(made.width)


make_now = make


def request(library: Library) -> None:
    """Have the covers made that this library's contents still lack."""
    if pending(library).exists():
        enqueue(
            "covers",
            subject=library.id,
            key=f"covers:{library.id}",
            priority=Priority.LATER,
        )


def pending(library: Library) -> QuerySet[Content]:
    """The contents without a cover of which a file is there."""
    here = Chapter.objects.filter(library=library).readable()
    return Content.objects.filter(
        cover_state=Content.CoverState.PENDING, id__in=here.values("content")
    ).order_by("created", "id")


def next_ones(library: Library, many: int) -> list[Content]:
    """Which to make next: those that series show, in the order of titles, then the others."""
    shown = (
        Content.objects.filter(cover_state=Content.CoverState.PENDING, covers__library=library)
        .filter(chapters__in=Chapter.objects.readable())
        .order_by("covers__sort_title", "covers__id")
    )
    first = list(dict.fromkeys(shown[: many * 2]))[:many]
    return first or list(pending(library)[:many])


def source_of(content: Content) -> Source | None:
    """A file that is there and holds these pages."""
    chapter = (
        content.chapters.readable().select_related("library", "page_index").order_by("id").first()
    )
    if chapter is None:
        return None
    pages = [
        Page(each.name, each.offset, each.compressed, each.size, each.method, each.crc32)
        for each in chapter.page_index.list.pages
    ]
    return Source(content, chapter.file, chapter.format, pages)


def render(source: Source) -> Made:
    """Read, decode, scale and write; the database is not asked. Raises Unavailable."""
    for number in range(1, min(_TRIES, len(source.pages)) + 1):
        try:
            picture = decoded(read_page(source.path, source.form, source.pages, number))
        except Unreadable:
            continue
        except _BROKEN:
            continue
        return _written(source.content, picture)
    return Made(source.content)


def record(made: Sequence[Made]) -> None:
    """Write down which covers there are now."""
    state = Content.CoverState
    for each in made:
        Content.objects.filter(pk=each.content.pk).update(
            cover_state=state.READY if each.width else state.FAILED,
            cover_width=each.width or None,
            cover_height=each.height or None,
            tint=each.tint,
            updated=timezone.now(),
        )


def decoded(data: bytes) -> Image.Image:
    """The picture upright, in RGB on white, no wider than twice the widest cover.

    Raises what Pillow raises over broken data, ValueError for too many pixels.
    """
    widest = max(settings.COVER_WIDTHS)
    with Image.open(io.BytesIO(data)) as opened:
        if opened.width * opened.height > LIMITS.pixels:
            raise ValueError("too many pixels")
        opened.draft("RGB", (widest, widest))
        upright = ImageOps.exif_transpose(opened)
    width, height = upright.size
    if height > _LONGEST * width:
        upright = upright.crop((0, 0, width, max(1, width * 3 // 2)))
    return _rgb(upright)


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


def _written(content: Content, picture: Image.Image) -> Made:
    tint, largest = "", (0, 0)
    for width in sorted(settings.COVER_WIDTHS, reverse=True):
        wide = min(width, picture.width)
        size = (wide, max(1, round(picture.height * wide / picture.width)))
        picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
        if largest == (0, 0):
            largest = size
        tint = tint_of(picture)
        packed = io.BytesIO()
        picture.save(packed, "WEBP", quality=_QUALITY, method=_METHOD)
        _put(file(content.key, width), packed.getvalue())
    return Made(content, *largest, tint)


def _put(place: Path, data: bytes) -> None:
    """Write a file wholly or not at all. Raises Unavailable when there is no room."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=".cover-")
        fresh = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(data)
            fresh.replace(place)
        except BaseException:
            fresh.unlink()
            raise
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        reason = "The disk is full" if full else f"{place.parent} cannot be written"
        raise Unavailable(f"{reason}: no cover was made.", code="no_room") from error

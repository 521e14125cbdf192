"""Covers: the first page that can be shown, small, in WebP, named by the content's key."""

import errno
import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db.models import F, QuerySet
from django.db.models.functions import Least
from django.utils import timezone

from kiremisu.jobs.models import Priority
from kiremisu.jobs.queue import enqueue
from kiremisu.lib.children import ChildFailed, Worker
from kiremisu.lib.errors import Unavailable, Unreadable
from kiremisu.lib.paths import on_disk
from library import thumbnails
from library.archives import LIMITS, Page
from library.models import Chapter, Content, Library, Series

_TRIES = 5  # pages looked at before a cover is given up
_SECONDS = 20.0
_MOST = 8 << 20  # bytes of one cover in all its widths
# Children that wait for work; they end themselves when none comes.
_idle: list[Worker] = []


class Source(NamedTuple):
    """Where a cover's page lies: plain values, so that threads need no database."""

    content: Content
    path: str
    form: str
    pages: Sequence[Page]
    key: str


class Made(NamedTuple):
    """A cover as it stands on disk, or (`width` 0) one that could not be made."""

    content: Content
    width: int = 0
    height: int = 0
    tint: str = ""


class Adopted(NamedTuple):
    """A picture from elsewhere as it stands on disk, in every width, under its key."""

    key: str
    width: int
    height: int
    tint: str


def file(key: str, width: int) -> Path:
    """Where the picture of this key (see Picture) and width (one of settings' COVER_WIDTHS) is,
    or will be."""
    return Path(settings.COVERS_DIR) / key[:2] / f"{key}-{width}.webp"


def original(key: str) -> Path:
    """Where a picture that people sent is kept, as the cover that we made of it: unlike those in
    the cache it cannot be made again."""
    return Path(settings.PICTURES_DIR) / key[:2] / f"{key}.webp"


def make(content: Content) -> bool:
    """Make this content's covers now and record how it went; whether there is one.

    Raises Unavailable when there is no room for it, or the library's disk is away.
    """
    source = source_of(content)
    made = render(source) if source else Made(content)
    record([made])
    return bool(made.width)


make_now = make


def request(library: Library) -> bool:
    """Have the covers made that this library's contents still lack; whether they lack any."""
    lacks = pending(library).exists()
    if lacks:
        enqueue(
            "covers",
            subject=library.id,
            key=f"covers:{library.id}",
            priority=Priority.LATER,
        )
    return lacks


def forget_failures(library: Library) -> None:
    """Let covers that could not be made be tried again."""
    here = Chapter.objects.filter(library=library).readable()
    Content.objects.filter(
        cover_state=Content.CoverState.FAILED, id__in=here.values("content")
    ).update(cover_state=Content.CoverState.PENDING)


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


def source_of(content: Content, page: int | None = None) -> Source | None:
    """A file that is there and holds these pages; for a picture of one page, that alone."""
    chapter = (
        content.chapters.readable().select_related("library", "page_index").order_by("id").first()
    )
    if chapter is None:
        picture = _source_beside(content) or _source_kept(content)
        # Worn as a page that was picked, or lent as what a content shows.
        return picture._replace(key=content.key) if picture and page is None else picture
    pages = [
        Page(each.name, each.offset, each.compressed, each.size, each.method, each.crc32)
        for each in chapter.page_index.list.pages
    ]
    if page is None:
        return Source(content, chapter.file, chapter.format, pages, content.key)
    return Source(
        content, chapter.file, chapter.format, pages[page - 1 : page], f"{content.key}-{page}"
    )


def _source_beside(content: Content) -> Source | None:
    """The picture itself, of a content that is one beside the files of a series."""
    row = content.sidecars.select_related("library").order_by("id").first()
    return beside(content, row.library.folder, row.path, row.size) if row else None


def _source_kept(content: Content) -> Source | None:
    """The picture itself, of a content that is one that people sent."""
    place = original(content.key)
    try:
        size = place.stat().st_size
    except OSError:
        return None
    return beside(content, str(place.parent), place.name, size)


def beside(content: Content, root: str, path: str, size: int) -> Source:
    """A picture that lies below `root`, as a cover is made of it: its content's first page."""
    folder, _, name = path.rpartition("/")
    page = Page(name, 0, size, size, 0, 0)
    return Source(content, f"{root}/{on_disk(folder)}", "folder", [page], f"{content.key}-1")


def picked(content_key: str, page: int) -> Source | None:
    """Where the picture of this page is made of, if it is some series' cover."""
    content = Content.objects.filter(
        signature=bytes.fromhex(content_key), covers__cover_page=page
    ).first()
    return source_of(content, page) if content else None


def carry_over(old: Content, new: Content) -> None:
    """A file was replaced and no other holds what it held: the same page of the new one is the
    cover, its last where there are fewer."""
    picked = Series.objects.filter(cover=old, cover_page__isnull=False)
    picked.update(cover=new, cover_page=Least(F("cover_page"), new.page_count))


def render(source: Source) -> Made:
    """Read, decode and scale in a bounded child, and write; the database is not asked.

    Raises Unavailable when there is no room.
    """
    places = [list(page[:6]) for page in source.pages[:_TRIES]]
    cover = _in_child(thumbnails.cover, source.path, source.form, places)
    if cover is None:
        return Made(source.content)
    _put_all(source.key, cover)
    return Made(source.content, cover.width, cover.height, cover.tint)


def adopt(data: bytes, key: str = "") -> Adopted:
    """Make a picture from elsewhere a cover, whatever it claims to be: decoded in a bounded child
    and encoded anew, so that nothing of it reaches a browser but how it looks. Its files are named
    by the `key`, or by one made of its bytes.

    Raises Unreadable for what is no picture, Unavailable when there is no room.
    """
    key = key or hashlib.blake2b(data, digest_size=16).hexdigest()
    with tempfile.NamedTemporaryFile(prefix="kiremisu-cover-") as place:
        place.write(data)
        place.flush()
        cover = _in_child(thumbnails.picture, place.name)
    if cover is None:
        raise Unreadable("This is no picture that can be shown.", code="not_an_image")
    _put_all(key, cover)
    return Adopted(key, cover.width, cover.height, cover.tint)


def _in_child(made: Callable[..., bytes], *about: object) -> thumbnails.Cover | None:
    """What a function of `thumbnails` makes of this in all widths; None where it cannot."""
    try:
        worker = _idle.pop()
    except IndexError:  # asked first, another thread might take the last
        worker = Worker(memory=LIMITS.child_bytes, most=_MOST)
    try:
        target = f"{thumbnails.__name__}:{made.__name__}"
        answer = worker.call(target, *about, list(settings.COVER_WIDTHS), seconds=_SECONDS)
    except (ChildFailed, Unreadable):
        return None
    finally:
        _idle.append(worker)
    return thumbnails.unpacked(answer)


def _put_all(key: str, cover: thumbnails.Cover) -> None:
    for width, data in cover.pictures.items():
        put(file(key, width), data)


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


def put(place: Path, data: bytes) -> None:
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
        reason = "The disk is full" if full else "The covers' folder cannot be written"
        raise Unavailable(f"{reason}: no cover was made.", code="no_room") from error

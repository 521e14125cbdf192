"""Pictures beside the files of a series, shown as its cover unless people picked another."""

from hashlib import blake2b
from uuid import UUID

from django.utils import timezone

from kiremisu.lib.errors import Unreadable
from kiremisu.lib.paths import on_disk
from library import covers
from library.archives import LIMITS, read_file
from library.disk import Found
from library.models import Content, Series
from library.scanning.applying import touch
from library.scanning.series import count
from library.sidecars import Misread


def made(root: str, found: Found) -> covers.Made:
    """The cover that this picture makes; the database is not asked. Raises Misread."""
    try:
        data = read_file(f"{root}/{on_disk(found.path)}", LIMITS.page_bytes + 1)
    except Unreadable as error:
        raise Misread("unreadable") from error
    if len(data) > LIMITS.page_bytes:
        raise Misread("too_large")
    content = Content(signature=signature_of(data), page_count=1)
    cover = covers.render(covers.beside(content, root, found.path, len(data)))
    if not cover.width:
        raise Misread("no_picture")
    return cover


def signature_of(data: bytes) -> bytes:
    """Of the content that a picture is, never that of a book's pages."""
    return blake2b(data, digest_size=16, person=b"kiremisu-cover").digest()


def show(series: UUID, cover: covers.Made) -> Content:
    """Make it the series' cover, within the caller's transaction; the content that it is."""
    content = content_of(bytes(cover.content.signature), cover)
    # As a page that was picked, so that no count of chapters changes it.
    _set(series, cover=content, cover_page=1, cover_tint=cover.tint)
    return content


def content_of(signature: bytes, cover: covers.Made | covers.Adopted) -> Content:
    """The content that a picture is, within the caller's transaction, which has the turn."""
    content, _ = Content.objects.get_or_create(
        signature=signature,
        defaults={
            "page_count": 1,
            "cover_state": Content.CoverState.READY,
            "cover_width": cover.width,
            "cover_height": cover.height,
            "tint": cover.tint,
        },
    )
    return content


def choose(series: UUID) -> None:
    """Show a picture beside its files unless people picked another; where there is none any more,
    the first page that can be shown. Within the caller's transaction."""
    beside = Content.objects.filter(sidecars__series=series).order_by("sidecars__path").first()
    if beside:
        _set(series, cover=beside, cover_page=1, cover_tint=beside.tint)
    elif Series.objects.filter(pk=series, cover__chapters=None).exists():
        _set(series, cover=None, cover_page=None, cover_tint="")
        count([series], timezone.now())


def _set(series: UUID, **facts: object) -> None:
    found = Series.objects.filter(pk=series).exclude(user_metadata__has_key="cover")
    if found.update(**facts, updated=timezone.now()):
        touch(Series.objects.values_list("library", flat=True).get(pk=series))

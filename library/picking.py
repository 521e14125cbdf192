"""What people pick as a series' cover, instead of the first page that can be shown: another page,
or a picture that they send."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, JSONField, TextField, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Cast
from django.utils import timezone

from kiremisu.lib.errors import Conflict, FieldError, Invalid, NotThere, TooLarge, Unreadable
from library import covers, turns
from library.models import Chapter, Content, Series
from library.scanning import pictures
from library.scanning.applying import touch
from library.scanning.series import count
from library.shapes import CoverThen
from library.shelving import readable


def pick(series: Series, chapter: Chapter, page: int) -> None:
    """Show this page (from 1) of one of its chapters as its cover; no scan changes that.

    Raises Invalid when there is no such page, Unreadable when it cannot be shown, Unavailable
    when there is no room for the picture.
    """
    content = readable(chapter)
    if not 1 <= page <= content.page_count:
        wrong = FieldError("page", f"There are pages 1 to {content.page_count}, not {page}.")
        raise Invalid(wrong.message, errors=(wrong,))
    source = covers.source_of(content, page)
    made = covers.render(source) if source else None
    if made is None or not made.width:
        raise Unreadable("This page cannot be shown.")
    said = {"chapter": str(chapter.pk), "page": page}
    with transaction.atomic():
        _show(series, said, cover=content, cover_page=page, cover_tint=made.tint)


@transaction.atomic
def unpick(series: Series) -> None:
    """Show again what a scan would: a picture beside its files, or the first page that can be
    shown."""
    _set(series, "-", Cast(Value("cover"), TextField()), cover_page=None, cover_tint="")
    count([series.pk], timezone.now())
    pictures.choose(series.pk)


def keep(data: bytes) -> Content:
    """Keep a picture that somebody sent, whatever it claims to be, made anew as covers are; series
    can `wear` it then.

    Raises TooLarge, Unreadable for what is no picture, Unavailable when there is no room.
    """
    if len(data) > settings.COVER_LIMIT:
        raise TooLarge(f"A cover may have {settings.COVER_LIMIT >> 20} MiB at most.")
    signature = pictures.signature_of(data)
    made = covers.adopt(data, f"{signature.hex()}-1")
    largest = covers.file(made.key, max(settings.COVER_WIDTHS))
    covers.put(covers.original(signature.hex()), largest.read_bytes())
    with transaction.atomic():
        turns.take()
        return pictures.content_of(signature, made)


def kept(key: str) -> Content:
    """The picture that was kept under this key. Raises NotThere."""
    signature = bytes.fromhex(key)
    content = Content.objects.filter(signature=signature).first()
    if content is None or not covers.original(key).exists():
        raise NotThere("There is no such picture.")
    return content


@transaction.atomic
def wear(series: Series, picture: Content) -> CoverThen:
    """Show a picture that was kept as its cover; no scan changes that. Answers what it showed."""
    row = Series.objects.select_for_update(no_key=True).get(pk=series.pk)
    then = CoverThen(
        worn=picture.pk,
        cover=row.cover_id,
        page=row.cover_page,
        tint=row.cover_tint,
        said=row.user_metadata.get("cover"),
    )
    said = {"picture": picture.key}
    _show(series, said, cover=picture, cover_page=1, cover_tint=picture.tint)
    return then


@transaction.atomic
def lend(series: UUID, picture: Content) -> bool:
    """Show a picture that was kept as long as the series has nothing else to show: a page of its
    files, a picture beside them and what people pick come before. Answers whether it is shown."""
    bare = Series.objects.filter(pk=series, cover=None).exclude(user_metadata__has_key="cover")
    # Not as a page that was picked, so that the next count of chapters changes it.
    facts = {"cover_page": None, "cover_tint": "", "updated": timezone.now()}
    is_shown = bool(bare.update(cover=picture, **facts))
    if is_shown:
        touch(Series.objects.values_list("library", flat=True).get(pk=series))
    return is_shown


@transaction.atomic
def put_back(series: Series, then: CoverThen) -> None:
    """Show again what it showed before. Raises Conflict where people picked another since."""
    row = Series.objects.select_for_update(no_key=True).get(pk=series.pk)
    if (row.cover_id, row.cover_page) != (then.worn, 1):
        raise Conflict("Somebody picked another cover since.")
    before = Content.objects.filter(pk=then.cover).first() if then.cover else None
    if then.said is not None and before is not None:
        _show(series, then.said, cover=before, cover_page=then.page, cover_tint=then.tint)
        return
    unpick(series)
    if before is not None:
        lend(series.pk, before)


def _show(series: Series, said: dict[str, Any], **facts: Any) -> None:
    _set(series, "||", Value({"cover": said}, JSONField()), **facts)


def _set(series: Series, operator: str, said: Any, **facts: Any) -> None:
    # Merged in the database, so that two people changing two facts lose neither.
    merged = CombinedExpression(F("user_metadata"), operator, said, JSONField())
    found = Series.objects.filter(pk=series.pk)
    found.update(**facts, user_metadata=merged, updated=timezone.now())
    touch(series.library_id)

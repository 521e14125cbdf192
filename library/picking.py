"""A page that people pick as a series' cover, instead of the first that can be shown."""

from typing import Any

from django.db import transaction
from django.db.models import F, JSONField, TextField, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Cast
from django.utils import timezone

from kiremisu.lib.errors import FieldError, Invalid, Unreadable
from library import covers
from library.models import Chapter, Series
from library.scanning import pictures
from library.scanning.applying import touch
from library.scanning.series import count
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
    said = Value({"cover": {"chapter": str(chapter.pk), "page": page}}, JSONField())
    with transaction.atomic():
        _set(series, "||", said, cover=content, cover_page=page, cover_tint=made.tint)


@transaction.atomic
def unpick(series: Series) -> None:
    """Show again what a scan would: a picture beside its files, or the first page that can be
    shown."""
    _set(series, "-", Cast(Value("cover"), TextField()), cover_page=None, cover_tint="")
    count([series.pk], timezone.now())
    pictures.choose(series.pk)


def _set(series: Series, operator: str, said: Any, **facts: Any) -> None:
    # Merged in the database, so that two people changing two facts lose neither.
    merged = CombinedExpression(F("user_metadata"), operator, said, JSONField())
    found = Series.objects.filter(pk=series.pk)
    found.update(**facts, user_metadata=merged, updated=timezone.now())
    touch(series.library_id)

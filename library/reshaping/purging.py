"""Doing away with chapters whose files are gone; for a time they can be brought back."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from kiremisu.accounts import audit
from kiremisu.lib.errors import Gone
from library import showing
from library.models import Chapter, ChapterQuery, Series
from library.reshaping import settling
from library.reshaping.memos import Purged
from library.scanning.applying import touch
from library.scanning.series import count


@showing.together()
def purge(series: Series) -> tuple[Purged, list[Chapter]]:
    """Do away with what is missing of a series: nobody sees it or has it counted. A file that
    comes back brings its chapter back, as it was. Answers also what went."""
    (one,) = settling.held(series.pk)
    missing = missing_of(one)
    memo = Purged(chapters=[chapter.pk for chapter in missing])
    if missing:
        _set(memo.chapters, timezone.now())
        audit.note("series.purged", one, changed={"missing": (len(missing), 0)})
        _settle(one)
    return memo, missing


@showing.together()
def bring_back(series_id: UUID, memo: Purged) -> None:
    """Take a purge back. Raises Gone where it was too long ago, and nothing of it is left."""
    (one,) = settling.held(series_id, hidden=True)
    left = Chapter.objects.filter(pk__in=memo.chapters)
    if not left.exists():
        raise Gone("This was purged too long ago.", code="purged_for_good")
    _set(memo.chapters, None)
    audit.note("series.purged", one, changed={"missing": (0, left.count())})
    homes = {one.pk, *left.order_by().values_list("series", flat=True)}
    for home in Series.objects.filter(pk__in=homes).order_by("pk"):
        _settle(home)


def missing_of(series: Series) -> list[Chapter]:
    """What can be purged of it."""
    gone = series.chapters.filter(missing_since__isnull=False, purged_at=None)
    return list(gone.order_by("special", "volume_order", "number_order", "path", "id"))


def due() -> ChapterQuery:
    """What was purged so long ago that it goes for good, but for what settings' CHAPTERS_KEPT
    name."""
    old = Chapter.objects.filter(purged_at__lt=timezone.now() - settings.RESTORABLE)
    for ids in _kept():
        old = old.exclude(pk__in=ids())
    return old.order_by("id")


@transaction.atomic
def forget(chapters: Sequence[UUID]) -> None:
    """Delete these for good, if they are purged still. People's places, notes and bookmarks hang
    on the pages and stay: the same pages come back to them, under a new id."""
    # A scan may bring one back meanwhile: what is held is purged until it is gone.
    rows = due().filter(pk__in=chapters).select_for_update(of=("self",))
    Chapter.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).delete()


@cache
def _kept() -> list[Callable[[], QuerySet[Any, Any]]]:
    return [import_string(path) for path in settings.CHAPTERS_KEPT]


def _set(chapters: Sequence[UUID], at: datetime | None) -> None:
    now = timezone.now()
    Chapter.objects.filter(pk__in=chapters).update(purged_at=at, updated=now)


def _settle(series: Series) -> None:
    count([series.pk], timezone.now())
    showing.pass_on([series.pk])
    touch(series.library_id)

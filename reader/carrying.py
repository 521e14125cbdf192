"""A file was replaced: people's places go on in what it holds now."""

from django.db import transaction
from django.utils import timezone

from library.models import Content
from reader import standing
from reader.models import PagePairing, Progress
from reader.progress import comes_after


@transaction.atomic
def carry_over(old: Content, new: Content) -> None:
    """Move everybody's place and pairing to the content that replaced theirs.

    Pages past the new end become its last. Who has both keeps the newer place, and the finish
    of either. To be called when no file holds the old content any longer.
    """
    theirs = {p.user_id: p for p in Progress.objects.select_for_update().filter(content=new)}
    for progress in Progress.objects.select_for_update().filter(content=old):
        other = theirs.get(progress.user_id)
        if other is not None:
            _merge(progress, other)
            other.delete()
        if progress.page > new.page_count:
            progress.page, progress.fraction = new.page_count, 0
        progress.content = new
        progress.save()
    corrected = PagePairing.objects.filter(content=new).values_list("user_id", flat=True)
    PagePairing.objects.filter(content=old, user__in=list(corrected)).delete()
    PagePairing.objects.filter(content=old).update(content=new, updated=timezone.now())
    standing.changed_for_all([old.pk, new.pk])


def _merge(progress: Progress, other: Progress) -> None:
    """Make `progress` what both say."""
    if comes_after(progress, other.at, other.page, other.fraction):
        for field in ("page", "fraction", "at", "device", "chapter_id"):
            setattr(progress, field, getattr(other, field))
    finishes = [p.finished_at for p in (progress, other) if p.finished_at is not None]
    progress.finished_at = max(finishes, default=None)
    progress.started_at = min(progress.started_at, other.started_at)

"""Changing by hand what is shown. What people set stands above what files and providers say."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from kiremisu.accounts import access, audit, behalf
from kiremisu.accounts.models import User
from kiremisu.jobs.events import announce
from kiremisu.jobs.models import Job
from kiremisu.jobs.queue import enqueue
from kiremisu.lib.errors import Conflict, FieldError, Gone, NotThere
from library import acts, knowing, showing, titles, turns
from library.inspection import first_number, key_of
from library.models import NO_NUMBER, NO_VOLUME, Chapter, Library, Series
from library.scanning.series import sort_title
from library.schedules import next_after

NUMBERS = frozenset({"number", "volume"})


@transaction.atomic
def change_library(library: Library, **changes: Any) -> Library:
    """Set a library's name, kind, whether all may open it, when it is scanned by itself, or whose
    word on facts comes first; a job shows what follows of the last."""
    known = Library.objects.select_for_update().get(pk=library.pk)
    changed = {
        name: (before, value)
        for name, value in changes.items()
        if (before := getattr(known, name)) != value
    }
    for name, value in changes.items():
        setattr(library, name, value)
    library.next_scan = next_after(library.schedule, timezone.localtime())
    library.save(update_fields=[*changes, "next_scan", "updated"])
    _changed(library.pk)
    if changed:
        audit.note("library.changed", library, changed=changed)
    if "fact_sources" in changed:
        key = f"facts:{library.pk}"
        enqueue("facts", subject=library.pk, key=key, asked_by=behalf.whose()[0])
    if "open_to_all" in changed:
        access.raise_everybodys()
    return library


@transaction.atomic
def remove_library(library: Library) -> None:
    """Forget a library; its files stay, and so do people's places, which hang on the contents.

    Raises Conflict while it is being scanned.
    """
    if Job.objects.live().filter(subject=library.pk).exists():
        raise Conflict("Something is at work on this library. Cancel that first.")
    audit.note("library.forgotten", library)
    library.delete()
    access.raise_everybodys()


def change_series(series: Series, **changes: Any) -> Series:
    """Set facts of a series by hand; they are remembered as set by people, and locked.

    `genres`, `tags` (names), `people` (`name` and `role` of each), `titles` (`text`, `language`)
    and `links` (`site`, `address`) replace what was there.
    """
    knowing.tell(series, changes)
    return series


@transaction.atomic
def add_series(library: Library, title: str, by: User | None = None, **facts: Any) -> Series:
    """A series without files: when some of that name come, a scan puts them into it.

    Raises Conflict when there is one of that name, shown or hidden.
    """
    return change_series(bring_in(library, title, by), title=title, **facts)


@transaction.atomic
def bring_in(library: Library, title: str, by: User | None = None) -> Series:
    """As `add_series`, of which nobody has said anything yet: what sources say of its title is
    shown. Raises Conflict."""
    turns.take()
    key = key_of(title)
    before = Series.objects.filter(library=library, other_keys__contains=[key]).order_by("id")
    if known := before.first():
        raise there_already(by, known)
    series, is_new = Series.objects.get_or_create(
        library=library, key=key, defaults={"title": title, "sort_title": sort_title(title)}
    )
    if not is_new:
        raise there_already(by, series)
    titles.keep([series.pk])
    return series


def there_already(by: User | None, series: Series) -> Conflict:
    """Why it is not added a second time; it names the series to those who see it."""
    if by is None or not Series.objects.visible_to(by).filter(pk=series.pk).exists():
        return Conflict("This library has a series of that name.", code="duplicate")
    named = FieldError("series", str(series.pk), code="duplicate")
    return Conflict(f"This library has it: {series.title}.", code="duplicate", errors=(named,))


@transaction.atomic
def hide_series(series: Series) -> None:
    """Take a series away with its chapters, for everybody. Files and people's places stay."""
    Series.objects.filter(pk=series.pk).update(hidden_at=timezone.now(), updated=timezone.now())
    showing.pass_on([series.pk])
    audit.note("series.hidden", series, who=acts.current().by)
    # The library before people, as where ratings change, so that no two wait for each other.
    _changed(series.library_id)
    access.raise_everybodys()


@transaction.atomic
def restore_series(user: User, series_id: UUID) -> Series:
    """Show a hidden series again; one that is not hidden stays as it is.

    Raises NotThere when it is not within this person's reach, Gone when it was hidden for
    too long, Conflict when it was merged into another.
    """
    within = Series.objects.within_reach_of(user).select_for_update(of=("self",), no_key=True)
    series = within.filter(pk=series_id).first()
    if series is None:
        raise NotThere
    if series.hidden_at is None:
        return series
    if series.merged_into_id is not None:
        raise Conflict("It is part of another series. Take that back.", code="merged")
    if series.hidden_at < timezone.now() - settings.RESTORABLE:
        raise Gone("This series was hidden too long ago.", code="hidden_for_good")
    Series.objects.filter(pk=series_id).update(hidden_at=None, updated=timezone.now())
    showing.pass_on([series_id])
    audit.note("series.restored", series, who=acts.current().by)
    _changed(series.library_id)
    return series


@transaction.atomic
def change_chapter(chapter: Chapter, **changes: Any) -> Chapter:
    """Set facts of a chapter by hand; its place in the series follows, and no scan changes them."""
    facts = dict(changes)
    known = Chapter.objects.select_for_update(no_key=True).get(pk=chapter.pk)
    facts["by_hand"] = sorted({*known.by_hand, *changes})
    if "volume" in changes:
        facts["volume_order"] = _order(changes["volume"], NO_VOLUME)
    if "number" in changes:
        facts["number_order"] = _order(changes["number"], NO_NUMBER)
    Chapter.objects.filter(pk=chapter.pk).update(**facts, updated=timezone.now())
    _changed(chapter.library_id)
    return chapter


def kept_numbers(chapter: Chapter) -> set[str]:
    """Which of its volume and number no scan changes."""
    return {*chapter.by_hand} & NUMBERS


@transaction.atomic
def keep_numbers(wanted: Mapping[UUID, Iterable[str]]) -> None:
    """Of these chapters have no scan change which of volume and number are named, and have scans
    say the other again when their files change."""
    rows = Chapter.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("id")
    for row in rows:
        row.by_hand = sorted({*row.by_hand} - NUMBERS | {*wanted[row.pk]})
        row.updated = timezone.now()
    Chapter.objects.bulk_update(rows, ["by_hand", "updated"])
    for library_id in sorted({row.library_id for row in rows}):
        _changed(library_id)


def _order(number: str, without: int) -> Decimal:
    """By its beginning: "12-14" stands where 12 does."""
    return Decimal(first_number(number) or without)


def _changed(library_id: UUID) -> None:
    Library.objects.filter(pk=library_id).update(version=F("version") + 1)
    announce("library", library_id)

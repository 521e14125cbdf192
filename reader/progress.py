"""Remembering where a reader is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypedDict
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, FilteredRelation, OuterRef, Q
from django.utils import timezone

from kiremisu.accounts.models import User
from kiremisu.lib.errors import Invalid
from kiremisu.lib.text import clean
from library.models import Chapter, ChapterQuery, Content, Series
from reader import standing, telling
from reader.models import SAME_READING, Progress
from reader.neighbours import following

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)  # of all clocks, those never set
# How far back Home looks for what is open.
RECENT = 200


@transaction.atomic
def turn_to(
    user: User,
    content: Content,
    page: int,
    at: datetime,
    device: str = "",
    *,
    fraction: float = 0.0,
    chapter: Chapter | None = None,
    done: bool | None = None,
) -> Progress:
    """Put the reader on this page (1-based), `fraction` (0 to 1) of the way down it.

    `at` is when the reader was there, by the device's clock, clamped to now. A save older
    than what is stored moves nothing but can still finish; nothing unfinishes. The last page
    finishes the content unless `done` says otherwise (a strip is done at that page's foot).
    `chapter` is the file it was read through. Answers what is now stored, which may be
    further on another device. Raises Invalid when the content has no such page.
    """
    at = _checked(content, page, at, fraction)
    done = page == content.page_count if done is None else done
    given = {
        "page": page,
        "fraction": fraction,
        "at": at,
        "device": clean(device, 100),
        "chapter": chapter,
    }
    # Two devices may save at once: lock the row, so that neither loses the finish.
    progress, is_new = Progress.objects.select_for_update().get_or_create(
        user=user,
        content=content,
        defaults={**given, "started_at": at, "finished_at": at if done else None},
    )
    if not is_new:
        _take(progress, given, done=done)
        progress.save()
    standing.changed(user, [content.pk])
    telling.moved(progress, done=done)
    return progress


def _take(progress: Progress, given: Mapping[str, Any], *, done: bool) -> None:
    """What a save changes in the place that is stored."""
    at = given["at"]
    if comes_after(progress, at, given["page"], given["fraction"]):
        if _begins_again(progress, at, done):
            progress.started_at = at
        for field, value in given.items():
            setattr(progress, field, value)
    if not progress.is_finished:
        progress.started_at = min(progress.started_at, at)
    ends_this_reading = progress.is_read_again and at >= progress.started_at
    if done and (ends_this_reading or not progress.is_finished):
        progress.finished_at = at


def _checked(content: Content, page: int, at: datetime, fraction: float) -> datetime:
    """When they were there, never later than now; refuses what cannot be."""
    if not 1 <= page <= content.page_count:
        raise Invalid(f"There are pages 1 to {content.page_count}, not {page}.")
    if not 0 <= fraction <= 1:
        raise Invalid("How far down the page is said by a number from 0 to 1.")
    if timezone.is_naive(at) or at < _EARLIEST:
        raise Invalid("The time needs its distance from UTC, and lies after 1970.")
    return min(at, timezone.now())


def comes_after(progress: Progress, at: datetime, page: int, fraction: float) -> bool:
    """Whether a save is the newer one. Of two at the same instant, the further: so the order
    in which they arrive never matters."""
    return (at, page, fraction) >= (progress.at, progress.page, progress.fraction)


def _begins_again(progress: Progress, at: datetime, done: bool) -> bool:
    return (
        progress.finished_at is not None
        and not progress.is_read_again
        and not done
        and at - progress.finished_at > SAME_READING
    )


@transaction.atomic
def clear(user: User, content: Content) -> None:
    """Forget that this reader ever opened the content."""
    Progress.objects.of(user).filter(content=content).delete()
    standing.changed(user, [content.pk])
    telling.several_moved(user)


@transaction.atomic
def mark_read(user: User, chapters: Iterable[Chapter], at: datetime | None = None) -> int:
    """Finish these chapters, as if each had been read now, or `at` that moment. Answers how many
    were not yet.

    Chapters without pages are passed over.
    """
    now = at or timezone.now()
    by_content = {c.content_id: c for c in chapters if c.content_id is not None}
    done = set(
        Progress.objects.of(user)
        .finished()
        .filter(content__in=by_content.keys())
        .values_list("content_id", flat=True)
    )
    rows = [
        Progress(
            user=user,
            content_id=content_id,
            chapter=chapter,
            page=max(1, chapter.page_count),
            at=now,
            started_at=now,
            finished_at=now,
        )
        for content_id, chapter in by_content.items()
        if content_id not in done
    ]
    # One statement, so that a page turned meanwhile neither fails nor unfinishes anything.
    Progress.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["user", "content"],
        update_fields=["chapter", "page", "fraction", "at", "finished_at", "updated"],
        batch_size=1000,
    )
    standing.changed(user, by_content)
    telling.finished(user.pk, by_content)
    telling.several_moved(user)
    return len(rows)


@transaction.atomic
def mark_unread(user: User, chapters: Iterable[Chapter]) -> int:
    """Forget these chapters' progress. Answers how many had some."""
    contents = [c.content_id for c in chapters if c.content_id is not None]
    forgotten, _ = Progress.objects.of(user).filter(content__in=contents).delete()
    standing.changed(user, contents)
    telling.several_moved(user)
    return forgotten


@dataclass(frozen=True, slots=True)
class Place:
    """Where to go on reading. `progress` is None for a chapter not begun yet."""

    chapter: Chapter
    page: int
    at: datetime
    progress: Progress | None


def continue_from(user: User) -> Place | None:
    """Where this reader was last: the open chapter, or the one after a finished one."""
    places = _whole(islice(_open_places(user), 1))
    return places[0] if places else None


def also_open(user: User, most: int = 4) -> list[Place]:
    """The other series they are in the middle of, newest first, without `continue_from`."""
    return _whole(islice(_open_places(user), 1, most + 1))


def _whole(places: Iterable[Place]) -> list[Place]:
    """These with all that is shown of their chapters."""
    found = list(places)
    chapters = Chapter.objects.select_related(
        "series__cover", "series__library", "content", "library"
    ).in_bulk([place.chapter.pk for place in found])
    return [
        replace(place, chapter=chapters[place.chapter.pk])
        for place in found
        if place.chapter.pk in chapters
    ]


def _open_places(user: User) -> Iterator[Place]:
    """One place for each series, the newest first."""
    recent = list(Progress.objects.of(user).order_by("-at")[:RECENT])
    chapters = _chapters_of(user, recent)
    seen = set()
    for progress in recent:
        chapter = chapters.get(progress.content_id)
        if chapter is None or chapter.series_id in seen:
            continue
        seen.add(chapter.series_id)
        if progress.is_open:
            yield Place(chapter, progress.page, progress.at, progress)
        elif (after := _unread_after(user, chapter)) is not None:
            yield Place(after, 1, progress.at, None)


def _chapters_of(user: User, recent: Iterable[Progress]) -> dict[UUID, Chapter]:
    """By content: the file it was read through, else any other that holds it."""
    through = {p.content_id: p.chapter_id for p in recent}
    found: dict[UUID, Chapter] = {}
    for chapter in Chapter.objects.visible_to(user).readable().filter(content__in=through.keys()):
        content_id = chapter.content_id
        if content_id is not None and (
            content_id not in found or through[content_id] == chapter.pk
        ):
            found[content_id] = chapter
    return found


def _unread_after(user: User, chapter: Chapter) -> Chapter | None:
    inside = Chapter.objects.visible_to(user).filter(series=chapter.series_id)
    return following(chapter, unfinished(user, inside))


def unfinished(user: User, chapters: ChapterQuery) -> ChapterQuery:
    """Those of the chapters whose content this reader has not finished."""
    finished = Progress.objects.of(user).finished().filter(content=OuterRef("content"))
    return chapters.filter(~Exists(finished))


class CardColumns(TypedDict):
    """What a series' card says of one reader. `read` is the share of it, from 0 to 1."""

    unread: int
    read: float
    last_read: datetime | None


def card_columns(user: User, series: Iterable[UUID]) -> dict[UUID, CardColumns]:
    """For each of these series with something readable in it; one query."""
    rows = (
        Series.objects.filter(pk__in=list(series), readable_count__gt=0)
        .annotate(mine=FilteredRelation("standings", condition=Q(standings__user=user)))
        .values_list("pk", "readable_count", "mine__unread", "mine__read", "mine__last_read")
        .order_by()
    )
    return {
        pk: CardColumns(
            unread=count if unread is None else unread, read=read or 0.0, last_read=last_read
        )
        for pk, count, unread, read, last_read in rows
    }


def in_contents(user: User, contents: Iterable[UUID]) -> dict[UUID, Progress]:
    """Where they are in each of these contents, by content."""
    found = Progress.objects.of(user).filter(content__in=list(contents))
    return {progress.content_id: progress for progress in found}

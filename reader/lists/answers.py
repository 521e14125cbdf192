"""Lists and their entries as the API shows them to one person."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from kiremisu.accounts.models import User
from kiremisu.lib.schemas import Paging, part
from library.models import Chapter, Series
from reader import lists
from reader.lists import entries
from reader.lists.schemas import EntryNew, ListNew, ListsWanted
from reader.models import List, ListEntry, ListQuery


def part_of(user: User, wanted: ListsWanted) -> dict[str, Any]:
    """A part of the lists this person sees, by name."""
    found = _wanted(user, wanted)
    rows = list(found.select_related("user").order_by("name", "id")[wanted.bounds])
    return part(shown(user, rows), found.count(), wanted)


def one(user: User, found: List) -> dict[str, Any]:
    return shown(user, [found])[0]


def make(user: User, body: ListNew) -> dict[str, Any]:
    """Raises Invalid, Throttled."""
    made = lists.make(
        user, body.name, is_shared=body.is_shared, asked=body.filter, sort=body.sort or ""
    )
    return one(user, made)


def _wanted(user: User, wanted: ListsWanted) -> ListQuery:
    found = List.objects.visible_to(user)
    if wanted.search:
        found = found.filter(name__icontains=wanted.search)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.mine is not None:
        found = found.filter(user=user) if wanted.mine else found.exclude(user=user)
    if wanted.series:
        found = having(found, user, wanted.series)
    return found


def having(found: ListQuery, user: User, series: UUID) -> ListQuery:
    """The reading lists in which this person sees this series, or a chapter of it."""
    inside = ListEntry.objects.visible_to(user).filter(Q(series=series) | Q(chapter__series=series))
    return found.filter(pk__in=inside.order_by().values("list"))


def shown(user: User, rows: Iterable[List]) -> list[dict[str, Any]]:
    rows = list(rows)
    counts = counted(user, rows)
    return [_list(row, user, counts.get(row.pk, 0)) for row in rows]


def counted(user: User, rows: Iterable[List]) -> dict[UUID, int]:
    """How many entries of each reading list this person sees, where there are any."""
    by_hand = [row.pk for row in rows if not row.is_smart]
    inside = ListEntry.objects.visible_to(user).filter(list__in=by_hand).order_by()
    return dict(inside.values_list("list").annotate(Count("pk")))


def _list(row: List, user: User, count: int) -> dict[str, Any]:
    is_mine = row.user_id == user.pk
    return {
        "id": row.pk,
        "created": row.created,
        "updated": row.updated,
        "name": row.name,
        "kind": row.kind,
        "is_shared": row.is_shared,
        "is_mine": is_mine,
        "owner": row.user.username,
        "entry_count": None if row.is_smart else count,
        "filter": row.sought.filter if row.is_smart and is_mine else None,
        "sort": row.sought.sort if row.is_smart else "",
    }


def entries_of(user: User, found: List, paging: Paging) -> dict[str, Any]:
    """A part of a list's entries that this person sees, in order."""
    inside = ListEntry.objects.visible_to(user).filter(list=found)
    rows = inside.in_order().select_related("series", "chapter__series")[paging.bounds]
    numbered = enumerate(rows, start=paging.bounds.start + 1)
    return part([_entry(row, number) for number, row in numbered], inside.count(), paging)


def one_entry(user: User, row: ListEntry) -> dict[str, Any]:
    before = ListEntry.objects.visible_to(user).filter(list=row.list_id, place__lt=row.place)
    return _entry(row, before.count() + 1)


def add_entry(user: User, found: List, body: EntryNew) -> dict[str, Any]:
    """Raises Conflict, Throttled, Invalid, and DoesNotExist for what they do not see."""
    about: Series | Chapter
    if body.series is not None:
        about = Series.objects.visible_to(user).get(pk=body.series)
    else:
        assert body.chapter is not None
        about = Chapter.objects.visible_to(user).select_related("series").get(pk=body.chapter)
    return one_entry(user, entries.put(found, about, body.note, body.spot))


def _entry(row: ListEntry, number: int) -> dict[str, Any]:
    chapter = row.chapter
    series = row.series if chapter is None else chapter.series
    assert series is not None
    return {
        "id": row.pk,
        "created": row.created,
        "updated": row.updated,
        "position": number,
        "series": series.pk,
        "series_title": series.title,
        "chapter": chapter.pk if chapter else None,
        "chapter_label": chapter.label if chapter else "",
        "note": row.note,
    }

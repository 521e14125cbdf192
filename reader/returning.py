"""Putting a reader's places back as they stood before all of a series was marked."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kiremisu.accounts.models import User
from kiremisu.lib.errors import Conflict
from library.models import Chapter, Content
from reader import standing, telling
from reader.models import Progress
from reader.shapes import PlacesThen, PlaceThen

_PLACE = ("chapter", "page", "fraction", "at", "device", "started_at", "finished_at")


def before(user: User, contents: Iterable[UUID], marked: datetime | None = None) -> PlacesThen:
    """Where they are in these contents, within the caller's transaction, which marks them then
    (`marked`) or forgets them."""
    rows = Progress.objects.of(user).filter(content__in=list(contents)).select_for_update()
    places: dict[UUID, PlaceThen | None] = dict.fromkeys(contents)
    return PlacesThen(marked=marked, places=places | {row.content_id: _then(row) for row in rows})


@transaction.atomic
def put_back(user: User, then: PlacesThen) -> None:
    """Have them be where they were, but for what they opened or marked since. Raises Conflict
    where that is so of everything."""
    rows = Progress.objects.of(user).filter(content__in=then.places).select_for_update()
    now = {row.content_id: row.at for row in rows}
    # As it was left, and still there: a content goes with its last file and place.
    here = Content.objects.filter(pk__in=then.places).values_list("pk", flat=True)
    same = [content for content in here if now.get(content) == then.marked]
    if then.places and not same:
        raise Conflict("All of it was read or marked again since.")
    places = {content: then.places[content] for content in same}
    gone = [content for content, place in places.items() if place is None]
    Progress.objects.of(user).filter(content__in=gone).delete()
    Progress.objects.bulk_create(
        _rows(user, {content: place for content, place in places.items() if place}),
        update_conflicts=True,
        unique_fields=["user", "content"],
        update_fields=[*_PLACE, "updated"],
        batch_size=1000,
    )
    standing.changed(user, same)
    telling.several_moved(user)


def _then(row: Progress) -> PlaceThen:
    return PlaceThen(
        chapter=row.chapter_id,
        page=row.page,
        fraction=row.fraction,
        at=row.at,
        device=row.device,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


def _rows(user: User, places: dict[UUID, PlaceThen]) -> list[Progress]:
    wanted = [place.chapter for place in places.values() if place.chapter]
    files = set(Chapter.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    rows = []
    for content, place in places.items():
        facts = {name: getattr(place, name) for name in _PLACE if name != "chapter"}
        chapter = place.chapter if place.chapter in files else None
        rows.append(Progress(user=user, content_id=content, chapter_id=chapter, **facts))
    return rows

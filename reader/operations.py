"""Operations on series that are a person's own: read, and unread again; in a list, and out."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from kiremisu.accounts.models import User
from kiremisu.lib.errors import Conflict, NotThere
from kiremisu.lib.schemas import Strict
from library.acts import Done
from library.batches.operations import options_as
from library.batches.schemas import ChaptersGiven
from library.models import Chapter, ChapterQuery, Series
from reader import lists, progress, returning
from reader.lists import entries
from reader.lists.entries import Spot
from reader.models import List, ListEntry, Progress
from reader.shapes import PlacesThen


def mark_read(user: User, series: Series, options: dict[str, Any]) -> Done:
    """Every readable chapter of it, or of the `chapters` in `options`, as if read now. Raises
    Invalid."""
    now = timezone.now()
    chapters = list(progress.unfinished(user, _inside(user, series, options).readable()))
    then = returning.before(user, [c.content_id for c in chapters if c.content_id], now)
    progress.mark_read(user, chapters, now)
    return _marked(len(chapters), "read", then)


def mark_unread(user: User, series: Series, options: dict[str, Any]) -> Done:
    """Forget where they were in it, or in those of the `chapters` in `options`. Raises Invalid."""
    opened = Progress.objects.of(user).order_by().values("content")
    chapters = list(_inside(user, series, options).filter(content__in=opened))
    then = returning.before(user, [c.content_id for c in chapters if c.content_id])
    progress.mark_unread(user, chapters)
    return _marked(len(chapters), "unread", then)


def put_back(user: User, series_id: UUID, memo: dict[str, Any]) -> None:
    """Have them be where they were before it was marked. Raises Conflict."""
    returning.put_back(user, PlacesThen.model_validate(memo))


def add_to_list(user: User, series: Series, options: dict[str, Any]) -> Done:
    """Put it at the end of the reading list in `options`, unless it is there. Raises Invalid,
    NotThere, Forbidden, Conflict, Throttled."""
    found = _list(user, options)
    entry = entries.include(found, series)
    if entry is None:
        return Done(f"Is in {found} already.")
    return Done(f"Comes to the end of {found}.", {"entry": str(entry.pk)})


def take_off_list(user: User, series_id: UUID, memo: dict[str, Any]) -> None:
    """Take off a list what `add_to_list` put into it. Raises Conflict where something was noted
    about it since."""
    entry = ListEntry.objects.of(user).filter(pk=memo["entry"]).first()
    if entry is not None and entry.note:
        raise Conflict("Something was noted about it in the list since.")
    if entry is not None:
        entries.take_off(entry)


def remove_from_list(user: User, series: Series, options: dict[str, Any]) -> Done:
    """Take it off the reading list in `options`. Raises Invalid, NotThere, Forbidden."""
    found = _list(user, options)
    left = entries.leave_out(found, series)
    if left is None:
        return Done(f"Is not in {found}.")
    spot, note = left
    memo = {"list": str(found.pk), "position": spot.position, "note": note}
    return Done(f"Is taken off {found}.", memo)


def put_back_on_list(user: User, series_id: UUID, memo: dict[str, Any]) -> None:
    """Put it where it stood in a list. Raises NotThere, Conflict where it is there already,
    Throttled."""
    found = List.objects.of(user).filter(pk=memo["list"]).first()
    series = Series.objects.visible_to(user).filter(pk=series_id).first()
    if found is None or series is None:
        raise NotThere("The list, or the series, is not there any more.")
    entries.put(found, series, memo["note"], Spot(position=memo["position"]))


class _ListGiven(Strict):
    list: UUID


def _inside(user: User, series: Series, options: dict[str, Any]) -> ChapterQuery:
    """Its chapters, or those of them that are named."""
    inside = Chapter.objects.visible_to(user).filter(series=series)
    return inside.filter(pk__in=options_as(ChaptersGiven, options).chapters) if options else inside


def _list(user: User, options: dict[str, Any]) -> List:
    wanted = options_as(_ListGiven, options).list
    found = List.objects.visible_to(user).filter(pk=wanted).first()
    if found is None:
        raise NotThere("There is no such list.")
    lists.check_owner(user, found)
    return found


def _marked(many: int, how: str, then: PlacesThen) -> Done:
    if not many:
        return Done(f"Nothing of it becomes {how}.")
    told = "1 chapter becomes" if many == 1 else f"{many} chapters become"
    return Done(f"{told} {how}.", then.model_dump(mode="json"))

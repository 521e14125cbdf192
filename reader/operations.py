"""Operations on series that are a person's own: read, and unread again; in a list, and out."""

from typing import Any
from uuid import UUID

from kiremisu.accounts.models import User
from kiremisu.lib.errors import Invalid, NotThere
from kiremisu.lib.schemas import Strict
from library.batches.operations import options_as
from library.models import Chapter, Series
from reader import lists, progress
from reader.lists import entries
from reader.models import List


def mark_read(user: User, series: Series, options: dict[str, Any]) -> None:
    """Every readable chapter of it, as if read now. Raises Invalid: it takes no options."""
    _check_none(options)
    progress.mark_read(user, Chapter.objects.visible_to(user).readable().filter(series=series))


def mark_unread(user: User, series: Series, options: dict[str, Any]) -> None:
    """Forget where they were in it. Raises Invalid: it takes no options."""
    _check_none(options)
    progress.mark_unread(user, Chapter.objects.visible_to(user).filter(series=series))


def add_to_list(user: User, series: Series, options: dict[str, Any]) -> None:
    """Put it at the end of the reading list in `options`, unless it is there. Raises Invalid,
    NotThere, Forbidden, Conflict, Throttled."""
    entries.include(_list(user, options), series)


def remove_from_list(user: User, series: Series, options: dict[str, Any]) -> None:
    """Take it off the reading list in `options`. Raises Invalid, NotThere, Forbidden."""
    entries.leave_out(_list(user, options), series)


class _ListGiven(Strict):
    list: UUID


def _list(user: User, options: dict[str, Any]) -> List:
    wanted = options_as(_ListGiven, options).list
    found = List.objects.visible_to(user).filter(pk=wanted).first()
    if found is None:
        raise NotThere("There is no such list.")
    lists.check_owner(user, found)
    return found


def _check_none(options: dict[str, Any]) -> None:
    if options:
        raise Invalid("This operation takes no options.")

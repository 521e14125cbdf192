"""What curators may do to the shape of series, and how it is taken back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from kiremisu.accounts import roles
from kiremisu.accounts.models import Role, User
from kiremisu.accounts.ratings import Rating
from kiremisu.lib.errors import FieldError, Invalid
from library.acts import Done
from library.batches.operations import check_none, options_as
from library.models import Chapter, Series
from library.reshaping import choosing, joining, moving, purging, settling
from library.reshaping.memos import Merged, Moved, Purged
from library.reshaping.schemas import MergeGiven, MoveGiven, SplitGiven

_NAMED = 20  # chapters that are told of by name


def merge_into(user: User, series: Series, options: dict[str, Any]) -> Done:
    """Have it be part of the `target` in `options`; the target itself stays as it is. Raises
    Forbidden, Invalid, NotThere."""
    roles.check(user, Role.CURATOR)
    target = _target(user, options_as(MergeGiven, options).target)
    if target.pk == series.pk:
        return Done("Stays; the others become part of it.")
    rated = _rated(series, target)
    memo = joining.merge(series, target)
    many = _many(len(memo.chapters), "chapter")
    return Done(f"Becomes part of “{target}”, with its {many}.{rated}", _told(memo))


def part(user: User, series_id: UUID, memo: dict[str, Any]) -> None:
    """Take `merge_into` back. Raises Forbidden, Conflict, NotThere."""
    roles.check(user, Role.CURATOR)
    joining.part(series_id, Merged.model_validate(memo))


def move_chapters(user: User, series: Series, options: dict[str, Any]) -> Done:
    """Have those of its chapters that `options` name be of the `target`. Raises Forbidden, Invalid,
    NotThere."""
    roles.check(user, Role.CURATOR)
    given = options_as(MoveGiven, options)
    target = _target(user, given.target)
    chapters = choosing.chosen(series, given.chapters, given.which)
    rated = _rated(series, target)
    memo = moving.move(series, target, chapters)
    many = _many(len(chapters), "chapter")
    return Done(f"Gives {many} to “{target}”: {_names(chapters)}.{rated}", _told(memo))


def split_off(user: User, series: Series, options: dict[str, Any]) -> Done:
    """Have those of its chapters that `options` name be a series of this `title`. Raises Forbidden,
    Invalid, Conflict."""
    roles.check(user, Role.CURATOR)
    given = options_as(SplitGiven, options)
    chapters = choosing.chosen(series, given.chapters, given.which)
    memo = moving.split_off(series, given.title, chapters)
    many = _many(len(chapters), "chapter")
    return Done(f"Gives {many} to a new “{given.title}”: {_names(chapters)}.", _told(memo))


def put_back(user: User, series_id: UUID, memo: dict[str, Any]) -> None:
    """Take `move_chapters` and `split_off` back. Raises Forbidden, Conflict, NotThere."""
    roles.check(user, Role.CURATOR)
    moving.put_back(series_id, Moved.model_validate(memo))


def purge_missing(user: User, series: Series, options: dict[str, Any]) -> Done:
    """Do away with its chapters whose files are gone. Raises Forbidden, Invalid."""
    roles.check(user, Role.CURATOR)
    check_none(options)
    memo, gone = purging.purge(series)
    if not gone:
        return Done("Nothing of it is missing.")
    many = _many(len(gone), "missing chapter")
    return Done(f"Loses {many}, after 30 days for good: {_names(gone)}.", _told(memo))


def bring_back(user: User, series_id: UUID, memo: dict[str, Any]) -> None:
    """Take `purge_missing` back. Raises Forbidden, Gone, NotThere."""
    roles.check(user, Role.CURATOR)
    purging.bring_back(series_id, Purged.model_validate(memo))


def _target(user: User, series_id: UUID) -> Series:
    found = Series.objects.visible_to(user).filter(pk=series_id).first()
    if found is None:
        detail = "There is no such series."
        raise Invalid(detail, errors=(FieldError("options.target", detail),))
    return found


def _rated(series: Series, target: Series) -> str:
    """What becomes of the target's rating, in a sentence."""
    if not settling.is_rated_higher(series, target):
        return ""
    return f" That one is rated {Rating(series.content_rating).label.lower()} then."


def _told(memo: BaseModel) -> dict[str, Any]:
    return memo.model_dump(mode="json")


def _many(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")


def _names(chapters: Sequence[Chapter]) -> str:
    names = [chapter.label for chapter in chapters[:_NAMED]]
    more = len(chapters) - len(names)
    return "; ".join(names) + (f"; and {more} more" if more else "")

"""Keeping volume and number of chapters as they stand, whatever their files come to be called."""

from collections.abc import Set
from typing import Any
from uuid import UUID

from kiremisu.accounts import roles
from kiremisu.accounts.models import Role, User
from kiremisu.lib.errors import Conflict
from library import curation
from library.acts import Done
from library.batches.operations import options_as
from library.batches.schemas import ChaptersGiven
from library.curation import NUMBERS
from library.models import Chapter, Series


def lock_numbers(user: User, series: Series, options: dict[str, Any]) -> Done:
    """Have no scan change volume and number of its `chapters` in `options`. Raises Forbidden,
    Invalid."""
    return _keep(user, series, options, NUMBERS)


def unlock_numbers(user: User, series: Series, options: dict[str, Any]) -> Done:
    """Let scans say volume and number of its `chapters` in `options`, when their files change.
    Raises Forbidden, Invalid."""
    return _keep(user, series, options, frozenset())


def put_back(user: User, series_id: UUID, memo: dict[str, Any]) -> None:
    """Take these back. Raises Forbidden, and Conflict where all was locked or unlocked since."""
    roles.check(user, Role.CURATOR)
    before = {UUID(key): names for key, names in memo["chapters"].items()}
    inside = Chapter.objects.filter(series=series_id, pk__in=before)
    same = [row.pk for row in inside if sorted(curation.kept_numbers(row)) == memo["kept"]]
    if not same:
        raise Conflict("They were locked or unlocked again since.")
    curation.keep_numbers({key: before[key] for key in same})


def _keep(user: User, series: Series, options: dict[str, Any], kept: Set[str]) -> Done:
    roles.check(user, Role.CURATOR)
    wanted = options_as(ChaptersGiven, options).chapters
    inside = Chapter.objects.visible_to(user).filter(series=series, pk__in=wanted)
    before = {row.pk: curation.kept_numbers(row) for row in inside}
    others = {key: sorted(names) for key, names in before.items() if names != kept}
    how = "locked" if kept else "unlocked"
    if not others:
        return Done(f"Volume and number are {how} already.")
    curation.keep_numbers(dict.fromkeys(others, kept))
    many = f"{len(others)} chapter" + ("s" if len(others) > 1 else "")
    chapters = {str(key): names for key, names in others.items()}
    memo = {"kept": sorted(kept), "chapters": chapters}
    return Done(f"Volume and number of {many} are {how}.", memo)

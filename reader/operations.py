"""Operations on series that are a person's own: read, and unread again."""

from typing import Any

from kiremisu.accounts.models import User
from kiremisu.lib.errors import Invalid
from library.models import Chapter, Series
from reader import progress


def mark_read(user: User, series: Series, options: dict[str, Any]) -> None:
    """Every readable chapter of it, as if read now. Raises Invalid: it takes no options."""
    _check_none(options)
    progress.mark_read(user, Chapter.objects.visible_to(user).readable().filter(series=series))


def mark_unread(user: User, series: Series, options: dict[str, Any]) -> None:
    """Forget where they were in it. Raises Invalid: it takes no options."""
    _check_none(options)
    progress.mark_unread(user, Chapter.objects.visible_to(user).filter(series=series))


def _check_none(options: dict[str, Any]) -> None:
    if options:
        raise Invalid("This operation takes no options.")

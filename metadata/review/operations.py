"""Operations on many series: having them looked for, and their facts asked for again."""

from typing import Any

from kiremisu.accounts import roles
from kiremisu.accounts.models import Role, User
from kiremisu.lib.errors import Invalid
from library.models import Series
from metadata import enrichment


def match(user: User, series: Series, options: dict[str, Any]) -> None:
    """Have it looked for, also again. Raises Forbidden, and Invalid: it takes no options."""
    _check(user, options)
    enrichment.request_match([series.pk], user)


def refresh(user: User, series: Series, options: dict[str, Any]) -> None:
    """Have its facts asked for again, where it is matched. Raises Forbidden, and Invalid: it takes
    no options."""
    _check(user, options)
    enrichment.request_refresh([series.pk], user)


def _check(user: User, options: dict[str, Any]) -> None:
    roles.check(user, Role.CURATOR)
    if options:
        raise Invalid("This operation takes no options.")

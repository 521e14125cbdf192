"""What filters of series may ask about reading."""

from typing import Any, Literal

from django.db.models import Exists, OuterRef, Q

from kiremisu.accounts.models import User
from library.filters.fields import choice
from library.filters.language import Operator
from reader.models import Standing


def _read(user: User, operator: Operator, value: Any) -> Q:
    """`unread`: nothing of it opened. `finished`: all that can be read is. `reading`: between."""
    mine = Standing.objects.filter(user=user, series=OuterRef("pk"))
    states = {
        "unread": ~Exists(mine),
        "reading": Exists(mine.filter(unread__gt=0)),
        "finished": Exists(mine.filter(unread=0)),
    }
    wanted = Q(pk__in=[])
    for state in value if operator is Operator.IN else [value]:
        wanted |= Q(states[state])
    return wanted


READ = choice(Literal["unread", "reading", "finished"], _read, is_personal=True)

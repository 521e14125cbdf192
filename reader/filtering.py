"""What filters of series may ask about reading."""

from typing import Any, Literal

from django.db.models import Exists, OuterRef, Q

from kiremisu.accounts.models import User
from library.filters.fields import choice
from library.filters.language import Operator
from library.models import Chapter
from reader.models import Progress


def _read(user: User, operator: Operator, value: Any) -> Q:
    """`unread`: nothing of it opened. `finished`: all that can be read is. `reading`: between."""
    chapters = Chapter.objects.readable().order_by().filter(series=OuterRef("pk"))
    opened = Q(Exists(chapters.filter(content__progress__user=user)))
    finished = Progress.objects.of(user).finished().filter(content=OuterRef("content"))
    left = Q(Exists(chapters.filter(~Exists(finished))))
    states = {"unread": ~opened, "reading": opened & left, "finished": opened & ~left}
    wanted = Q(pk__in=[])
    for state in value if operator is Operator.IN else [value]:
        wanted |= states[state]
    return wanted


READ = choice(Literal["unread", "reading", "finished"], _read, is_personal=True)

"""What filters and counts of series may ask about reading."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from django.db.models import Count, Exists, OuterRef, Q

from kiremisu.accounts.models import User
from library.facets import Facet
from library.filters.fields import choice, count
from library.filters.language import Operator
from library.models import SeriesQuery
from reader import standing
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


def _unread(user: User, operator: Operator, value: Any) -> Q:
    """How many chapters are not finished; of a series never opened, all that can be read."""
    mine = Standing.objects.filter(user=user, series=OuterRef("pk"))
    lookup = "exact" if operator is Operator.IS else operator.value
    opened = Exists(mine.filter(**{f"unread__{lookup}": value}))
    return Q(opened) | Q(~Exists(mine), **{f"readable_count__{lookup}": value})


UNREAD = count(_unread, standing.version_of)
READ = replace(
    choice(Literal["unread", "reading", "finished"], _read, standing.version_of),
    often=(
        ("Unread by you", Operator.IS, "unread"),
        ("Being read by you", Operator.IS, "reading"),
        ("Finished by you", Operator.IS, "finished"),
    ),
)


def _counted(user: User, found: SeriesQuery, total: int) -> Mapping[str, int]:
    mine = Standing.objects.filter(user=user, series__in=found.order_by().values("pk"))
    counts = mine.aggregate(opened=Count("pk"), finished=Count("pk", filter=Q(unread=0)))
    reading = counts["opened"] - counts["finished"]
    unread = total - counts["opened"]
    return {"unread": unread, "reading": reading, "finished": counts["finished"]}


READ_FACET = Facet(_counted, standing.version_of)

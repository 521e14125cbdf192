"""Counting the series that somebody sees, one by one, as facets should have it."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from kiremisu.accounts.models import User
from library.facets import MOST
from library.models import Chapter, Series
from reader.models import Progress

ONE_BY_ONE: dict[str, Callable[[Series], Iterable[str]]] = {
    "library": lambda one: [str(one.library_id)],
    "genre": lambda one: one.labels.genres,
    "tag": lambda one: one.labels.tags,
    "person": lambda one: {each["name"] for each in one.labels.people},
    "status": lambda one: [one.status],
    "language": lambda one: [one.language],
    "content_rating": lambda one: [one.content_rating],
    "year": lambda one: ["" if one.year is None else str(one.year)],
}


def counted(user: User, wanted: Callable[[Series], bool] = lambda _: True) -> dict[str, Any]:
    """By facet, how many there are of each value."""
    seen = [one for one in Series.objects.visible_to(user) if wanted(one)]
    told: dict[str, Any] = {"total": len(seen)}
    for name, values in ONE_BY_ONE.items():
        told[name] = dict(Counter(value for one in seen for value in values(one)))
    told["read"] = dict(Counter(state(user, one) for one in seen))
    return told


def state(user: User, one: Series) -> str:
    mine = {row.content_id: row.is_finished for row in Progress.objects.of(user)}
    inside = [c.content_id for c in Chapter.objects.readable().filter(series=one)]
    if not any(key in mine for key in inside):
        return "unread"
    return "finished" if all(mine.get(key) for key in inside) else "reading"


def told_by(facets: dict[str, Any]) -> dict[str, Any]:
    """What the API answers, in that form; checked to be in order."""
    told: dict[str, Any] = {"total": facets["total"]}
    for name, rows in facets.items():
        if name != "total":
            assert rows == sorted(rows, key=lambda row: (-row["count"], row["name"], row["value"]))
            assert len(rows) <= MOST or name not in {"genre", "tag", "person"}
            told[name] = {row["value"]: row["count"] for row in rows}
    return told

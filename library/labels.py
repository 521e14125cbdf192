"""Genres, tags and people as lists, each with what it counts of what somebody may see."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.cache import cache
from django.db.models import Count, QuerySet

from kiremisu.accounts.models import User
from kiremisu.lib.schemas import part
from kiremisu.lib.text import words
from library import freshness
from library.models import Credit, Person, Tag, Tagging
from library.schemas import LabelsWanted, TagsWanted

type Row = dict[str, Any]

TAG = ("id", "created", "updated", "kind", "name")
PERSON = ("id", "created", "updated", "name")


def tags(user: User, wanted: TagsWanted) -> dict[str, Any]:
    """A part of the tags of series that this person may see, by name."""
    return _kept(user, "tags", wanted, lambda: _tags(user, wanted))


def people(user: User, wanted: LabelsWanted) -> dict[str, Any]:
    """A part of the people with a part in series that this person may see, by name."""
    return _kept(user, "people", wanted, lambda: _people(user, wanted))


def _kept(
    user: User, name: str, wanted: LabelsWanted, make: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    return freshness.kept(cache, freshness.key(user, name, wanted.model_dump(mode="json")), make)


def _tags(user: User, wanted: TagsWanted) -> dict[str, Any]:
    found = _named(Tag.objects.visible_to(user), wanted)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    rows = list(found.order_by("folded", "id").values(*TAG)[wanted.bounds])
    return part(with_counts(user, rows), found.count(), wanted)


def _people(user: User, wanted: LabelsWanted) -> dict[str, Any]:
    found = _named(Person.objects.visible_to(user), wanted)
    rows = list(found.order_by("folded", "id").values(*PERSON)[wanted.bounds])
    return part(with_parts(user, rows), found.count(), wanted)


def with_counts(user: User, rows: Sequence[Row]) -> list[Row]:
    """Rows of `TAG`, each with how many series that this person may see have it."""
    given = Tagging.objects.visible_to(user).filter(tag__in=[row["id"] for row in rows])
    counts = dict(given.order_by().values_list("tag").annotate(Count("pk")))
    return [row | {"series_count": counts.get(row["id"], 0)} for row in rows]


def with_parts(user: User, rows: Sequence[Row]) -> list[Row]:
    """Rows of `PERSON`, each with what they did in how many series that this person may see."""
    given = Credit.objects.visible_to(user).filter(person__in=[row["id"] for row in rows])
    parts = (
        given.order_by()
        .values("person")
        .annotate(
            series_count=Count("series", distinct=True), roles=ArrayAgg("role", distinct=True)
        )
    )
    told = {each["person"]: each for each in parts}
    return [
        row | {name: told[row["id"]][name] for name in ("series_count", "roles")}
        for row in rows
        if row["id"] in told
    ]


def _named[Q: QuerySet[Any]](found: Q, wanted: LabelsWanted) -> Q:
    for word in words(wanted.search):
        found = found.filter(folded__contains=word)
    return found

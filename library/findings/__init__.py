"""The inbox of what somebody should look at: each app names its kinds in settings.FINDINGS.

A finding is no row of its own: it is a question asked of what there is, so that it goes by itself
when its reason does. What people dismissed stays away until what the finding says is another.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.utils.module_loading import import_string

from kiremisu.accounts.models import User
from kiremisu.lib.errors import NotThere
from kiremisu.lib.schemas import Paging, part
from library.models import Dismissal

# So many of a kind are counted.
MOST = 1000


@dataclass(frozen=True, slots=True)
class Said:
    """A finding in words: `name` of what it is about, `why` in a sentence, `todo`, and where that
    is done."""

    name: str
    why: str
    todo: str
    address: str


@dataclass(frozen=True, slots=True)
class Kind:
    """`seen`: what one person may see of what such findings are about; `rows`: those of it that are
    such findings, what is to be looked at first coming first; `state`: what a finding says, by
    which it is another; `say` puts one into words."""

    code: str
    title: str
    seen: Callable[[User], QuerySet[Any]]
    rows: Callable[[User], QuerySet[Any]]
    state: Combinable
    say: Callable[[Any], Said]


@dataclass(frozen=True, slots=True)
class Finding:
    """One of a kind, about the row of this id."""

    kind: str
    id: UUID
    said: Said


def known() -> Mapping[str, Kind]:
    """All there are, by code."""
    return _named(tuple(settings.FINDINGS))


def counts(user: User) -> dict[str, int]:
    """How many there are of each kind, up to MOST."""
    return {code: open_(kind, user)[:MOST].count() for code, kind in known().items()}


def told(user: User) -> dict[str, Any]:
    """The kinds with their counts, as the API answers them."""
    many = counts(user)
    return {
        "kinds": [
            {"kind": code, "title": kind.title, "count": many[code]}
            for code, kind in known().items()
        ]
    }


def part_of(user: User, code: str, paging: Paging) -> dict[str, Any]:
    """A part of one kind, as the API answers it. Raises NotThere."""
    start = paging.bounds.start
    rows = [
        {"kind": one.kind, "id": one.id, **asdict(one.said)}
        for one in of(user, code, start, paging.per_page)
    ]
    return part(rows, open_(_kind(code), user)[:MOST].count(), paging)


def of(user: User, code: str, start: int = 0, most: int = 60) -> list[Finding]:
    """Some of one kind. Raises NotThere for a kind there is none of."""
    kind = _kind(code)
    rows = open_(kind, user)[start : start + most]
    return [Finding(code, row.pk, kind.say(row)) for row in rows]


def open_(kind: Kind, user: User) -> QuerySet[Any]:
    """Those of a kind that nobody dismissed as they stand."""
    state = Cast(kind.state, CharField(max_length=200))
    same = Dismissal.objects.filter(
        kind=kind.code, subject=OuterRef("pk"), state=OuterRef("finding_state")
    )
    found: QuerySet[Any] = kind.rows(user).annotate(finding_state=state).filter(~Exists(same))
    return found


def dismiss(user: User, code: str, subject: UUID) -> None:
    """It is fine so, until it says something else. Raises NotThere where it is no finding."""
    found = open_(_kind(code), user).filter(pk=subject).first()
    if found is None:
        raise NotThere("There is no such finding any more.")
    facts = {"state": found.finding_state[:200], "by": user}
    Dismissal.objects.update_or_create(kind=code, subject=subject, defaults=facts)


def check_seen(user: User, code: str, subject: UUID) -> None:
    """Raises NotThere where this person may not see what a finding is about."""
    if not _kind(code).seen(user).filter(pk=subject).exists():
        raise NotThere("There is no such finding.")


def restore(user: User, code: str, subject: UUID) -> None:
    """Have it looked at after all; no matter if nobody dismissed it. Raises NotThere where this
    person may not see what it is about."""
    check_seen(user, code, subject)
    Dismissal.objects.filter(kind=code, subject=subject).delete()


def _kind(code: str) -> Kind:
    found = known().get(code)
    if found is None:
        raise NotThere("There is no such kind of finding.")
    return found


@lru_cache(maxsize=4)
def _named(paths: Sequence[str]) -> Mapping[str, Kind]:
    found: list[Kind] = [import_string(path) for path in paths]
    return {kind.code: kind for kind in found}

"""Who changes facts, and in which run, so that all that was done at once can be undone at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from kiremisu.accounts import behalf
from kiremisu.accounts.models import User
from kiremisu.lib.ids import uuid7
from library.facts import Source


@dataclass(frozen=True, slots=True)
class Act:
    """`run`: the job's id, or a fresh one; `by`: the person, None where nobody asked; `source`: by
    whose word."""

    run: UUID
    by: User | None = None
    source: str = Source.PERSON


class Done(NamedTuple):
    """What an operation did to one series besides its facts. `says` what becomes of it, in a
    sentence; `memo`: what its undo (settings' SERIES_UNDOS) has to be told, a small JSON object;
    None where there is nothing to be taken back."""

    says: str
    memo: dict[str, Any] | None = None


_acting: ContextVar[Act | None] = ContextVar("acting", default=None)


def current() -> Act:
    """The act that is going on; outside of any, one of its own by whoever asks."""
    return _acting.get() or Act(uuid7(), behalf.whose()[0])


@contextmanager
def as_one(run: UUID | None = None, by: User | None = None) -> Iterator[Act]:
    """Have all that is changed within be one act."""
    act = Act(run or uuid7(), by or behalf.whose()[0])
    token = _acting.set(act)
    try:
        yield act
    finally:
        _acting.reset(token)

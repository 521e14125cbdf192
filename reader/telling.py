"""Telling a person's other devices where one of them is.

Told after the commit: a notice inside a transaction has all who commit wait for one another's
disk (580 saves a second instead of 2,600), and pages are turned all the time. Where a process dies
in between, the place is kept and the devices see it when they next look.
"""

from collections.abc import Callable, Iterable
from datetime import UTC
from functools import cache, partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from kiremisu.accounts.models import User
from kiremisu.lib.notices import announce
from reader.models import Progress

TOPIC = "progress"
_FACTS = ("content", "chapter", "page", "fraction", "finished", "at", "device")


def moved(progress: Progress, *, done: bool = False) -> None:
    """This place is where they are now; with `done` they have come to the end."""
    if done:
        finished(progress.user_id, [progress.content_id])
    _tell(
        progress.pk,
        progress.user_id,
        content=progress.content_id,
        chapter=progress.chapter_id,
        page=progress.page,
        fraction=progress.fraction,
        finished=progress.is_finished,
        at=progress.at.astimezone(UTC),
        device=progress.device,
    )


def finished(user: UUID, contents: Iterable[UUID]) -> None:
    """They have read these: settings.AFTER_FINISH hears of it, within the transaction."""
    for tell in _after_finish():
        tell(user, list(contents))


@cache
def _after_finish() -> list[Callable[[UUID, list[UUID]], None]]:
    return [import_string(path) for path in settings.AFTER_FINISH]


def several_moved(user: User) -> None:
    """Places were marked or forgotten, too many to name: their devices load what they show."""
    _tell(user.pk, user.pk, **dict.fromkeys(_FACTS))


def _tell(subject: UUID, only: UUID, **facts: Any) -> None:
    tell = partial(announce, TOPIC, subject, only=only, **facts)
    transaction.on_commit(tell, robust=True)

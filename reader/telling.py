"""Telling a person's other devices where one of them is."""

from datetime import UTC

from kiremisu.accounts.models import User
from kiremisu.lib.notices import announce
from reader.models import Progress

TOPIC = "progress"


def moved(progress: Progress) -> None:
    """This place is where they are now."""
    announce(
        TOPIC,
        progress.pk,
        only=progress.user_id,
        content=progress.content_id,
        chapter=progress.chapter_id,
        page=progress.page,
        fraction=progress.fraction,
        finished=progress.is_finished,
        at=progress.at.astimezone(UTC),
        device=progress.device,
    )


def several_moved(user: User) -> None:
    """Places were marked or forgotten, too many to name: their devices load what they show."""
    nowhere = dict.fromkeys(("content", "chapter", "page", "fraction", "finished", "at", "device"))
    announce(TOPIC, user.pk, only=user.pk, **nowhere)

"""A person's reading as the API takes and shows it."""

from typing import Any

from django.utils import timezone

from kiremisu.accounts.models import User
from kiremisu.lib.errors import NotThere
from library import finding
from library.finding.schemas import SearchWanted
from library.models import Chapter, Content, Series
from library.shelving import readable
from reader import notebook, preferences, progress
from reader.models import Progress, ReadingSettings
from reader.schemas import PairingIn, ProgressIn
from reader.shapes import Pairing, ReadingChoices


def found(user: User, wanted: SearchWanted) -> dict[str, Any]:
    """What they find in the library and in their notes."""
    return finding.found(user, wanted) | {"notes": notebook.found(user, wanted.q, wanted.limit)}


def place(user: User, chapter: Chapter) -> dict[str, Any]:
    """Where they are in a chapter. Raises Unreadable, and NotThere when they never opened it."""
    content = readable(chapter)
    found = progress.in_contents(user, [content.pk]).get(content.pk)
    if found is None:
        raise NotThere("You have not opened this chapter.", code="not_opened")
    return _place(found, content)


def save_place(user: User, chapter: Chapter, body: ProgressIn) -> dict[str, Any]:
    """Put them where `body` says. Raises Unreadable, Invalid."""
    content = readable(chapter)
    saved = progress.turn_to(
        user,
        content,
        body.page,
        body.at or timezone.now(),
        device=body.device,
        fraction=body.fraction,
        chapter=chapter,
        done=body.done,
    )
    return _place(saved, content)


def forget_place(user: User, chapter: Chapter) -> None:
    """As if they had never opened it; a file that cannot be read is no matter."""
    if chapter.content is not None:
        progress.clear(user, chapter.content)


def pair(user: User, chapter: Chapter, body: PairingIn) -> Pairing:
    return preferences.pair(user, readable(chapter), flip=body.flip, alone=body.alone)


def _place(found: Progress, content: Content) -> dict[str, Any]:
    return {
        "id": found.pk,
        "created": found.created,
        "updated": found.updated,
        "content": content.pk,
        "chapter": found.chapter_id,
        "page": found.page,
        "page_count": content.page_count,
        "fraction": found.fraction,
        "at": found.at,
        "device": found.device,
        "started_at": found.started_at,
        "finished_at": found.finished_at,
    }


def reading(user: User, series: Series | None = None) -> dict[str, Any]:
    """How they read a series, or without one what they chose for themselves."""
    if series is not None:
        resolved = preferences.resolve(user, series)
        chosen = preferences.chosen_by(user, series)[1]
        return {"chosen": chosen, "choices": resolved.choices, "origins": resolved.origins}
    row = ReadingSettings.objects.filter(user=user, series__isnull=True).first()
    chosen = row.choices if row else ReadingChoices()
    named = chosen.model_dump(include=set(preferences.FIELDS), exclude_none=True)
    return {
        "chosen": chosen,
        "choices": preferences.DEFAULT.model_copy(update=named),
        "origins": {field: "you" if field in named else "default" for field in preferences.FIELDS},
    }


def choose(user: User, series: Series | None, choices: dict[str, Any]) -> dict[str, Any]:
    """Change what they chose, and show what it comes to. Raises Invalid."""
    preferences.choose(user, series, **choices)
    return reading(user, series)

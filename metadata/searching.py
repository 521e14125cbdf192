"""What a person finds in a provider's catalogue, at once and within what they may see."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings

from kiremisu.accounts.models import User
from kiremisu.accounts.ratings import Rating
from kiremisu.lib.errors import Unavailable
from library.facts import Patch
from metadata import providers

# The order of ratings, the tamest first.
_ORDER = list(Rating)
# A call of another server holds a thread of this process meanwhile: most of them stay free.
_at_once = threading.BoundedSemaphore(max(1, settings.REQUEST_THREADS // 4))

# With the process, and not while somebody waits.
providers.load()


def found(user: User, q: str, limit: int, name: str = "mangadex") -> dict[str, Any]:
    """Titles that are called so or alike, the best first, and when the provider said so.

    Raises UpstreamFailed and Unavailable as providers do.
    """
    with asking():
        entries, when = providers.of(name, urgent=True).search(q, limit)
    rows = [
        told(name, entry.id, entry.address, entry.patch)
        for entry in entries
        if may_see(user, entry.patch)
    ]
    return {"entries": rows, "told": when}


@contextmanager
def asking() -> Iterator[None]:
    """Around what asks another server while somebody waits. Raises Unavailable where too many do
    at this moment."""
    if not _at_once.acquire(blocking=False):
        raise Unavailable("Others are asking there.", code="upstream_busy", retry_after=2)
    try:
        yield
    finally:
        _at_once.release()


def may_see(user: User, patch: Patch) -> bool:
    """What nobody rated there is as if rated highest."""
    rating = Rating(patch.content_rating or Rating.PORNOGRAPHIC)
    return user.sees_every_rating or _ORDER.index(rating) <= _ORDER.index(user.highest_rating)


def told(name: str, key: str, address: str, patch: Patch) -> dict[str, Any]:
    """A title of a provider's catalogue, as the API tells it."""
    titles = patch.titles or []
    return {
        "provider": name,
        "provider_id": key,
        "url": address,
        "title": titles[0].text if titles else "",
        "titles": [title.model_dump() for title in titles],
        "summary": patch.summary or "",
        "people": [person.model_dump() for person in patch.people or []],
        "genres": patch.genres or [],
        "tags": patch.tags or [],
        "status": patch.status,
        "year": patch.year,
        "demographic": patch.demographic,
        "content_rating": patch.content_rating,
        "language": patch.language or "",
        "last_chapter": patch.last_chapter or "",
        "last_volume": patch.last_volume or "",
    }

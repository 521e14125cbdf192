"""Chapters whose files are real, and asking for their pages as a browser does."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from kiremisu.accounts import access
from kiremisu.lib.notices import stop_listening
from kiremisu.lib.paths import storable
from kiremisu.lib.threads import close_seats
from kiremisu.outer import ROUTES
from kiremisu.outer.gate import Gate
from library import archives
from library.models import Chapter, Content, Library, PageIndex, Series
from library.shapes import PageEntry, PageList
from tests.factories import make_library, make_series
from tests.raw import Answer, ask, scope


def make_book(path: Path, library: Library | None = None) -> Chapter:
    """The chapter of a file as a scan would have indexed it."""
    if library is None:
        library = make_library(root=storable(str(path.parent)))
    series = Series.objects.filter(library=library).first() or make_series(library)
    listing = archives.open_book(str(path))
    content, _ = Content.objects.get_or_create(
        signature=listing.signature, defaults={"page_count": len(listing.pages)}
    )
    about = os.stat(path)
    chapter = Chapter.objects.create(
        library=library,
        series=series,
        content=content,
        path=storable(path.name),
        size=about.st_size,
        mtime_ns=about.st_mtime_ns,
        format=listing.format,
        page_count=len(listing.pages),
    )
    index = PageIndex(chapter=chapter)
    index.list = PageList(pages=[PageEntry(**page._asdict()) for page in listing.pages])
    index.save()
    return chapter


async def _nobody(asked: Any, receive: Any, send: Any) -> None:
    raise AssertionError(f"{asked['path']} is no raw app's")


# Made before any loop runs: the first one imports all that it leads to.
_GATE = Gate(ROUTES, _nobody)


def get(url: str, method: str = "GET", **headers: str) -> Answer:
    """One request."""
    return together(lambda: fetch(url, method, **headers))


async def fetch(url: str, method: str = "GET", **headers: str) -> Answer:
    return await ask(_GATE, scope(url, method, **headers))


def together[T](story: Callable[[], Awaitable[T]]) -> T:
    """Requests in one event loop; its database connections are closed at its end."""

    async def whole() -> T:
        try:
            return await story()
        finally:
            await close_seats()

    try:
        return asyncio.run(whole())
    finally:
        access.stop_following()
        stop_listening()

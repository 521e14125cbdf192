"""Where pages are fetched and made: few threads, and each costly thing once for all who wait."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from kiremisu.lib.errors import NotThere
from kiremisu.lib.threads import borrowed, in_thread
from library import athand, covers, serving
from library.athand import AtHand
from library.books import Book
from library.models import Content
from library.serving import Piece

# Reading waits for disks, drawing for processors.
_READERS, _DRAWERS, _UNPACKERS = 8, 2, 2
# How often one looks whether one's page of a book being unpacked has come.
_LOOK_SECONDS = 0.05


class Desk:
    """The threads of one process that read and draw pages."""

    def __init__(self) -> None:
        self._readers = ThreadPoolExecutor(_READERS, "pages")
        self._drawers = ThreadPoolExecutor(_DRAWERS, "drawing")
        self._unpackers = ThreadPoolExecutor(_UNPACKERS, "unpacking")
        self._running: dict[Hashable, asyncio.Task[Any]] = {}
        self._at_hand = AtHand()
        self._is_closing = False

    async def piece(self, book: Book, number: int, width: int | None, gzip: bool) -> Piece:
        """A page, `width` pixels wide at most. Raises Changed, Unreadable."""
        if book.format == "pdf":
            return serving.shown(await self._drawn(book, number, width))
        if width is None:
            return await self._whole(book, number, gzip)
        if serving.unpacks(book, number):
            # From its own file the page is scaled.
            await self._unpacked(book, number)
        data = await self._drawn(book, number, width)
        return serving.shown(data) if data else await self._whole(book, number, gzip=False)

    async def _whole(self, book: Book, number: int, gzip: bool) -> Piece:
        if serving.unpacks(book, number):
            return await self._unpacked(book, number)
        piece = self._at_hand.page(book, number, gzip)
        if piece is None:
            piece = await self.read(serving.direct, book, number, gzip)
            if not self._at_hand.knows(book):
                self._begun(("open", book.path), lambda: self._take(book))
        return piece

    async def check(self, book: Book, number: int) -> None:
        """Raises Changed, or Unreadable, when what a client has of this page may be right no
        more."""
        if not self._at_hand.is_current(book):
            await self.read(serving.check, book, number)

    async def _take(self, book: Book) -> None:
        """Have the book at hand for who turns the page."""
        self._at_hand.keep(book, await self.read(athand.opened, book))
        if not self._is_closing:
            self._close_idle()

    def _close_idle(self) -> None:
        self._at_hand.close_idle()
        self._is_closing = len(self._at_hand) > 0
        if self._is_closing:
            asyncio.get_running_loop().call_later(athand.IDLE / 2, self._close_idle)

    async def _drawn(self, book: Book, number: int, width: int | None) -> bytes:
        data = await self.read(serving.drawn, book, number, width)
        if data is not None:
            return data
        return await self._once(
            ("draw", book.key, number, width),
            lambda: self._in(self._drawers, serving.draw, book, number, width),
        )

    async def _unpacked(self, book: Book, number: int) -> Piece:
        """A page of a book that is unpacked as a whole, as soon as that page is there."""
        while True:
            piece = await self.read(serving.unpacked, book, number)
            if piece is not None:
                return piece
            unpacking = self._begun(
                ("unpack", book.key), lambda: self._in(self._unpackers, serving.unpack, book)
            )
            done, _ = await asyncio.wait([unpacking], timeout=_LOOK_SECONDS)
            if done:
                unpacking.result()

    async def cover(self, key: str, width: int) -> bytes:
        """The picture of this key, made now where it is not made yet. Raises Unavailable, and
        NotThere where there is nothing to make it of."""
        place = covers.file(key, width)
        try:
            return await self.read(place.read_bytes)
        except FileNotFoundError:
            await self._once(("cover", key), lambda: self._make_cover(key, place))
        try:
            return await self.read(place.read_bytes)
        except FileNotFoundError:
            raise NotThere("There is no cover of this.") from None

    async def _make_cover(self, key: str, place: Path) -> None:
        if await self.read(place.exists):
            # Made by another, between one's own look and one's turn.
            return
        async with borrowed():
            source = await in_thread(_source, key)
        made = await self._in(self._drawers, covers.render, source)
        if source.key == made.content.key:
            async with borrowed():
                await in_thread(covers.record, [made])

    async def read[**P, T](self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Disk work, off the event loop."""
        return await self._in(self._readers, call, *args, **kwargs)

    async def _in[**P, T](
        self, pool: ThreadPoolExecutor, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(pool, partial(call, *args, **kwargs))

    async def _once[T](self, key: Hashable, make: Callable[[], Coroutine[None, None, T]]) -> T:
        """What `make` makes, made once for all who ask meanwhile."""
        # Shielded: who leaves must not take it from the others.
        return await asyncio.shield(self._begun(key, make))

    def _begun[T](
        self, key: Hashable, make: Callable[[], Coroutine[None, None, T]]
    ) -> asyncio.Task[T]:
        if key not in self._running:
            task = asyncio.get_running_loop().create_task(make())
            self._running[key] = task
            task.add_done_callback(lambda _: self._over(key))
        return self._running[key]

    def _over(self, key: Hashable) -> None:
        task = self._running.pop(key)
        # Looked at here, in case nobody waits for it any more.
        if not task.cancelled():
            task.exception()


def _source(key: str) -> covers.Source:
    content_key, _, page = key.partition("-")
    if page:
        source = covers.picked(content_key, int(page))
    else:
        could_not = Content.CoverState.FAILED
        contents = Content.objects.filter(signature=bytes.fromhex(key))
        content = contents.exclude(cover_state=could_not).first()
        source = covers.source_of(content) if content else None
    if not source:
        raise NotThere("There is no cover of this.")
    return source

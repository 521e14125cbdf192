"""Pages, covers and files behind signed links, straight over ASGI.

    /p/<chapter hex>/<number>/<grant>[?width=800]     one page
    /p/<chapter hex>/file/<grant>                     the chapter's file
    /c/<content key>[-<page>]/<width>/<grant>         a cover, of a page that was picked

No request cycle, and once a book is known no query: the grant says who may, the index in
memory says where the bytes are.
"""

import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.conf import settings

from kiremisu.accounts import access, links
from kiremisu.lib.asgi import Receive, Scope, Send
from kiremisu.lib.errors import (
    Conflict,
    FieldError,
    Gone,
    Invalid,
    NotAllowed,
    NotThere,
    Unreadable,
)
from kiremisu.lib.threads import borrowed, in_thread
from library import books, serving
from library.books import Book
from reader import delivery, downloads
from reader.delivery import Body
from reader.desk import Desk

_PAGE = re.compile(r"/p/([0-9a-f]{32})/([1-9]\d{0,5})/([\w-]{1,200})")
_FILE = re.compile(r"/p/([0-9a-f]{32})/file/([\w-]{1,200})")
_COVER = re.compile(r"/c/(([0-9a-f]{32})(?:-[1-9]\d{0,5})?)/(\d{1,4})/([\w-]{1,200})")
_WIDTH = re.compile(rb"width=(\d{1,5})")

_books = books.Books()
_desk = Desk()


async def application(scope: Scope, _receive: Receive, send: Send) -> None:
    """Answers GET and HEAD below /p/ and /c/. Raises every refusal to the gate."""
    if scope["method"] not in {"GET", "HEAD"}:
        raise NotAllowed("Pages can only be read.")
    path = scope["path"]
    if found := _PAGE.fullmatch(path):
        chapter, number, grant = found.groups()
        expires = await _granted("page", chapter, grant)
        await _page(scope, send, UUID(chapter), int(number), expires)
    elif found := _COVER.fullmatch(path):
        key, content, width, grant = found.groups()
        expires = await _granted("cover", content, grant)
        await _cover(scope, send, key, int(width), expires)
    elif found := _FILE.fullmatch(path):
        chapter, grant = found.groups()
        expires = await _granted("page", chapter, grant)
        await _file(scope, send, UUID(chapter), expires)
    else:
        raise NotThere


async def _granted(kind: links.Kind, subject: str, text: str) -> datetime:
    """When the link expires. Raises NotThere when it is forged, Gone when it was ended."""
    grant = links.read_grant(kind, bytes.fromhex(subject), text)
    version = access.remembered(grant.user_id)
    if version is None:
        access.follow()
        async with borrowed():
            version = await in_thread(access.version_of, grant.user_id)
    if version != grant.version:
        raise Gone("This link has been ended. Open the chapter again.")
    return grant.expires


async def _page(scope: Scope, send: Send, chapter_id: UUID, number: int, expires: datetime) -> None:
    width = _width(scope)
    gzip = delivery.takes_gzip(scope)
    caching = delivery.until(expires)

    async def send_from(book: Book) -> None:
        book.page(number)
        etag = ".".join(map(str, filter(None, (book.key, number, width))))
        if known := delivery.has_already(scope, etag):
            await _desk.check(book, number)
            await delivery.not_modified(send, known, caching)
            return
        piece = await _desk.piece(book, number, width, gzip)
        packed = width is None and serving.packs(book, number)
        body = Body(piece.parts, piece.media_type, etag, piece.zipped, packed)
        await delivery.deliver(scope, send, body, caching)

    await _from_current(chapter_id, send_from)


async def _file(scope: Scope, send: Send, chapter_id: UUID, expires: datetime) -> None:
    async def send_from(book: Book) -> None:
        await downloads.deliver(scope, send, _desk, book, delivery.until(expires))

    await _from_current(chapter_id, send_from)


async def _cover(scope: Scope, send: Send, key: str, width: int, expires: datetime) -> None:
    if width not in settings.COVER_WIDTHS:
        raise NotThere("Covers are not made this wide.")
    etag, caching = f"{key}.cover.{width}", delivery.until(expires)
    if known := delivery.has_already(scope, etag):
        await delivery.not_modified(send, known, caching)
        return
    piece = serving.shown(await _desk.cover(key, width))
    body = Body(piece.parts, piece.media_type, etag)
    await delivery.deliver(scope, send, body, caching)


async def _from_current(chapter_id: UUID, send_from: Callable[[Book], Awaitable[None]]) -> None:
    """Send from the book as it is remembered; when that fails, from what the database knows."""
    book = _books.get(chapter_id)
    if book is not None:
        with suppress(Conflict, NotThere, Unreadable):
            await send_from(book)
            return
        _books.drop(chapter_id)
    async with borrowed():
        book = await in_thread(books.load, chapter_id)
    _books.put(chapter_id, book)
    try:
        await send_from(book)
    except serving.Changed:
        async with borrowed():
            await in_thread(books.look_again, book.library_id)
        raise


def _width(scope: Scope) -> int | None:
    """What `?width=` asks for. Raises Invalid."""
    query = scope["query_string"]
    if not query:
        return None
    found = _WIDTH.fullmatch(query)
    if found is None or int(found[1]) not in settings.PAGE_WIDTHS:
        widths = ", ".join(map(str, settings.PAGE_WIDTHS))
        wrong = FieldError("width", f"One of {widths}.")
        raise Invalid("A page has no such form.", errors=(wrong,))
    return int(found[1])

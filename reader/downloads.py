"""A chapter's file as it is, in parts no larger than a moment's sending."""

import os
from urllib.parse import quote

from kiremisu.lib.asgi import Scope, Send
from library import serving
from library.books import Book
from reader import delivery
from reader.delivery import Header
from reader.desk import Desk

_CHUNK = 256 << 10
_MEDIA_TYPES = {
    "zip": "application/vnd.comicbook+zip",
    "rar": "application/vnd.comicbook-rar",
    "7z": "application/x-cb7",
    "tar": "application/x-cbt",
    "pdf": "application/pdf",
}


async def deliver(scope: Scope, send: Send, desk: Desk, book: Book, caching: bytes) -> None:
    """Send the file, or the one range of it that is asked for.

    Raises Changed, Unreadable, and NotThere for a folder of images.
    """
    descriptor = await desk.read(serving.open_file, book)
    try:
        etag = f"{book.size:x}-{book.mtime_ns:x}"
        status, more, span = 200, list[Header](), range(book.size)
        if (asked := delivery.asked_span(scope, book.size, etag)) is not None:
            span = asked
            status, more = delivery.span_headers(span, book.size)
        length = (b"content-length", b"%d" % len(span))
        headers = [*_headers(book, etag, caching), *more, length]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        if scope["method"] == "HEAD" or not span:
            await send({"type": "http.response.body", "body": b""})
        else:
            await _stream(send, desk, descriptor, span)
    finally:
        await desk.read(os.close, descriptor)


async def _stream(send: Send, desk: Desk, descriptor: int, span: range) -> None:
    at = span.start
    while at < span.stop:
        part = await desk.read(os.pread, descriptor, min(_CHUNK, span.stop - at), at)
        if not part:
            raise OSError("The file became shorter while it was sent.")
        at += len(part)
        await send({"type": "http.response.body", "body": part, "more_body": at < span.stop})


def _headers(book: Book, etag: str, caching: bytes) -> list[Header]:
    # Surrogates (bytes that are no UTF-8) become question marks: a name to save under.
    name = os.path.basename(book.path).encode("utf-8", "replace").decode()
    return [
        (b"content-type", _MEDIA_TYPES.get(book.format, "application/octet-stream").encode()),
        (b"content-disposition", f"attachment; filename*=UTF-8''{quote(name, safe='')}".encode()),
        (b"cache-control", caching),
        (b"etag", f'"{etag}"'.encode()),
        (b"accept-ranges", b"bytes"),
        *delivery.HARMLESS,
    ]

"""Static files: ours and the packages', from memory, under names that hold their hash.

`up` collects them into the data folder. Without that (tests, development) each is found
where it lies, under its plain name, and read anew for every request.
"""

import asyncio
import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import override

import orjson
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.exceptions import SuspiciousFileOperation

from kiremisu.lib.asgi import Receive, Scope, Send, answer, header
from kiremisu.lib.errors import NotAllowed, NotThere

_MANIFEST = "staticfiles.json"
_TEXT = {"text/css", "text/javascript", "image/svg+xml", "application/json", "text/plain"}
_FOREVER = b"public, max-age=31536000, immutable"
_ASK_FIRST = b"no-cache"


class HashedFiles(ManifestStaticFilesStorage):
    """Names with a hash once the files were collected, plain names before."""

    support_js_module_import_aggregation = True
    manifest_strict = False

    @override
    def stored_name(self, name: str) -> str:
        stored: str = self.hashed_files.get(self.hash_key(self.clean_name(name)), name)
        return stored


@dataclass(frozen=True, slots=True)
class File:
    """What a client gets: the body, smaller where it accepts gzip and that pays."""

    media_type: bytes
    etag: str
    plain: bytes
    zipped: bytes | None


async def app(scope: Scope, _receive: Receive, send: Send) -> None:
    """Answers GET and HEAD below STATIC_URL."""
    if scope["method"] not in {"GET", "HEAD"}:
        raise NotAllowed("Static files can only be read.")
    name = scope["path"].removeprefix(settings.STATIC_URL)
    hashed = collected(settings.STATIC_ROOT)
    file = await asyncio.to_thread(_kept if hashed else _found, name)
    headers = [
        (b"content-type", file.media_type),
        (b"cache-control", _FOREVER if name in hashed else _ASK_FIRST),
        (b"etag", file.etag.encode()),
        (b"vary", b"accept-encoding"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if file.etag in header(scope, b"if-none-match"):
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    body = file.plain
    if file.zipped is not None and "gzip" in header(scope, b"accept-encoding"):
        body = file.zipped
        headers.append((b"content-encoding", b"gzip"))
    await answer(send, 200, body, headers, head=scope["method"] == "HEAD")


@cache
def collected(root: Path) -> frozenset[str]:
    """The hashed names in the folder of collected files; none when there is no such folder."""
    try:
        manifest = orjson.loads((root / _MANIFEST).read_bytes())
    except FileNotFoundError:
        return frozenset()
    return frozenset(manifest["paths"].values())


@lru_cache(maxsize=1000)
def _kept(name: str) -> File:
    try:
        path = (settings.STATIC_ROOT / name).resolve()
        is_ours = path.is_relative_to(settings.STATIC_ROOT.resolve()) and path.is_file()
    except (OSError, ValueError):
        # A name that no file can have: too long, or with a NUL.
        is_ours = False
    if not is_ours:
        raise NotThere
    return _read(path)


def _found(name: str) -> File:
    try:
        path = finders.find(name)
    except SuspiciousFileOperation:
        path = None
    if not isinstance(path, str) or not Path(path).is_file():
        raise NotThere
    return _read(Path(path))


def _read(path: Path) -> File:
    body = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    if kind not in _TEXT:
        return File(kind.encode(), etag, body, None)
    zipped = gzip.compress(body, 9, mtime=0)
    media_type = f"{kind}; charset=utf-8".encode()
    return File(media_type, etag, body, zipped if len(zipped) < len(body) else None)

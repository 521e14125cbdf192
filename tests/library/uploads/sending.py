"""Sending files as a client of tus does, without a server between."""

import asyncio
from base64 import b64encode
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from rest_framework_simplejwt.tokens import AccessToken

from kiremisu.accounts.models import User
from kiremisu.outer import ROUTES
from kiremisu.outer.gate import Gate
from library import uploads
from library.models import Library, Upload
from library.uploads.protocol import Beginning, Chunk
from library.uploads.receiving import begin
from tests.raw import Answer, answered, ask, scope
from tests.reader.paging import together

ROOT = "/api/v1/uploads"
OFFSET = "application/offset+octet-stream"
NAME = "Salt Road c001.cbz"


async def _django(asked: Any, receive: Any, send: Any) -> None:
    raise AssertionError(f"{asked['method']} {asked['path']} is for Django")


GATE = Gate(ROUTES, _django)


def said(**fields: str) -> str:
    """Upload-Metadata."""
    return ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in fields.items())


class Sender:
    """One person's client, which sends to one library."""

    def __init__(self, user: User, library: Library) -> None:
        self.user, self.library = user, library
        self.headers = {"tus_resumable": "1.0.0"}
        self.headers["authorization"] = f"Bearer {AccessToken.for_user(user)}"

    def begin(self, length: int, name: str = NAME, **fields: str) -> Upload:
        """A new upload, as its POST makes it."""
        return uploads.begin(self.user, self.wanted(length, name, **fields))

    def wanted(self, length: int, name: str = NAME, **fields: str) -> Beginning:
        told = {"filename": name, "library": str(self.library.pk), **fields}
        return Beginning(length, said(**told), told)

    def sent(self, data: bytes, name: str = NAME, **fields: str) -> Upload:
        """An upload of which every byte is here."""
        upload = self.begin(len(data), name, **fields)
        self.append(upload, 0, data)
        upload.refresh_from_db()
        return upload

    def append(self, upload: Upload, offset: int, data: bytes) -> None:
        """These bytes, safely on disk."""
        _, work = begin(self.user, upload.pk, Chunk(offset, len(data)))
        assert work is not None
        try:
            work.write(data)
            work.settle(is_whole=True)
            work.note()
        finally:
            work.close()

    def ask(self, method: str, path: str = ROOT, body: bytes = b"", **headers: str) -> Answer:
        """One request over ASGI. A header that is "" is left out."""
        told = {name: value for name, value in (self.headers | headers).items() if value}

        async def story() -> Answer:
            return await ask(GATE, scope(path, method, **told), body)

        return together(story)

    def post(self, length: object = 10, metadata: str | None = None, **headers: str) -> Answer:
        if metadata is None:
            metadata = self.wanted(0).metadata
        told = {"upload_length": str(length), "upload_metadata": metadata}
        return self.ask("POST", **(told | headers))

    def patch(self, upload_id: UUID, offset: object, body: bytes, **headers: str) -> Answer:
        told = {"upload_offset": str(offset), "content_type": OFFSET}
        told["content_length"] = str(len(body))
        return self.ask("PATCH", f"{ROOT}/{upload_id}", body, **(told | headers))


class Body:
    """A body that comes bit by bit. Behind the last bit it is over, or the client has left
    (`cut`), or says nothing more (`silent`; `waited` once it is waited for)."""

    def __init__(self, parts: Sequence[bytes], *, cut: bool = False, silent: bool = False) -> None:
        self._parts = list(parts)
        self._cut, self._silent = cut, silent
        self.waited = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        if self._parts:
            part = self._parts.pop(0)
            more = bool(self._parts) or self._cut or self._silent
            return {"type": "http.request", "body": part, "more_body": more}
        if self._silent:
            self.waited.set()
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}


def unsigned(method: str, path: str = ROOT, **headers: str) -> Answer:
    """A request of nobody."""
    return answered(GATE, scope(path, method, **headers))

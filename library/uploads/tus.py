"""Uploads by tus 1.0.0 (https://tus.io/protocols/resumable-upload), straight over ASGI.

    OPTIONS /api/v1/uploads         what is spoken here
    POST    /api/v1/uploads         begin an upload: 201 and its address
    PATCH   /api/v1/uploads/<id>    more of its bytes, at the offset where the last ended

They stand before Django, which wants a body whole before it looks at it. `HEAD` and `DELETE`,
which have none, are typed operations (`library.uploads.api`).
"""

import re
from collections.abc import Mapping
from uuid import UUID

from django.conf import settings

from kiremisu.accounts.models import Scope as KeyScope
from kiremisu.accounts.models import User
from kiremisu.accounts.sessions import changer_of
from kiremisu.lib.asgi import Message, Receive, Scope, Send, answer, header, refuse
from kiremisu.lib.errors import NotAllowed, NotThere, Refused, UnknownVersion
from kiremisu.lib.threads import ask
from library import uploads
from library.models import Upload
from library.uploads import protocol, receiving
from library.uploads.arriving import Arrival
from library.uploads.protocol import Beginning, Chunk
from library.uploads.receiving import Receiving

ROOT = "/api/v1/uploads"
_ONE = re.compile(rf"{ROOT}/([0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})")


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers every refusal itself, because each answer says which tus this is."""
    say = _with(send, {"Tus-Resumable": protocol.VERSION})
    try:
        await _answer(scope, receive, say)
    except UnknownVersion as error:
        await refuse(_with(say, {"Tus-Version": protocol.VERSION}), error, scope["request_id"])
    except Refused as error:
        await refuse(say, error, scope["request_id"])


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    found = _ONE.fullmatch(scope["path"])
    if found is None and scope["path"] != ROOT:
        raise NotThere
    method = scope["method"]
    if method == "POST":
        # For clients behind something that knows no PATCH.
        method = header(scope, b"x-http-method-override").upper() or method
    if method == "OPTIONS":
        await _options(send)
        return
    protocol.check_version(header(scope, b"tus-resumable"))
    if method == "POST" and found is None:
        await _begin(scope, send)
    elif method == "PATCH" and found is not None:
        await _append(scope, receive, send, UUID(found[1]))
    else:
        raise NotAllowed


async def _options(send: Send) -> None:
    told = {
        "Tus-Version": protocol.VERSION,
        "Tus-Extension": protocol.EXTENSIONS,
        "Tus-Max-Size": str(settings.UPLOAD_LIMIT),
        "Tus-Checksum-Algorithm": ",".join(protocol.ALGORITHMS),
    }
    await answer(_with(send, told), 204)


async def _begin(scope: Scope, send: Send) -> None:
    upload = await ask(_begun, scope, protocol.beginning(scope))
    told = protocol.said_of(0, upload.length, upload.expires)
    await answer(_with(send, {"Location": f"{ROOT}/{upload.pk}", **told}), 201)


async def _append(scope: Scope, receive: Receive, send: Send, upload_id: UUID) -> None:
    chunk = protocol.chunk(scope)
    upload, work = await ask(_ready, scope, upload_id, chunk)
    if work is not None:
        try:
            if not await Arrival(work, receive).whole():
                # Nobody is there any more to be answered.
                return
        finally:
            work.close()
    told = protocol.said_of(upload.offset, upload.length, upload.expires)
    await answer(_with(send, told), 204)


def _begun(scope: Scope, wanted: Beginning) -> Upload:
    return uploads.begin(_asker(scope), wanted)


def _ready(scope: Scope, upload_id: UUID, chunk: Chunk) -> tuple[Upload, Receiving | None]:
    return receiving.begin(_asker(scope), upload_id, chunk)


def _asker(scope: Scope) -> User:
    user = changer_of(scope, KeyScope.CURATE)
    scope["user_id"] = str(user.pk)
    return user


def _with(send: Send, told: Mapping[str, str]) -> Send:
    """As `send`, with these headers in the answer."""
    more = [(name.lower().encode(), value.encode("latin-1")) for name, value in told.items()]

    async def say(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *more]}
        await send(message)

    return say

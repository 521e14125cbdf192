"""The operations that are answered before Django, as the API's description tells them.

Those of ninja describe themselves; these are few, and their bodies and answers are not JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kiremisu.accounts.models import Role, Scope


@dataclass(frozen=True, slots=True)
class Raw:
    """`headers`: those it reads, an example and whether it wants them. `body` and `told`: media
    types. `refuses`: the statuses, besides those that everything may answer with."""

    method: str
    path: str
    name: str
    tag: str
    summary: str
    description: str
    scope: Scope
    least: Role
    headers: Mapping[str, tuple[str, bool]]
    status: str
    refuses: tuple[str, ...]
    body: str = ""
    told: str = ""
    example: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


_TUS = {"Tus-Resumable": ("1.0.0", True)}
OPERATIONS = (
    Raw(
        "GET", "/events", "follow_events", "live", "Live events",
        "What changes, as Server-Sent Events, to who may know of it; docs/api.md has the topics.",
        Scope.READ, Role.READER,
        {"Last-Event-ID": ("019a4c1e-42", False)},
        "200", ("429", "503"),
        told="text/event-stream",
        example='id: 019a4c1e-43\nevent: library\ndata: {"id":"019a4c1e-8f3b-7d20-9c55"}\n\n',
    ),
    Raw(
        "POST", "/uploads", "begin_upload", "uploads", "Begin an upload",
        "Make ready for a file, by tus 1.0.0; its bytes follow by `PATCH`. For curators.",
        Scope.CURATE, Role.CURATOR,
        {
            **_TUS,
            "Upload-Length": ("68157440", True),
            "Upload-Metadata": ("filename U2FsdCBSb2FkLmNieg==,library MDE5YTRjMWU=", True),
        },
        "201", ("404", "409", "412", "413", "422", "429", "503"),
        answers={"Location": "Where its bytes go", "Upload-Expires": "When it is forgotten"},
    ),
    Raw(
        "PATCH", "/uploads/{upload_id}", "continue_upload", "uploads", "Send bytes of an upload",
        "More of its bytes, from the offset where the last ended. For curators.",
        Scope.CURATE, Role.CURATOR,
        {
            **_TUS,
            "Upload-Offset": ("16777216", True),
            "Upload-Checksum": ("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", False),
        },
        "204", ("404", "408", "409", "412", "413", "415", "422", "423", "460", "503"),
        body="application/offset+octet-stream",
        answers={"Upload-Offset": "How much is here", "Upload-Expires": "When it is forgotten"},
    ),
)  # fmt: skip


def described(raw: Raw) -> dict[str, Any]:
    """As OpenAPI tells an operation, but for its refusals."""
    told: dict[str, Any] = {
        "operationId": raw.name,
        "summary": raw.summary,
        "description": raw.description,
        "tags": [raw.tag],
        "parameters": [_header(name, *about) for name, about in raw.headers.items()],
        "responses": {raw.status: {"description": raw.summary, **_answer(raw)}},
        "security": [
            {"Bearer": [str(raw.least)]},
            {"Key": [str(raw.scope)]},
            {"Session": [str(raw.least)]},
        ],
    }
    if "{upload_id}" in raw.path:
        told["parameters"].append(
            {
                "in": "path",
                "name": "upload_id",
                "required": True,
                "schema": {"type": "string", "format": "uuid"},
            }
        )
    if raw.body:
        told["requestBody"] = {"required": True, "content": {raw.body: _bytes("PK…")}}
    return told


def _header(name: str, example: str, required: bool) -> dict[str, Any]:
    return {
        "in": "header",
        "name": name,
        "required": required,
        "schema": {"type": "string"},
        "example": example,
    }


def _answer(raw: Raw) -> dict[str, Any]:
    headers = {
        name: {"description": said, "schema": {"type": "string"}}
        for name, said in raw.answers.items()
    }
    told: dict[str, Any] = {"headers": headers} if headers else {}
    return told | ({"content": {raw.told: _bytes(raw.example)}} if raw.told else {})


def _bytes(example: str) -> dict[str, Any]:
    return {"schema": {"type": "string"}, "example": example}

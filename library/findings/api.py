"""The inbox of findings over the API."""

from typing import Any
from uuid import UUID

from ninja import Query, Router, Schema, Status
from pydantic import Field

from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Role, Scope
from kiremisu.lib.schemas import Page, Paging, Problem, Text
from kiremisu.lib.threads import in_thread
from library import findings
from library.models import Series

router = Router(tags=["findings"])


class FindingsWanted(Paging):
    """Of which kind: one of those that `GET findings/kinds` tells."""

    kind: Text = Field("gaps", max_length=20, examples=["gaps"])


class FindingOut(Schema):
    """Something to look at: what it is about, why, what to do, and the page where that is done.
    `id` is that of the row it is about: a series, a chapter, a sidecar, by its kind."""

    kind: str = Field(examples=["gaps"])
    id: UUID
    name: str = Field(examples=["Salt Road Diary"])
    why: str = Field(examples=["3 chapters of it exist and are not here."])
    todo: str = Field(examples=["Look"])
    address: str = Field(examples=["/series/019a4c1e-8f3b-7d20-9c55-3e1f60a7b842"])


class KindOut(Schema):
    """A kind of finding; `count` goes up to 1,000."""

    kind: str = Field(examples=["gaps"])
    title: str = Field(examples=["Chapters are missing"])
    count: int = Field(examples=[12])


class KindsOut(Schema):
    kinds: list[KindOut]


@router.get(
    "/findings/kinds",
    auth=needs(Scope.READ, least=Role.CURATOR),
    response=KindsOut,
    summary="Kinds of findings",
)
async def count_findings(request: Asked) -> dict[str, Any]:
    """What is looked for, and how much was found. For curators."""
    return await in_thread(findings.told, request.auth)


@router.get(
    "/findings",
    auth=needs(Scope.READ, least=Role.CURATOR),
    response={200: Page[FindingOut], 404: Problem},
    summary="Findings of a kind",
)
async def list_findings(request: Asked, wanted: Query[FindingsWanted]) -> dict[str, Any]:
    """What somebody should look at, the gravest first. `total` goes up to 1,000. For curators."""
    return await in_thread(findings.part_of, request.auth, wanted.kind, wanted)


@router.post(
    "/findings/{kind}/{uuid:subject}/dismiss",
    auth=needs(Scope.CURATE, least=Role.CURATOR, subject=Series),
    response={204: None},
    summary="It is fine so",
)
async def dismiss_finding(request: Asked, kind: str, subject: UUID) -> Status[None]:
    """It stays away until what it says is another. For curators."""
    await in_thread(findings.dismiss, request.auth, kind, subject)
    return Status(204, None)


@router.post(
    "/findings/{kind}/{uuid:subject}/restore",
    auth=needs(Scope.CURATE, least=Role.CURATOR, subject=Series),
    response={204: None},
    summary="Look at it after all",
)
async def restore_finding(request: Asked, kind: str, subject: UUID) -> Status[None]:
    """One that was dismissed comes again. For curators."""
    await in_thread(findings.restore, request.auth, kind, subject)
    return Status(204, None)

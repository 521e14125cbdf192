"""Rules for names over the API."""

from typing import Any
from uuid import UUID

from ninja import Query, Router, Status

from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Role, Scope
from kiremisu.jobs import listing
from kiremisu.jobs.models import Job
from kiremisu.jobs.schemas import JobOut
from kiremisu.lib.schemas import Page, Paging, Problem
from kiremisu.lib.threads import in_thread
from library.models import Library, NameRule
from library.naming import changing, previewing
from library.naming.schemas import RuleChange, RuleNew, RuleOut, RulePreview, RulePreviewed

router = Router(tags=["libraries"])


@router.get(
    "/libraries/{uuid:library_id}/rules",
    auth=needs(Scope.READ, least=Role.ADMIN, library_id=Library),
    response=Page[RuleOut],
    summary="Rules for names",
)
async def list_rules(request: Asked, library_id: UUID, paging: Query[Paging]) -> dict[str, Any]:
    """The rules by which names of a library's files are read, in the order in which they are
    tried. For administrators."""
    library = await Library.objects.visible_to(request.auth).only("id").aget(pk=library_id)
    return await in_thread(previewing.listed, request.auth, library, paging)


@router.post(
    "/libraries/{uuid:library_id}/rules",
    auth=needs(Scope.ADMIN, least=Role.ADMIN, library_id=Library),
    response={201: RuleOut, 409: Problem},
    summary="Add a rule for names",
)
async def add_rule(request: Asked, library_id: UUID, body: RuleNew) -> Status[dict[str, Any]]:
    """Have names be read by a pattern: docs/guide.md says how it is written. A job, `run`, has the
    chapters stand so, and scans keep to it; the act of that id takes it back. For
    administrators."""
    library = await Library.objects.visible_to(request.auth).aget(pk=library_id)
    rule = await in_thread(changing.add, request.auth, library, body.pattern, body.series)
    return Status(201, previewing.shown(rule))


@router.post(
    "/libraries/{uuid:library_id}/rules/preview",
    auth=needs(Scope.ADMIN, least=Role.ADMIN, a_minute=60, library_id=Library),
    response=RulePreviewed,
    summary="What a rule would do",
)
async def preview_rule(
    request: Asked, library_id: UUID, body: RulePreview, paging: Query[Paging]
) -> dict[str, Any]:
    """What would be read otherwise with a rule, over all names of the library; nothing is changed.
    For administrators."""
    library = await Library.objects.visible_to(request.auth).aget(pk=library_id)
    return await in_thread(previewing.preview, library, body, paging)


@router.patch(
    "/libraries/{uuid:library_id}/rules/{uuid:rule_id}",
    auth=needs(Scope.ADMIN, least=Role.ADMIN, library_id=Library, rule_id=NameRule),
    response=RuleOut,
    summary="Change a rule for names",
)
async def change_rule(
    request: Asked, library_id: UUID, rule_id: UUID, body: RuleChange
) -> dict[str, Any]:
    """Its pattern, its place among the others, and whether it is in force; a job has the chapters
    follow. For administrators."""
    rules = NameRule.objects.visible_to(request.auth)
    rule = await rules.aget(pk=rule_id, library=library_id)
    changes = body.named()
    if "on" in changes:
        changes["is_on"] = changes.pop("on")
    return previewing.shown(await in_thread(changing.change, request.auth, rule, **changes))


@router.delete(
    "/libraries/{uuid:library_id}/rules/{uuid:rule_id}",
    auth=needs(Scope.ADMIN, least=Role.ADMIN, library_id=Library, rule_id=NameRule),
    response={202: JobOut},
    summary="Remove a rule for names",
)
async def remove_rule(request: Asked, library_id: UUID, rule_id: UUID) -> Status[Job]:
    """Names are read as if it had never been; a job has the chapters follow. For administrators."""
    rules = NameRule.objects.visible_to(request.auth)
    rule = await rules.aget(pk=rule_id, library=library_id)
    job = await in_thread(changing.remove, request.auth, rule)
    return Status(202, await in_thread(listing.shown, request.auth, job))

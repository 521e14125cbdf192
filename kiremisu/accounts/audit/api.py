"""The audit log over the API, for administrators."""

from typing import Any

from ninja import Query, Router

from kiremisu.accounts import audit
from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.audit.schemas import AuditOut, AuditWanted
from kiremisu.accounts.models import Role, Scope
from kiremisu.lib.schemas import Page
from kiremisu.lib.threads import in_thread

router = Router(tags=["audit"])


@router.get(
    "/audit",
    auth=needs(Scope.ADMIN, least=Role.ADMIN),
    response=Page[AuditOut],
    summary="The audit log",
)
async def list_entries(request: Asked, wanted: Query[AuditWanted]) -> dict[str, Any]:
    """Who came in or tried to, who changed what others may do, added or forgot libraries, hid
    series: the newest first. Nothing in it can be changed or removed. For administrators."""
    return await in_thread(audit.listed, request.auth, wanted)

"""Secrets over the API, for administrators: set and removed, never told."""

from typing import Any

from ninja import Router, Status

from kiremisu.accounts import vault
from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Role, Scope
from kiremisu.accounts.vault.schemas import SecretNew, SecretOut
from kiremisu.lib.schemas import Problem
from kiremisu.lib.threads import in_thread

router = Router(tags=["server"])


@router.get(
    "/server/secrets",
    auth=needs(Scope.ADMIN, least=Role.ADMIN),
    response=list[SecretOut],
    summary="Secrets",
)
async def list_secrets(request: Asked) -> list[dict[str, Any]]:
    """Which secrets of other services this server can use, and whether they are set; never what
    they are. For administrators."""
    return await in_thread(vault.listed)


@router.put(
    "/server/secrets/{name}",
    auth=needs(Scope.ADMIN, least=Role.ADMIN),
    response={200: SecretOut, 404: Problem},
    summary="Set a secret",
)
async def set_secret(request: Asked, name: str, body: SecretNew) -> dict[str, Any]:
    """Keep it, encrypted, in the place of the one there was. For administrators."""
    secret = await in_thread(vault.put, name, body.value)
    return vault.told(name, secret)


@router.delete(
    "/server/secrets/{name}",
    auth=needs(Scope.ADMIN, least=Role.ADMIN),
    response={204: None, 404: Problem},
    summary="Remove a secret",
)
async def remove_secret(request: Asked, name: str) -> Status[None]:
    """Forget it. For administrators."""
    await in_thread(vault.remove, name)
    return Status(204, None)

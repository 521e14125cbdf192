"""The people of this server over the API, for administrators."""

from typing import Any
from uuid import UUID

from ninja import Query, Router, Status

from kiremisu.accounts import people, users
from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Role, Scope, User
from kiremisu.accounts.users.schemas import UserChange, UserNew, UserOut, UsersWanted
from kiremisu.lib.schemas import Page, Problem
from kiremisu.lib.threads import in_thread

router = Router(tags=["users"])


@router.get(
    "/users", auth=needs(Scope.ADMIN, least=Role.ADMIN), response=Page[UserOut], summary="People"
)
async def list_users(request: Asked, wanted: Query[UsersWanted]) -> dict[str, Any]:
    """Who has an account here, by name. For administrators."""
    return await in_thread(users.listed, request.auth, wanted)


@router.post(
    "/users",
    auth=needs(Scope.ADMIN, least=Role.ADMIN),
    response={201: UserOut},
    summary="Make an account",
)
async def add_user(request: Asked, body: UserNew) -> Status[dict[str, Any]]:
    """An account for somebody, with its first password. For administrators."""
    user = await in_thread(people.make, **body.model_dump())
    return Status(201, await in_thread(users.told, user))


@router.get(
    "/users/{uuid:user_id}",
    auth=needs(Scope.ADMIN, least=Role.ADMIN, user_id=User),
    response=UserOut,
    summary="One person",
)
async def get_user(request: Asked, user_id: UUID) -> dict[str, Any]:
    """Their account, and the libraries they were given. For administrators."""
    user = await User.objects.visible_to(request.auth).aget(pk=user_id)
    return await in_thread(users.told, user)


@router.patch(
    "/users/{uuid:user_id}",
    auth=needs(Scope.ADMIN, least=Role.ADMIN, user_id=User),
    response={200: UserOut, 409: Problem},
    summary="Change an account",
)
async def change_user(request: Asked, user_id: UUID, body: UserChange) -> dict[str, Any]:
    """Their name, what they may do and see, whether they may come in, a new password. Any change
    of rights ends their signed links; a new password, and being shut out, everything else of
    theirs but API keys as well, which wait until they may come in again. 409 for the last
    administrator. For administrators."""
    user = await User.objects.visible_to(request.auth).aget(pk=user_id)
    changed = await in_thread(people.administer, user, **body.named())
    return await in_thread(users.told, changed)


@router.delete(
    "/users/{uuid:user_id}",
    auth=needs(Scope.ADMIN, least=Role.ADMIN, user_id=User),
    response={204: None, 409: Problem},
    summary="Take an account away",
)
async def remove_user(request: Asked, user_id: UUID) -> Status[None]:
    """With their places, bookmarks, notes and keys, for good. 409 for the last administrator.
    For administrators."""
    user = await User.objects.visible_to(request.auth).aget(pk=user_id)
    await in_thread(people.remove, user)
    return Status(204, None)

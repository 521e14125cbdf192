"""The people of this server, as administrators see them."""

from collections.abc import Iterable
from typing import Any

from kiremisu.accounts import people
from kiremisu.accounts.models import User
from kiremisu.accounts.users.schemas import UsersWanted
from kiremisu.lib.schemas import part

_USER = (
    "id", "created", "updated", "username", "email", "role", "is_active", "highest_rating",
    "last_login",
)  # fmt: skip


def listed(user: User, wanted: UsersWanted) -> dict[str, Any]:
    """A part of the people this person knows of, by name."""
    found = User.objects.visible_to(user)
    if wanted.search:
        found = found.filter(username__icontains=wanted.search)
    if wanted.role is not None:
        found = found.filter(role=wanted.role)
    if wanted.is_active is not None:
        found = found.filter(is_active=wanted.is_active)
    rows = found.order_by("username", "id").values(*_USER)[wanted.bounds]
    return part(_told(rows), found.count(), wanted)


def told(found: User) -> dict[str, Any]:
    """One of them."""
    (row,) = _told(User.objects.filter(pk=found.pk).values(*_USER))
    return row


def _told(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    kept = list(rows)
    given = people.opened_to(row["id"] for row in kept)
    return [row | {"libraries": given.get(row["id"], [])} for row in kept]

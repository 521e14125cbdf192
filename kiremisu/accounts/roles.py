"""What a role may do, as a refusal."""

from kiremisu.accounts.models import Role, User
from kiremisu.lib.errors import Forbidden

_WHO = {
    Role.ADMIN: "Administrators",
    Role.CURATOR: "Curators and administrators",
    Role.READER: "People who have signed in",
}


def check(user: User, least: Role) -> None:
    """Raises Forbidden for whoever has a lower role."""
    if not user.ranks(least):
        raise Forbidden(f"{_WHO[least]} may do this.")

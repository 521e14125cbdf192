"""What the API takes and answers about the people of this server."""

from uuid import UUID

from pydantic import Field

from kiremisu.accounts.models import Role
from kiremisu.accounts.ratings import EVERYTHING, Rating
from kiremisu.lib.schemas import Change, Kept, Moment, Paging, Strict, Text


class UsersWanted(Paging):
    """Which people: whose name holds `search`, of a role, who may come in or not."""

    search: Text = Field("", max_length=150)
    role: Role | None = None
    is_active: bool | None = None


class UserOut(Kept):
    """`libraries`: which they were given; those open to all they may open anyway. Who is not
    `is_active` cannot come in."""

    username: str
    email: str
    role: Role
    is_active: bool
    highest_rating: Rating
    libraries: list[UUID]
    last_login: Moment | None


class UserNew(Strict):
    username: Text = Field(min_length=1, max_length=150)
    password: str = Field(min_length=1, max_length=4096)
    email: Text = Field("", max_length=254)
    role: Role = Role.READER
    is_active: bool = True
    highest_rating: Rating = EVERYTHING
    libraries: list[UUID] = Field(default_factory=list, max_length=1000)


class UserChange(Change):
    """What is not named stays; `libraries` replaces those that were given."""

    username: Text | None = Field(None, min_length=1, max_length=150)
    password: str | None = Field(None, min_length=1, max_length=4096)
    email: Text | None = Field(None, max_length=254)
    role: Role | None = None
    is_active: bool | None = None
    highest_rating: Rating | None = None
    libraries: list[UUID] | None = Field(None, max_length=1000)

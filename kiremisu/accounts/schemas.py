"""What the API takes and answers about people."""

from ninja import Schema
from pydantic import Field

from kiremisu.accounts.models import Role
from kiremisu.lib.schemas import Kept, Strict, Text


class Credentials(Strict):
    username: Text = Field(min_length=1, max_length=150)
    password: str = Field(min_length=1, max_length=4096)


class Refresh(Strict):
    refresh: str = Field(min_length=1, max_length=4096)


class SigningOut(Strict):
    """Which refresh token to kill; a session ends either way."""

    refresh: str | None = Field(None, min_length=1, max_length=4096)


class Tokens(Schema):
    """`access` opens the API for 30 minutes; `refresh` gets the next pair once, for 7 days."""

    access: str
    refresh: str


class Me(Kept):
    username: str
    email: str
    role: Role


class MeChange(Strict):
    """What is not named stays. A new password wants the one in use, and ends every signed link
    and every token."""

    email: Text | None = Field(None, max_length=254)
    password: str | None = Field(None, min_length=1, max_length=4096)
    current_password: str | None = Field(None, min_length=1, max_length=4096)


class Limits(Schema):
    """Bodies in bytes, lists in items."""

    body: int
    per_page: int


class Server(Schema):
    name: str
    version: str
    features: list[str]
    limits: Limits

"""What the API takes and answers about people."""

from typing import Annotated

from ninja import Schema
from pydantic import Field

from kiremisu.accounts.models import Role, Scope
from kiremisu.accounts.ratings import Rating
from kiremisu.lib.schemas import Instant, Kept, Moment, Strict, Text


class Credentials(Strict):
    username: Text = Field(min_length=1, max_length=150)
    password: str = Field(min_length=1, max_length=4096)


class Refresh(Strict):
    refresh: str = Field(min_length=1, max_length=4096)


class SigningOut(Strict):
    """Which refresh token to kill; a session ends either way. `everywhere`: all of your sessions,
    tokens, signed links and event streams end; API keys stay."""

    refresh: str | None = Field(None, min_length=1, max_length=4096)
    everywhere: bool = False


class Tokens(Schema):
    """`access` opens the API for 30 minutes; `refresh` gets the next pair once, for 7 days."""

    access: str
    refresh: str


class TicketOut(Schema):
    """`ticket` opens one WebSocket, within so many seconds."""

    ticket: str = Field(examples=["8mQ2vXr5TzWcK1nB7yLd0sPgHf4uEaJo3iVtRxNe6Yk"])
    seconds: int = Field(examples=[30])


class Me(Kept):
    """`highest_rating`: what is rated higher is not there for you."""

    username: str
    email: str
    role: Role
    highest_rating: Rating


class MeChange(Strict):
    """What is not named stays. A new password wants the one in use, and ends every signed link
    and every token."""

    email: Text | None = Field(None, max_length=254)
    password: str | None = Field(None, min_length=1, max_length=4096)
    current_password: str | None = Field(None, min_length=1, max_length=4096)


class KeyNew(Strict):
    """`scopes`: `read` looks, `progress` keeps places and reading settings, `curate` scans and
    changes what is shown, `admin` is everything its owner may do."""

    name: Annotated[Text, Field(min_length=1, max_length=100)]
    scopes: list[Scope] = Field(min_length=1, max_length=len(Scope))
    expires: Instant | None = Field(None, examples=["2126-03-14T19:40:01Z"])


class KeyOut(Kept):
    """`prefix` is how the key begins; `last_used` is right to the minute."""

    name: str
    prefix: str
    scopes: list[Scope]
    expires: Moment | None
    last_used: Moment | None


class KeyMade(KeyOut):
    """`key` is told this once."""

    key: str


class Limits(Schema):
    """`body`, `upload` (one file) and `upload_quota` (all of a person's) in bytes; `per_page` and
    `batch` in items; `keys`, `uploads` under way and `event_streams` of one person; the widths
    in pixels that covers and pages are made in."""

    body: int
    per_page: int = Field(examples=[100])
    batch: int = Field(examples=[100])
    keys: int = Field(examples=[50])
    upload: int = Field(examples=[4_294_967_296])
    upload_quota: int = Field(examples=[17_179_869_184])
    uploads: int = Field(examples=[100])
    event_streams: int = Field(examples=[20])
    cover_widths: list[int] = Field(examples=[[200, 400, 600]])
    page_widths: list[int] = Field(examples=[[240, 800, 1200, 1600]])


class Server(Schema):
    name: str
    version: str
    features: list[str]
    limits: Limits

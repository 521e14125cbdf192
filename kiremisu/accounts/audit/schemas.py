"""What the API takes and answers about the audit log."""

from uuid import UUID

from ninja import Schema
from pydantic import Field

from kiremisu.lib.schemas import Instant, Kept, Paging, Text


class AuditWanted(Paging):
    """Which entries: of one act, by one person, about one thing, within a time."""

    act: Text | None = Field(None, max_length=40)
    who: UUID | None = None
    about: UUID | None = None
    since: Instant | None = None
    until: Instant | None = None


class ChangedOut(Schema):
    field: str
    before: str
    after: str


class AuditOut(Kept):
    """`who` did `act`, to what `about` says, from `address`; the names as they were then. Null
    where it was nobody, or the server itself. `request_id` finds the lines in the server's log."""

    act: str
    who: UUID | None
    who_name: str
    address: str
    about: UUID | None
    about_name: str
    changed: list[ChangedOut] = Field(alias="changes.fields")
    request_id: str

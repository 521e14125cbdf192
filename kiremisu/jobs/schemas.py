"""Jobs as the API and the events tell them."""

from uuid import UUID

from pydantic import Field

from kiremisu.jobs.models import State
from kiremisu.lib.cursors import Deep
from kiremisu.lib.schemas import Kept, Moment, Text


class JobOut(Kept):
    """One piece of work. `total` is unknown until somebody has counted."""

    kind: str
    state: State
    priority: int
    attempts: int
    done: int
    total: int | None
    message: str
    error: str
    parent: UUID | None = Field(alias="parent_id")
    request_id: str
    started: Moment | None
    finished: Moment | None


class JobsWanted(Deep):
    """Which jobs: of a state, of a kind, the steps of one parent."""

    state: State | None = None
    kind: Text | None = Field(None, max_length=40)
    parent: UUID | None = None

"""What stands in the JSON columns of candidates and decisions."""

from typing import TypedDict
from uuid import UUID

from pydantic import Field

from kiremisu.lib.shapes import Shape
from library.facts import Patch
from library.models import MatchState


class Line(Shape):
    """One kind of evidence: so many points of so many, in words."""

    name: str
    points: int
    out_of: int
    says: str


class Weighed(Shape):
    """A candidate as it was judged: the lines add up to its score. `patch` is what would be
    learnt of it, `address` its page for people."""

    version: int = 1
    title: str = ""
    address: str = ""
    lines: list[Line] = Field(default_factory=list)
    conflicts: list[str] = Field(default_factory=list)
    patch: Patch = Field(default_factory=Patch)


class GroupLine(TypedDict):
    id: str
    name: str


class Groups(Shape):
    """Who translated a chapter."""

    version: int = 1
    groups: list[GroupLine] = Field(default_factory=list)


class Before(Shape):
    """What was known of a match before a decision."""

    version: int = 1
    state: MatchState = MatchState.UNMATCHED
    provider: str = ""
    provider_id: str = ""
    score: int = 0
    by: UUID | None = None
    # The fields that the decision locked.
    locked: list[str] = Field(default_factory=list)

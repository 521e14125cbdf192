"""What is remembered of a change, so that it can be taken back."""

from uuid import UUID

from pydantic import BaseModel, Field, JsonValue


class Merged(BaseModel):
    """A series was merged into `target`, with these chapters, of which people had put some into it
    themselves (`placed`), with what had been merged into it, with the files beside its own, by
    their paths, and with the rules for its names. `hung`: what settings' AFTER_MERGE
    remember, by their names."""

    target: UUID
    chapters: list[UUID]
    placed: list[UUID] = Field(default_factory=list)
    merged: list[UUID] = Field(default_factory=list)
    beside: list[str] = Field(default_factory=list)
    rules: list[UUID] = Field(default_factory=list)
    hung: dict[str, JsonValue] = Field(default_factory=dict)


class Moved(BaseModel):
    """These chapters were moved to `target`, of which people had put some where they were
    (`placed`). `made`: it was made for them."""

    target: UUID
    chapters: list[UUID]
    placed: list[UUID] = Field(default_factory=list)
    made: bool = False


class Purged(BaseModel):
    """These chapters were missing."""

    chapters: list[UUID]

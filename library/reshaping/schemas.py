"""What operations that reshape series are told."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from kiremisu.lib.schemas import Strict, Text, Tidy

_MOST = 1000


def _each_once(ids: list[UUID]) -> list[UUID]:
    if len(set(ids)) < len(ids):
        raise ValueError("each id once")
    return ids


# Chapters by their ids; or by their numbers, as people write them.
Ids = Annotated[list[UUID], Field(max_length=_MOST), AfterValidator(_each_once)]
Numbers = Annotated[Text, Field(max_length=500, examples=["1-20, 25, v3"])]


class MergeGiven(Strict):
    """Into which series."""

    target: UUID


class MoveGiven(Strict):
    """Which chapters, and into which series."""

    chapters: Ids = Field(default_factory=list)
    which: Numbers = ""
    target: UUID


class SplitGiven(Strict):
    """Which chapters, and what the series is called that they become."""

    chapters: Ids = Field(default_factory=list)
    which: Numbers = ""
    title: Tidy = Field(min_length=1, max_length=500)

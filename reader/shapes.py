"""What stands in the reader's JSON columns."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from kiremisu.lib.shapes import Shape
from library.filters.language import Node


class ReadingChoices(Shape):
    """How somebody reads; None where a wider scope decides (series, library kind, default)."""

    version: int = 1
    layout: Literal["single", "double", "scroll"] | None = None
    direction: Literal["rtl", "ltr"] | None = None
    fit: Literal["screen", "width", "height", "original"] | None = None
    trim: bool | None = None
    strip_width: int | None = Field(default=None, ge=200, le=4000)
    strip_gap: int | None = Field(default=None, ge=0, le=400)
    background: Literal["auto", "black", "grey", "white"] | None = None
    cover_alone: bool | None = None
    straight_on: bool | None = None


class Pairing(Shape):
    """Page 1 alone or not (None: worked out), and pages (1-based) pinned alone."""

    version: int = 1
    flip: bool | None = None
    alone: list[int] = Field(default_factory=list)


class Sought(Shape):
    """What a smart list finds, in which order; nothing for a list made by hand."""

    version: int = 1
    filter: Node | None = None
    sort: str = "title"


class PlaceThen(Shape):
    """Where somebody was in a content, as their progress had it."""

    chapter: UUID | None = None
    page: int
    fraction: float = 0
    at: datetime
    device: str = ""
    started_at: datetime
    finished_at: datetime | None = None


class PlacesThen(Shape):
    """Where somebody was in some contents (None: nowhere) before they were `marked` read, then, or
    (None) unread."""

    version: int = 1
    marked: datetime | None = None
    places: dict[UUID, PlaceThen | None] = Field(default_factory=dict)

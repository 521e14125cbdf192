"""What the API's schemas have in common."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Self, override
from uuid import UUID

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Header, Schema
from ninja.renderers import BaseRenderer
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from kiremisu.lib.text import clean


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("a time that no calendar here holds") from None


# A moment as the API answers it: UTC, whatever zone the database session has.
Moment = Annotated[datetime, AfterValidator(_utc)]


def _tidied(told: object) -> object:
    return clean(told) if isinstance(told, str) else told


# A moment from outside, with its distance from UTC; the database knows not every distance.
Instant = Annotated[AwareDatetime, AfterValidator(_utc)]
# Text from outside, fit to store.
Text = Annotated[str, AfterValidator(clean)]
# The same, made fit before it is counted.
Tidy = Annotated[str, BeforeValidator(_tidied)]


# The state a change is based on: the ETag under which the object was read.
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="The `ETag` this change is based on; 412 when somebody was faster.",
        examples=['"63ca1f6f0a1b2-8d4f5f0c9c1f4e3b2a190817"'],
    ),
]


class Strict(Schema):
    """A body or a set of parameters in which unknown names are refused."""

    model_config = ConfigDict(extra="forbid")


class Change(Strict):
    """A partial change: what is not named stays as it is. `nullable` may be made null."""

    nullable: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="after")
    def _names_no_null(self) -> Self:
        for name in self.model_fields_set - self.nullable:
            if getattr(self, name) is None:
                raise ValueError(f"{name} may be left out, but not null")
        return self

    def named(self) -> dict[str, Any]:
        """The changes by field, only those that were sent."""
        return self.model_dump(exclude_unset=True)


class Kept(Schema):
    """What every object answers."""

    id: UUID
    created: Moment
    updated: Moment


class Paging(Strict):
    """Which part of a list."""

    page: int = Field(1, ge=1, le=1_000_000)
    per_page: int = Field(settings.PER_PAGE, ge=1, le=settings.PER_PAGE_MOST)

    @property
    def bounds(self) -> slice:
        """Where this part lies in the whole list."""
        start = (self.page - 1) * self.per_page
        return slice(start, start + self.per_page)


class Page[T](Schema):
    """A part of a list."""

    items: list[T]
    total: int
    page: int
    per_page: int
    has_next: bool
    has_prev: bool


def part(items: Sequence[Any], total: int, paging: Paging) -> dict[str, Any]:
    """The answer for one part of a list of `total` things."""
    return {
        "items": items,
        "total": total,
        "page": paging.page,
        "per_page": paging.per_page,
        "has_next": paging.page * paging.per_page < total,
        "has_prev": paging.page > 1,
    }


class WrongField(Schema):
    field: str
    message: str
    code: str


class Problem(Schema):
    """Any error. `code` is stable, `detail` a sentence for people; `request_id` finds the lines
    in the server's log."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[WrongField]
    request_id: str


class Renderer(BaseRenderer):
    """JSON by orjson: times as RFC 3339 in UTC, ending in Z.

    Leaves in the request when the one object it answers was last changed, for its ETag.
    """

    media_type = "application/json"

    @override
    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        updated = data.get("updated") if isinstance(data, dict) else None
        if isinstance(updated, datetime):
            # For kiremisu.conditional; the request's type knows nothing of ours.
            request.answered_updated = updated  # type: ignore[attr-defined]
        return to_json(data)


def to_json(data: Any) -> bytes:
    return orjson.dumps(data, default=str, option=orjson.OPT_UTC_Z)


def rendered(data: Any) -> HttpResponse:
    """An answer whose rows come from the database as the declared schema says.

    They are not checked one by one again, which would cost more than reading them.
    """
    return HttpResponse(to_json(data), content_type="application/json; charset=utf-8")

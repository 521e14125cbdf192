"""Answers that lie elsewhere, behind a signed address."""

from collections.abc import Callable
from typing import Annotated

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from pydantic import AfterValidator, Field


def _one_of(widths: tuple[int, ...]) -> Callable[[int], int]:
    def check(width: int) -> int:
        if width not in widths:
            raise ValueError(f"one of {', '.join(map(str, widths))}")
        return width

    return check


# In pixels, as they are made.
CoverWidth = Annotated[
    int,
    AfterValidator(_one_of(settings.COVER_WIDTHS)),
    Field(json_schema_extra={"enum": list(settings.COVER_WIDTHS)}),
]
PageWidth = Annotated[
    int,
    AfterValidator(_one_of(settings.PAGE_WIDTHS)),
    Field(json_schema_extra={"enum": list(settings.PAGE_WIDTHS)}),
]


def sent_on(address: str) -> HttpResponse:
    # The link is one reader's own and changes by the week: nobody may keep the way to it.
    return HttpResponseRedirect(address, headers={"Cache-Control": "no-store"})

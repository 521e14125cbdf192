"""How a person reads a series: the first scope that decides, decides.

In order: what they chose for the series, what is known of the work, what the library's kind
implies, what they chose for themselves, the house's default. (What they flipped in one chapter is
its `Pairing`.)
"""

from dataclasses import dataclass
from typing import Any, Literal

from django.db import transaction
from pydantic import ValidationError

from kiremisu.accounts.models import User
from kiremisu.lib.errors import FieldError, Invalid
from library.models import Content, Library, Series
from reader.models import PagePairing, ReadingSettings
from reader.shapes import Pairing, ReadingChoices

type Origin = Literal["series", "facts", "library", "you", "default"]

DEFAULT = ReadingChoices(
    layout="double",
    direction="rtl",
    fit="screen",
    trim=False,
    strip_width=760,
    strip_gap=0,
    background="auto",
    cover_alone=True,
    straight_on=False,
)
BY_KIND: dict[str, ReadingChoices] = {
    Library.Kind.MANGA: ReadingChoices(direction="rtl"),
    Library.Kind.WEBTOON: ReadingChoices(layout="scroll", direction="ltr"),
    Library.Kind.COMIC: ReadingChoices(direction="ltr"),
}
BY_DIRECTION: dict[str, ReadingChoices] = {
    "rtl": ReadingChoices(direction="rtl"),
    "ltr": ReadingChoices(direction="ltr"),
    "vertical": ReadingChoices(layout="scroll", direction="ltr"),
}
FIELDS = tuple(name for name in ReadingChoices.model_fields if name != "version")


@dataclass(frozen=True, slots=True)
class Resolved:
    """Every choice made, which scope made each, and the same without the series'."""

    choices: ReadingChoices
    origins: dict[str, Origin]
    without_series: ReadingChoices
    origins_without_series: dict[str, Origin]


def resolve(user: User, series: Series) -> Resolved:
    """How this person reads this series, `series.library` being loaded."""
    chosen = chosen_by(user, series)
    kind = BY_KIND.get(series.library.kind, ReadingChoices())
    scopes: list[tuple[Origin, ReadingChoices]] = [
        ("series", chosen[1]),
        ("facts", BY_DIRECTION.get(series.direction, ReadingChoices())),
        ("library", kind),
        ("you", chosen[0]),
        ("default", DEFAULT),
    ]
    choices, origins = _first_of(scopes)
    return Resolved(choices, origins, *_first_of(scopes[1:]))


def chosen_by(user: User, series: Series) -> tuple[ReadingChoices, ReadingChoices]:
    """What they chose for themselves, and for this series."""
    rows = ReadingSettings.objects.filter(user=user, series__isnull=True) | (
        ReadingSettings.objects.filter(user=user, series=series)
    )
    found = {row.series_id: row.choices for row in rows}
    return found.get(None, ReadingChoices()), found.get(series.pk, ReadingChoices())


def _first_of(
    scopes: list[tuple[Origin, ReadingChoices]],
) -> tuple[ReadingChoices, dict[str, Origin]]:
    decided: dict[str, Any] = {}
    origins: dict[str, Origin] = {}
    for origin, choices in scopes:
        for field in FIELDS:
            value = getattr(choices, field)
            if value is not None and field not in decided:
                decided[field], origins[field] = value, origin
    return ReadingChoices(**decided), origins


@transaction.atomic
def choose(user: User, series: Series | None = None, **choices: Any) -> ReadingChoices:
    """Set some choices for a series, or without one by default; None goes back to the wider
    scope. Answers all that is chosen there now. Raises Invalid, naming each wrong choice.
    """
    unknown = [name for name in choices if name not in FIELDS]
    if unknown:
        raise Invalid(f"There is no reading setting called {unknown[0]}.")
    row, _ = ReadingSettings.objects.select_for_update().get_or_create(user=user, series=series)
    try:
        row.choices = ReadingChoices.model_validate({**row.choices.model_dump(), **choices})
    except ValidationError as wrong:
        raise Invalid("This is no way of reading.", errors=_fields(wrong)) from None
    row.save()
    return row.choices


def _fields(wrong: ValidationError) -> tuple[FieldError, ...]:
    return tuple(
        FieldError(field=str(error["loc"][0]), message=error["msg"]) for error in wrong.errors()
    )


def pairing_of(user: User, content: Content) -> Pairing:
    """What they corrected in the pairing of these pages."""
    row = PagePairing.objects.filter(user=user, content=content).first()
    return row.pairing if row else Pairing()


@transaction.atomic
def pair(
    user: User, content: Content, *, flip: bool | None, alone: list[int] | None = None
) -> Pairing:
    """Correct the pairing: page 1 alone (True), paired (False) or worked out (None), and the
    pages (1-based) pinned alone, which stay as they are if None. Raises Invalid for a page
    that is not there.
    """
    if alone is not None and any(not 1 <= page <= content.page_count for page in alone):
        raise Invalid(f"There are pages 1 to {content.page_count}.")
    row, _ = PagePairing.objects.select_for_update().get_or_create(user=user, content=content)
    pinned = row.pairing.alone if alone is None else sorted(set(alone))
    row.pairing = Pairing(flip=flip, alone=pinned)
    row.save()
    return row.pairing

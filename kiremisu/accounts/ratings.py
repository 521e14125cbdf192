"""How grown-up a work is: MangaDex's four words, in their order.

Stored as a small number, so that the database compares them; everywhere else it is the word.
"""

from typing import Any, override

from django.core.exceptions import ValidationError
from django.db import models


class Rating(models.TextChoices):
    """From the tamest on."""

    SAFE = "safe", "Safe"
    SUGGESTIVE = "suggestive", "Suggestive"
    EROTICA = "erotica", "Erotica"
    PORNOGRAPHIC = "pornographic", "Pornographic"


_NUMBERS = {rating.value: place for place, rating in enumerate(Rating, start=1)}
_WORDS = {number: Rating(word) for word, number in _NUMBERS.items()}

EVERYTHING = Rating.PORNOGRAPHIC


def lost(before: Rating, after: Rating) -> tuple[Rating, ...]:
    """The limits under which what was rated `before` is seen no more when it is rated `after`."""
    low, high = _NUMBERS[before], _NUMBERS[after]
    return tuple(rating for number, rating in _WORDS.items() if low <= number < high)


class RatingField(models.Field):  # type: ignore[type-arg] # not generic when it runs
    """A column that holds a rating. `__lte` and its like compare by their order."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("choices", Rating.choices)
        super().__init__(*args, **kwargs)

    @override
    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("choices", None)
        return name, path, args, kwargs

    @override
    def get_internal_type(self) -> str:
        return "SmallIntegerField"

    @override
    def to_python(self, value: Any) -> Any:
        if value is None:
            return None
        try:
            return Rating(value)
        except ValueError:
            raise ValidationError(f"One of {', '.join(Rating.values)}.") from None

    def from_db_value(self, value: int | None, *_: object) -> Rating | None:
        """The word for a number of the column."""
        return None if value is None else _WORDS[value]

    @override
    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value if value is None else _NUMBERS[value]

"""What a filter may ask about series, and the condition each question comes to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from pydantic import AfterValidator, TypeAdapter
from pydantic import Field as Bound

from kiremisu.accounts.models import User
from kiremisu.accounts.ratings import Rating
from kiremisu.lib.schemas import Instant, Tidy
from library.filters.language import VALUES, Operator
from library.models import Credit, MatchState, Series, Tag, Tagging
from library.models.labels import PERSON, TAG, folded_name

type Asking = Callable[[User, Operator, Any], Q]


@dataclass(frozen=True, slots=True)
class Field:
    """Something to ask about a series: which values each operator takes, and what it comes to.

    `condition(user, operator, value)`: `value` as its type has it, for `in` a list. It must say
    yes or no of every series, never unknown. `version(user)`: where the answer hangs on what
    the user has read or keeps, which state of that this is; None where that cannot be told.
    `often`: what the desk's list offers to ask of it, each in words.
    """

    values: Mapping[Operator, TypeAdapter[Any]]
    condition: Asking
    version: Callable[[User], object] | None = None
    often: Sequence[tuple[str, Operator, Any]] = ()


def choice(of: Any, condition: Asking, version: Callable[[User], object] | None = None) -> Field:
    """A field that is one of some values, each of this type."""
    several: Any = Annotated[list[of], Bound(min_length=1, max_length=VALUES)]
    values = {Operator.IS: TypeAdapter(of), Operator.IN: TypeAdapter(several)}
    return Field(values, condition, version)


def text(length: int) -> Any:
    """Text from outside, at most so long."""
    return Annotated[Tidy, Bound(max_length=length)]


def column(name: str) -> Asking:
    """The condition on a column; one that may be empty is neither less nor more than anything."""

    def ask(_: User, operator: Operator, value: Any) -> Q:
        if value is None:
            return Q(**{f"{name}__isnull": True})
        lookup = "exact" if operator is Operator.IS else operator.value
        asked = Q(**{f"{name}__{lookup}": value})
        is_nullable = Series._meta.get_field(name).null
        return Q(**{f"{name}__isnull": False}) & asked if is_nullable else asked

    return ask


_ORDER = (Operator.LESS, Operator.AT_MOST, Operator.MORE, Operator.AT_LEAST)
_NUMBER = Annotated[int, Bound(ge=0, le=2**31 - 1)]


def ordered(
    of: Any,
    condition: Asking,
    version: Callable[[User], object] | None = None,
    *,
    or_none: bool = False,
) -> Field:
    """A field that is one of some values, or more or less than one; or none, where that may be."""
    values = {**choice(of, condition).values, **dict.fromkeys(_ORDER, TypeAdapter(of))}
    if or_none:
        values[Operator.IS] = TypeAdapter(of | None)
    return Field(values, condition, version)


def count(condition: Asking, version: Callable[[User], object] | None = None) -> Field:
    """A field that says how many there are of something."""
    return ordered(_NUMBER, condition, version)


_WHEN = Annotated[
    Instant, Bound(ge=datetime(1900, 1, 1, tzinfo=UTC), le=datetime(9000, 1, 1, tzinfo=UTC))
]
_DAYS = Annotated[int, Bound(ge=1, le=36_500)]


def _moment(name: str) -> Field:
    def ask(user: User, operator: Operator, value: Any) -> Q:
        if operator is Operator.WITHIN:
            return column(name)(user, Operator.AT_LEAST, timezone.now() - timedelta(days=value))
        return column(name)(user, operator, value)

    values = dict.fromkeys(_ORDER, TypeAdapter(_WHEN)) | {Operator.WITHIN: TypeAdapter(_DAYS)}
    return Field(values, ask)


def _name(length: int) -> Any:
    named = Annotated[Tidy, Bound(min_length=1, max_length=length)]
    return Annotated[named, AfterValidator(folded_name)]


def _tagged(kind: Tag.Kind) -> Field:
    def ask(_: User, operator: Operator, value: Any) -> Q:
        names = value if operator is Operator.IN else [value]
        given = Tagging.objects.filter(series=OuterRef("pk"), tag__kind=kind, tag__folded__in=names)
        return Q(Exists(given))

    return choice(_name(TAG), ask)


def _credited(_: User, operator: Operator, value: Any) -> Q:
    names = value if operator is Operator.IN else [value]
    return Q(Exists(Credit.objects.filter(series=OuterRef("pk"), person__folded__in=names)))


def _titled(_: User, __: Operator, value: str) -> Q:
    asked = Q()
    for word in value.split()[:10]:
        asked &= Q(title__icontains=word)
    return asked


def _covered(_: User, operator: Operator, value: Any) -> Q:
    asked = Q(pk__in=[])
    for has_one in value if operator is Operator.IN else [value]:
        asked |= Q(cover__isnull=not has_one)
    return asked


def _locks(_: User, operator: Operator, value: Any) -> Q:
    """How many fields only people change."""
    lookup = "exact" if operator is Operator.IS else operator.value
    return Q(**{f"locks__len__{lookup}": value})


_WORDS = Annotated[Tidy, Bound(min_length=1, max_length=200)]

FIELDS: Mapping[str, Field] = {
    "title": Field({Operator.CONTAINS: TypeAdapter(_WORDS)}, _titled),
    "library": choice(UUID, column("library")),
    "genre": _tagged(Tag.Kind.GENRE),
    "tag": _tagged(Tag.Kind.TAG),
    "person": choice(_name(PERSON), _credited),
    "status": choice(text(20), column("status")),
    "language": choice(text(20), column("language")),
    "content_rating": ordered(Rating, column("content_rating")),
    "year": ordered(Annotated[int, Bound(ge=1, le=9999)], column("year"), or_none=True),
    "chapters": count(column("chapter_count")),
    "volumes": count(column("volume_count")),
    "pages": count(column("page_count")),
    "missing": count(column("missing_count")),
    "gaps": count(column("gap_count")),
    "duplicates": count(column("duplicate_count")),
    "match": choice(MatchState, column("match_state")),
    "score": ordered(Annotated[int, Bound(ge=0, le=100)], column("match_score"), or_none=True),
    "problems": count(column("problem_count")),
    "cover": choice(bool, _covered),
    "locks": count(_locks),
    "demographic": choice(text(10), column("demographic")),
    "direction": choice(text(10), column("direction")),
    "added": _moment("last_added"),
    "created": _moment("created"),
    "updated": _moment("updated"),
}

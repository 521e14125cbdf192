"""The language of filters: conditions on fields, joined by and, or and not.

    {"and": [
        {"field": "genre", "value": "Drama"},
        {"not": {"field": "year", "op": "lt", "value": 2000}},
        {"or": [{"field": "status", "op": "in", "value": ["ongoing", "hiatus"]}, …]}
    ]}

Which fields there are, and which values they take, is not decided here.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, TypeAdapter, ValidationError

from kiremisu.lib.errors import FieldError, Invalid

# The most letters of a filter, conditions in it, levels of and, or and not, and values of one `in`.
LETTERS, CONDITIONS, DEPTH, VALUES = 8000, 50, 10, 50

type Value = str | int | float | bool | None


class Operator(StrEnum):
    """How a field is compared with a value. `within`: so many days ago at most."""

    IS = "is"
    IN = "in"
    CONTAINS = "contains"
    LESS = "lt"
    AT_MOST = "lte"
    MORE = "gt"
    AT_LEAST = "gte"
    WITHIN = "within"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", serialize_by_alias=True, frozen=True)


class Condition(_Part):
    """What a field has to be."""

    field: Annotated[str, Field(max_length=50)]
    op: Operator = Operator.IS
    value: Value | Annotated[tuple[Value, ...], Field(min_length=1, max_length=VALUES)]


class And(_Part):
    """All of these."""

    parts: tuple["Node", ...] = Field(alias="and", min_length=1)


class Or(_Part):
    """At least one of these."""

    parts: tuple["Node", ...] = Field(alias="or", min_length=1)


class Not(_Part):
    """What this is not."""

    part: "Node" = Field(alias="not")


_JOINING = {"and": And, "or": Or, "not": Not}


def _kind(value: Any) -> str:
    """Which part this is; marked, to be told from the names in the place of an error."""
    for word, part in _JOINING.items():
        if isinstance(value, part) or (isinstance(value, dict) and word in value):
            return f"~{word}"
    return "~condition"


type Node = Annotated[
    Annotated[And, Tag("~and")]
    | Annotated[Or, Tag("~or")]
    | Annotated[Not, Tag("~not")]
    | Annotated[Condition, Tag("~condition")],
    Discriminator(_kind),
]

_NODE: TypeAdapter[And | Or | Not | Condition] = TypeAdapter(Node)


def read(raw: object, place: str = "filter") -> And | Or | Not | Condition:
    """The tree that decoded JSON says. Raises Invalid, naming the place of all that is wrong
    below `place`."""
    _check_size(raw, place)
    try:
        return _NODE.validate_python(raw)
    except ValidationError as error:
        wrong = tuple(
            FieldError(_place(place, one["loc"]), one["msg"], one["type"]) for one in error.errors()
        )
        raise Invalid("The filter makes no sense.", errors=wrong) from None


def placed(node: And | Or | Not | Condition, place: str) -> Iterator[tuple[Condition, str]]:
    """Every condition of a tree, and its place below `place`."""
    match node:
        case Condition():
            yield node, place
        case Not():
            yield from placed(node.part, f"{place}.not")
        case And() | Or():
            word = "and" if isinstance(node, And) else "or"
            for number, part in enumerate(node.parts):
                yield from placed(part, f"{place}.{word}.{number}")


def _place(place: str, loc: tuple[int | str, ...]) -> str:
    inside = [str(step) for step in loc if not str(step).startswith("~")]
    # Of a value that fits none of its types, the place of the value says enough.
    if "value" in inside:
        inside = inside[: inside.index("value") + 1]
    return ".".join([place, *inside])


def _check_size(raw: object, place: str) -> None:
    """Before anything walks down it, level by level."""
    level, found = [raw], 0
    for _ in range(DEPTH):
        inside: list[object] = []
        for part in level:
            if isinstance(part, dict):
                found += "field" in part
                for word in _JOINING.keys() & part.keys():
                    below = part[word]
                    inside += below if isinstance(below, list) else [below]
        if found > CONDITIONS or len(inside) > CONDITIONS:
            raise _too_large(place, f"A filter has at most {CONDITIONS} conditions.")
        level = inside
        if not level:
            return
    raise _too_large(place, f"A filter has at most {DEPTH} levels.")


def _too_large(place: str, sentence: str) -> Invalid:
    return Invalid(sentence, errors=(FieldError(place, sentence, "too_long"),))

"""By what long lists are ordered, so that each row has its place and an index leads there."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, override
from uuid import UUID

from django.db.models import BigIntegerField, BooleanField, F, Func, Value
from pydantic import Field, TypeAdapter

from kiremisu.lib.schemas import Instant


@dataclass(frozen=True, slots=True)
class Key:
    """A column or annotation to order by, and the type of its values. Only the first key of an
    order may be null; rows where it is come last, either way."""

    name: str
    type: TypeAdapter[Any]
    is_nullable: bool = False


def text(name: str) -> Key:
    # PostgreSQL knows no NUL in texts.
    return Key(name, TypeAdapter(Annotated[str, Field(max_length=5000, pattern=r"^[^\x00]*$")]))


def whole(name: str, *, is_nullable: bool = False) -> Key:
    """A whole number."""
    return Key(name, TypeAdapter(Annotated[int, Field(ge=-(2**63), lt=2**63)]), is_nullable)


def number(name: str) -> Key:
    return Key(name, TypeAdapter(Annotated[Decimal, Field(ge=-(10**12), le=10**12)]))


def moment(name: str, *, is_nullable: bool = False) -> Key:
    return Key(name, TypeAdapter(Instant), is_nullable)


def flag(name: str) -> Key:
    return Key(name, TypeAdapter(bool))


ID = Key("id", TypeAdapter(UUID))


@dataclass(frozen=True, slots=True)
class Order:
    """By which keys, all of them up or all down; no two rows have the same. `seed`: what makes
    one of several orders of that name."""

    name: str
    keys: tuple[Key, ...]
    is_down: bool = False
    seed: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(key.name for key in self.keys)

    @property
    def sign(self) -> str:
        """What is true of the keys of a row that comes later."""
        return "<" if self.is_down else ">"

    @property
    def columns(self) -> tuple[str, ...]:
        """As `order_by` takes them."""
        return tuple(f"-{name}" if self.is_down else name for name in self.names)


def _value(value: Any) -> Value:
    # A whole number without a field goes to the database in 32 bits, whatever is lost.
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return Value(value, BigIntegerField() if is_whole else None)


class Beyond(Func):
    """Compared as one row, which an index over the keys answers: (a, b) > (x, y)."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, names: Sequence[str], values: Sequence[Any], sign: str) -> None:
        self.sign = sign
        super().__init__(*map(F, names), *map(_value, values))

    @override
    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, Any]:
        told = [compiler.compile(part) for part in self.get_source_expressions()]
        half = len(told) // 2
        left, right = (", ".join(sql for sql, _ in side) for side in (told[:half], told[half:]))
        return f"({left}) {self.sign} ({right})", tuple(v for _, some in told for v in some)

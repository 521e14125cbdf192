"""Long lists that go on from a row instead of counting pages: the thousandth costs what the
first does, and nothing is shown twice when something is added before it.

A cursor names an order and the row at the edge of a page by its keys, and whether to go on from
there or back. It says nothing that the row did not.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Annotated, Any, Literal

import orjson
from django.db.models import QuerySet
from pydantic import Field, TypeAdapter, ValidationError, model_validator

from kiremisu.lib.errors import FieldError, Invalid
from kiremisu.lib.orders import Beyond, Order
from kiremisu.lib.queries import by_ids
from kiremisu.lib.schemas import Page, Paging

LENGTH = 8000

type Row = dict[str, Any]
type Part = tuple[QuerySet[Any], Order]
Way = Literal["on", "back"]


class Deep(Paging):
    """Which part of a long list: a page by its number, or the one that a cursor leads to."""

    cursor: str = Field(
        "", max_length=LENGTH, description="`next_cursor` or `prev_cursor` of an answer"
    )

    @model_validator(mode="after")
    def _is_one_of_both(self) -> "Deep":
        if self.cursor and "page" in self.model_fields_set:
            raise ValueError("a page or a cursor, not both")
        return self


class DeepPage[T](Page[T]):
    """A part of a long list; the cursors lead to the parts after and before it, if any."""

    next_cursor: str | None
    prev_cursor: str | None


@dataclass(frozen=True, slots=True)
class Walked:
    """Rows of one part, as `values()` gives them, and what leads to its neighbours."""

    rows: list[Row]
    page: int
    next_cursor: str | None
    prev_cursor: str | None

    @property
    def is_all(self) -> bool:
        """Nothing comes before these rows, and nothing after."""
        return self.page == 1 and self.next_cursor is None and self.prev_cursor is None

    def answer(self, items: Sequence[Any], total: int, wanted: Paging) -> dict[str, Any]:
        """The answer as `DeepPage` says it."""
        return {
            "items": items,
            "total": total,
            "page": self.page,
            "per_page": wanted.per_page,
            "has_next": self.next_cursor is not None,
            "has_prev": self.page > 1,
            "next_cursor": self.next_cursor,
            "prev_cursor": self.prev_cursor,
        }


_CURSOR: TypeAdapter[tuple[str, str, Way, int, list[Any]]] = TypeAdapter(
    tuple[
        Annotated[str, Field(max_length=50)],
        Annotated[str, Field(max_length=50)],
        Way,
        Annotated[int, Field(ge=1, le=2**31)],
        list[Any],
    ]
)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where to go on, read from its text. `values` are those of the keys, not looked at yet."""

    name: str
    seed: str
    way: Way
    page: int
    values: list[Any]

    def __str__(self) -> str:
        told = orjson.dumps([self.name, self.seed, self.way, self.page, self.values], default=str)
        return urlsafe_b64encode(told).rstrip(b"=").decode()


def cursor(text: str) -> Cursor:
    """What a cursor says. Raises Invalid."""
    try:
        told = urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
        return Cursor(*_CURSOR.validate_python(orjson.loads(told)))
    except (NotBase64, ValueError, ValidationError):
        raise _stale() from None


def walk(
    found: QuerySet[Any] | Sequence[QuerySet[Any]],
    order: Order,
    wanted: Deep,
    *columns: str,
    keys_first: bool = False,
    total: int = 0,
) -> Walked:
    """The rows of the part that is wanted, with these columns. One query; more where the rows
    without a first key begin. Raises Invalid for a cursor that is none, or of another order.

    `found` may come in several querysets that share no row, each with the order's keys (none of
    them null). With `keys_first` the columns are asked for once it is known for which rows,
    which is quicker where many rows are looked at for few. With `total`, how many there are, pages
    of the second half are counted from the end.
    """
    several = found if isinstance(found, Sequence) else [found]
    keys_first = keys_first or len(several) > 1
    asked = [] if keys_first else columns
    rows = [some.values(*dict.fromkeys([*asked, *order.names])) for some in several]
    walked = _walked(rows, order, wanted, total)
    if keys_first and not {*columns} <= {*order.names}:
        ids = [row["id"] for row in walked.rows]
        known = by_ids(several[0].model, ids, *columns)
        return replace(walked, rows=[known[key] for key in ids if key in known])
    for name in set(order.names) - {*columns}:
        for row in walked.rows:
            del row[name]
    return walked


def _walked(several: Sequence[QuerySet[Any]], order: Order, wanted: Deep, total: int) -> Walked:
    most, way = wanted.per_page + 1, order
    if not wanted.cursor:
        start = wanted.bounds.start
        if len(several) == 1 and total < 2 * start < 2 * total:
            most = min(most, total - start)
            rows = _from(_back_parts(several[0], order), total - start - most, most)[::-1]
            return _on(rows, order, wanted, wanted.page)
        if len(several) == 1:
            rows = _from(_parts(several[0], order), start, most)
            return _on(rows, order, wanted, wanted.page)
        got = [_from(_parts(rows, order), 0, start + most) for rows in several]
        return _on(_merged(got, order)[start : start + most], order, wanted, wanted.page)
    at = cursor(wanted.cursor)
    values, is_back = _checked(at, order), at.way == "back"
    got = [_beyond(rows, order, values, most, is_back=is_back) for rows in several]
    if is_back:
        way = replace(order, is_down=not order.is_down)
    nearest = _merged(got, way)[:most] if len(got) > 1 else got[0]
    return (_back if is_back else _on)(nearest, order, wanted, at.page)


def _merged(several: Iterable[list[Row]], order: Order) -> list[Row]:
    return sorted(
        chain.from_iterable(several),
        key=lambda row: [row[name] for name in order.names],
        reverse=order.is_down,
    )


def _on(rows: list[Row], order: Order, wanted: Deep, page: int) -> Walked:
    shown = rows[: wanted.per_page]
    on = _edge(order, shown[-1], "on", page + 1) if len(rows) > len(shown) else None
    back = _edge(order, shown[0], "back", page - 1) if page > 1 and shown else None
    return Walked(shown, page, on, back)


def _back(rows: list[Row], order: Order, wanted: Deep, page: int) -> Walked:
    shown = rows[: wanted.per_page][::-1]
    has_more = len(rows) > len(shown)
    # Who has gone back to the beginning is on the first page, whatever came in between.
    page = max(page, 2) if has_more else 1
    on = _edge(order, shown[-1], "on", page + 1) if shown else None
    return Walked(shown, page, on, _edge(order, shown[0], "back", page - 1) if has_more else None)


def _edge(order: Order, row: Row, way: Way, page: int) -> str:
    values = [row[name] for name in order.names]
    return str(Cursor(order.name, order.seed, way, max(1, page), values))


def _parts(rows: QuerySet[Any], order: Order) -> list[Part]:
    """The rows that have a first key, then those that lack it, each with its order: so both are
    read along an index, from wherever one goes on."""
    first, *others = order.keys
    if not first.is_nullable:
        return [(rows, order)]
    lacking = rows.filter(**{f"{first.name}__isnull": True})
    having = rows.filter(**{f"{first.name}__isnull": False})
    return [(having, order), (lacking, replace(order, keys=tuple(others)))]


def _back_parts(rows: QuerySet[Any], order: Order) -> list[Part]:
    """The same from the end on."""
    return [
        (part, replace(by, is_down=not by.is_down)) for part, by in reversed(_parts(rows, order))
    ]


def _from(parts: Iterable[Part], start: int, most: int) -> list[Row]:
    """So many rows, from a number on."""
    got: list[Row] = []
    for part, by in parts:
        some = list(part.order_by(*by.columns)[start : start + most - len(got)])
        got += some
        if len(got) == most:
            break
        start = 0 if some or not start else max(0, start - part.count())
    return got


def _beyond(
    rows: QuerySet[Any], order: Order, values: list[Any], most: int, *, is_back: bool = False
) -> list[Row]:
    """So many rows after the one with these keys, or before it, the nearest first."""
    parts = _back_parts(rows, order) if is_back else _parts(rows, order)
    is_lacking = len(parts) > 1 and values[0] is None
    place = int(is_lacking != (is_back and len(parts) > 1))
    part, by = parts[place]
    parts[place] = part.filter(Beyond(by.names, values[-len(by.keys) :], by.sign)), by
    got: list[Row] = []
    for part, by in parts[place:]:
        if len(got) < most:
            got += part.order_by(*by.columns)[: most - len(got)]
    return got


def _checked(at: Cursor, order: Order) -> list[Any]:
    """The values of a cursor as the keys of its order have them."""
    if at.name != order.name or at.seed != order.seed or len(at.values) != len(order.keys):
        raise _stale()
    try:
        return [
            None if value is None and key.is_nullable else key.type.validate_python(value)
            for key, value in zip(order.keys, at.values, strict=True)
        ]
    except ValidationError:
        raise _stale() from None


def _stale() -> Invalid:
    wrong = FieldError("cursor", "Take one from an answer to the same question.", "bad_cursor")
    return Invalid("This is no cursor of this list.", errors=(wrong,))

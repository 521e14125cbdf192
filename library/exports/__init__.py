"""Everything there is, as lines that come one after the other: JSON, or cells of a table.

Rows are asked for in parts, each after the last id of the one before: an export of a million
rows starts at once, needs no more memory than one of a thousand, and holds no transaction open.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import Any, Literal
from uuid import UUID

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from kiremisu.lib.schemas import to_json

Row = dict[str, Any]
Form = Literal["jsonl", "csv"]
# Rows asked for at once.
PART = 1000
MEDIA_TYPES = {"jsonl": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}
# How the API's description tells such an answer.
DESCRIBED = {
    "responses": {
        200: {
            "content": {
                "application/x-ndjson": {
                    "schema": {"type": "string", "description": "A JSON object a line"},
                    "example": '{"id":"019a4c1e-8f3b-7d20-9c55-3e1f60a7b842","page":12}\n',
                },
                "text/csv": {
                    "schema": {"type": "string", "description": "A line of names, then a row each"},
                    "example": "id,page\r\n019a4c1e-8f3b-7d20-9c55-3e1f60a7b842,12\r\n",
                },
            }
        }
    }
}
# A cell that begins so is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def parts(found: QuerySet[Any], columns: tuple[str, ...], size: int = PART) -> Iterator[list[Row]]:
    """All rows of a queryset with these columns ("id" among them), by id, so many at a time."""
    ordered = found.order_by("id")
    last: UUID | None = None
    while True:
        after = ordered if last is None else ordered.filter(id__gt=last)
        rows = list(after.values(*columns)[:size])
        if rows:
            yield rows
        if len(rows) < size:
            return
        last = rows[-1]["id"]


def streamed(
    name: str, form: Form, columns: Iterable[str], found: Iterator[list[Row]]
) -> StreamingHttpResponse:
    """The answer that sends these rows under a file's name."""
    write: Callable[[list[Row]], bytes] = _lines if form == "jsonl" else _cells
    body: Iterator[bytes] = (write(rows) for rows in found)
    if form == "csv":
        body = chain([_cells([{column: column for column in columns}])], body)
    return StreamingHttpResponse(
        body,
        content_type=MEDIA_TYPES[form],
        headers={
            "Content-Disposition": f'attachment; filename="{name}.{form}"',
            "Cache-Control": "no-store",
        },
    )


def _lines(rows: list[Row]) -> bytes:
    return b"".join(to_json(row) + b"\n" for row in rows)


def _cells(rows: list[Row]) -> bytes:
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerows([_cell(value) for value in row.values()] for row in rows)
    return lines.getvalue().encode()


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value

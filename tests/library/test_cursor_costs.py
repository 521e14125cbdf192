"""The thousandth page of a list costs what the first does, counted in what is read for it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kiremisu.accounts.models import User
from library.models import Series
from tests.asking import Asker
from tests.factories import make_library, make_series

PAGE, ROWS = 20, 21_000
START = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def many(bob: User) -> list[UUID]:
    """A thousand pages of series and some, by their ids: copies of one that the database makes."""
    first = make_series(make_library(), "Title 000000")
    told = {
        "id": "lpad(to_hex(n + 1), 32, '0')::uuid",
        "key": "'key ' || lpad(n::text, 6, '0')",
        "title": "'Title ' || lpad(n::text, 6, '0')",
        "sort_title": "'title ' || lpad(n::text, 6, '0')",
        "last_added": "%(start)s + n * interval '1 minute'",
    }
    columns = [field.column for field in Series._meta.concrete_fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO library_series ({', '.join(columns)})"
            f" SELECT {', '.join(told.get(column, column) for column in columns)}"
            " FROM library_series, generate_series(0, %(rows)s - 1) n WHERE id = %(first)s",
            {"start": START, "rows": ROWS, "first": first.pk},
        )
        first.delete()
        cursor.execute("ANALYZE library_series")
    return [UUID(int=number + 1) for number in range(ROWS)]


def blocks(query: str) -> int:
    """What PostgreSQL reads, in blocks, to answer it once more."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}")
        plan: dict[str, Any] = cursor.fetchone()[0][0]["Plan"]
    return int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])


def cost(user: User, **wanted: Any) -> tuple[dict[str, Any], int]:
    """A page, and the blocks read for its rows (the total is asked for beside, and kept)."""
    with CaptureQueriesContext(connection) as asked:
        told = Asker(user).get("series", per_page=PAGE, **wanted)
    rows = [
        each["sql"]
        for each in asked
        if 'FROM "library_series"' in each["sql"] and "ORDER BY" in each["sql"]
    ]
    assert rows
    return told, sum(blocks(query) for query in rows)


@pytest.mark.parametrize("sort", ["title", "-added"])
def test_page_a_thousand_costs_what_page_one_does_and_goes_both_ways(
    bob: User, many: list[UUID], sort: str
) -> None:
    order = [str(one) for one in (many[::-1] if sort.startswith("-") else many)]
    _, least = cost(bob, sort=sort)
    before, _ = cost(bob, sort=sort, page=999)
    deep, on = cost(bob, sort=sort, cursor=before["next_cursor"])
    again, back = cost(bob, sort=sort, cursor=deep["prev_cursor"])
    assert [row["id"] for row in deep["items"]] == order[PAGE * 999 : PAGE * 1000]
    assert [row["id"] for row in again["items"]] == order[PAGE * 998 : PAGE * 999]
    assert max(on, back) <= 1.5 * least, (least, on, back)
    # By number it is the middle that costs; the end is counted from there, and where the first
    # key may be missing, those without it are asked for before.
    middle, last = (cost(bob, sort=sort, page=page)[1] for page in (525, ROWS // PAGE))
    assert last <= 3 * least < middle, (least, last, middle)

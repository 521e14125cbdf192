"""What all querysets of ours have in common."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, override
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import In

from kiremisu.lib.threads import in_thread


class Rows[M: models.Model](models.QuerySet[M]):
    """A queryset whose `aget` goes through the one door: Django's own costs ten times as much
    on a seat, where no thread has to be crossed."""

    @override
    async def aget(self, *args: Any, **kwargs: Any) -> M:
        return await in_thread(self.get, *args, **kwargs)


def inside(rows: models.QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
    """What chooses these rows, without an order, to stand inside a statement of one's own, and
    the values that go beside it."""
    statement, values = rows.order_by().query.sql_with_params()
    return statement, tuple(values)


class _Written(NamedTuple):
    """A statement that takes one list of ids, its columns' names, and by their places the
    converters of what the database gives."""

    statement: str
    names: tuple[str, ...]
    converters: dict[int, tuple[Iterable[Any], Any]]


def by_ids(
    model: type[models.Model], ids: Sequence[UUID], *columns: str
) -> dict[UUID, dict[str, Any]]:
    """Rows by their ids with these columns, as `values()` gives them. Lists ask so for each page:
    Django writes the statement once, which takes it as long as reading the rows does."""
    written = _written(model, columns)
    with connection.cursor() as cursor:
        cursor.execute(written.statement, [list(ids)])
        rows = [list(row) for row in cursor.fetchall()]
    for place, (converters, column) in written.converters.items():
        for convert in converters:
            for row in rows:
                row[place] = convert(row[place], column, connection)
    return {row[0]: dict(zip(written.names[1:], row[1:], strict=True)) for row in rows}


@lru_cache(maxsize=100)
def _written(model: type[models.Model], columns: tuple[str, ...]) -> _Written:
    one = model._default_manager.filter(pk__in=[UUID(int=0)]).order_by().values_list("pk", *columns)
    compiler = one.query.get_compiler(DEFAULT_DB_ALIAS)
    statement, _ = compiler.as_sql()
    converters = compiler.get_converters([column for column, *_ in compiler.select])
    return _Written(statement, ("pk", *columns), converters)


@models.UUIDField.register_lookup
class Among(In):
    """Whether an id is one of some, which go beside the statement as one list.

    PostgreSQL takes 65,535 values beside one, fewer than a large library has series; and a
    statement that is the same for any number of ids is planned once.
    """

    @override
    def process_rhs(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        ids = list(dict.fromkeys(self.rhs)) if self.rhs_is_direct_value() else []
        if not ids or not all(isinstance(one, UUID) for one in ids):
            told: tuple[str, Any] = super().process_rhs(compiler, connection)
            return told
        return "%s", [ids]

    @override
    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        # All others stand in brackets.
        return f"= ANY({rhs})" if rhs == "%s" else super().get_rhs_op(connection, rhs)


@models.ForeignKey.register_lookup
class RelatedAmong(Among, RelatedIn):
    """Whether the row that is pointed at is one of some."""


class Found(models.Func):
    """Whether a row is one of those that a question finds, which is answered once and before:
    else, where rows are wanted in an order, all may be walked through for the few that fit."""

    output_field = models.BooleanField()
    conditional = True

    def __init__(self, rows: models.QuerySet[Any, Any]) -> None:
        super().__init__(models.F("pk"), ArraySubquery(rows.order_by().values("pk")))

    @override
    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, Any]:
        (column, some), (ids, more) = map(compiler.compile, self.get_source_expressions())
        return f"{column} = ANY({ids})", (*some, *more)

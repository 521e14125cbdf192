"""Sending many rows at once, past the ORM: PostgreSQL's COPY."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model


class Table:
    """The columns of a model that rows are given for; all others get their defaults."""

    def __init__(self, model: type[Model], *names: str) -> None:
        fields = {field.attname: field for field in model._meta.concrete_fields}
        rest = [field for name, field in fields.items() if name not in names]
        self._rest = [field for field in rest if not (field.null and not field.has_default())]
        columns = [fields[name].column for name in names]
        columns += [field.column for field in self._rest]
        listed = ", ".join(f'"{column}"' for column in columns)
        self._statement = f'COPY "{model._meta.db_table}" ({listed}) FROM STDIN'

    def copy(self, rows: Iterable[Sequence[Any]]) -> None:
        """Insert these rows, within the caller's transaction."""
        rest = tuple(
            field.get_db_prep_save(field.get_default(), connection) for field in self._rest
        )
        with connection.cursor() as cursor, cursor.copy(self._statement) as copy:
            for row in rows:
                copy.write_row((*row, *rest))

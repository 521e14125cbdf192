"""The end of a transaction test: its rows are taken away, a dozen times faster than Django does.

Django truncates every table there is and fills some of them again. Most were never touched.
"""

from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection, transaction
from django.test import TransactionTestCase
from psycopg.errors import LockNotAvailable

from kiremisu.accounts.models import AuditEntry

# What migrations leave behind.
_KEPT = {"django_migrations", "django_content_type", "auth_permission"}
# Nothing may be deleted from it.
_ONLY_GROWS = AuditEntry._meta.db_table
# A server may still read: after this long, far under `deadlock_timeout`, we give way to it.
_PATIENCE = "200ms"
_TRIES = 300


@pytest.fixture(scope="session", autouse=True)
def what_tests_leave_is_soon_gone() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: empty_at_last())
        yield


def empty_at_last() -> None:
    for left in reversed(range(_TRIES)):
        try:
            _empty()
        except OperationalError as error:
            if not left or not isinstance(error.__cause__, LockNotAvailable):
                raise
        else:
            break


@transaction.atomic
def _empty() -> None:
    tables = sorted({*connection.introspection.django_table_names(only_existing=True)} - _KEPT)
    with connection.cursor() as cursor:
        # As before TRUNCATE: what a server still writes is waited for, and taken away too.
        # A statement of its takes its tables in another order than we do: were we to wait
        # for ever, the two could wait for each other.
        cursor.execute(f"SET LOCAL lock_timeout = '{_PATIENCE}'")
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
        some = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in tables)
        cursor.execute(" UNION ALL ".join(some))
        left = {name for (name,) in cursor.fetchall()}
        if _ONLY_GROWS in left:
            cursor.execute(f"TRUNCATE {_ONLY_GROWS}")
        for name in left - {_ONLY_GROWS}:
            cursor.execute(f"DELETE FROM {name}")

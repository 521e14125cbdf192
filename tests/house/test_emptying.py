"""Two that want the same tables in another order do not end a test with a deadlock."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connection

from kiremisu.accounts.models import User
from tests.emptying import empty_at_last
from tests.live import database_url

pytestmark = pytest.mark.django_db(transaction=True)


def _emptied() -> None:
    try:
        empty_at_last()
    finally:
        connection.close()


def test_the_emptying_gives_way_to_who_still_reads(bob: User) -> None:
    with ThreadPoolExecutor(1) as pool, psycopg.connect(database_url()) as reader:
        reader.execute("SET lock_timeout = '60s'")
        reader.execute("SELECT 1 FROM reader_progress")
        emptying = pool.submit(_emptied)
        _wait_until_it_holds(reader, "accounts_user")
        reader.execute("SELECT 1 FROM accounts_user")
        reader.commit()
        emptying.result()
    assert not User.objects.exists()


def _wait_until_it_holds(reader: psycopg.Connection, table: str) -> None:
    held = "SELECT 1 FROM pg_locks WHERE relation = %s::regclass AND granted AND mode LIKE %s"
    while not reader.execute(held, [table, "AccessExclusive%"]).fetchone():
        pass

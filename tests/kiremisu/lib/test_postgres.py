"""Whether a connection to the database still works."""

import psycopg
import pytest
from django.db import DatabaseError, connection, connections

pytestmark = pytest.mark.django_db(transaction=True)


def end_by_server() -> None:
    """Have the server end our connection, and wait until word of it has come."""
    pid = connection.connection.info.backend_pid
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
    finally:
        other.close()


def test_a_connection_that_works_is_not_asked() -> None:
    connection.ensure_connection()
    asked = []
    connection.connection.execute = lambda *_: asked.append(1)
    try:
        assert connection.is_usable()
    finally:
        connection.close()
    assert not asked


def test_a_connection_that_the_server_ended_is_seen() -> None:
    connection.ensure_connection()
    end_by_server()
    assert not connection.is_usable()
    connection.close()


def test_after_an_error_the_server_is_asked() -> None:
    connection.ensure_connection()
    end_by_server()
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert connection.errors_occurred
    assert not connection.is_usable()
    connection.close()


def test_a_closed_connection_is_not_usable() -> None:
    connection.ensure_connection()
    connection.connection.close()
    assert not connection.is_usable()
    connection.close()


def test_the_next_request_connects_anew() -> None:
    connection.ensure_connection()
    connection.health_check_enabled = True  # type: ignore[attr-defined] # the stubs forget it
    end_by_server()
    connection.close_if_unusable_or_obsolete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert isinstance(connection.connection, psycopg.Connection)
        assert cursor.fetchone() == (1,)

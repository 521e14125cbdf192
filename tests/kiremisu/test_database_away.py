"""A database that went away: who asks is told to come again, and the next request connects anew."""

import http.client
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client

from kiremisu.accounts.models import User
from reader.models import Progress
from tests.asking import ROOT
from tests.factories import make_chapter, make_library, make_series

QUERY = "SELECT secret FROM hoard"
END_ALL = """
    SELECT count(pg_terminate_backend(pid, 60000)) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def away(*_: object, **__: object) -> None:
    raise OperationalError(QUERY)


@pytest.mark.quick
@pytest.mark.parametrize("path", [f"{ROOT}/series", "/library"])
def test_who_asks_is_told_to_come_again(
    path: str, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    with monkeypatch.context() as patched:
        patched.setattr("django.db.backends.utils.CursorWrapper._execute", away)
        answer = client.get(path)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert QUERY not in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_each_request_connects_anew_after_the_database_ended_all(live: str, alice: User) -> None:
    client = Client()
    client.force_login(alice)
    cookie = {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}
    with closing(http.client.HTTPConnection(urlsplit(live).netloc, timeout=60)) as line:
        for _ in range(3):
            with connection.cursor() as cursor:
                cursor.execute(END_ALL)
            line.request("GET", f"{ROOT}/me", headers=cookie)
            answer = line.getresponse()
            assert (answer.status, bool(answer.read())) == (200, True)


class Cut:
    """Has the server end the connection before the statement of this number."""

    def __init__(self, at: int) -> None:
        self.at, self.seen = at, 0

    def __call__(self, execute: Callable[..., Any], *asked: Any) -> Any:
        self.seen += 1
        if self.seen == self.at:
            with suppress(psycopg.Error):
                connection.connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return execute(*asked)


@pytest.mark.django_db(transaction=True)
def test_whichever_statement_it_goes_at_a_place_is_stored_or_refused(alice: User) -> None:
    chapter = make_chapter(make_series(make_library()))
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    path, told = f"{ROOT}/chapters/{chapter.pk}/progress", list[int]()
    cut = Cut(0)
    while cut.seen >= cut.at:
        cut = Cut(cut.at + 1)
        with connection.execute_wrapper(cut):
            answer = client.put(path, {"page": 3}, content_type="application/json")
        told.append(answer.status_code)
        connection.close()
        assert Progress.objects.exists() == (answer.status_code == 200)
    assert set(told) == {200, 503}
    assert len(told) > 5

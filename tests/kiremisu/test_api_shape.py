"""What all operations of the API have in common."""

import pytest
from django.conf import LazySettings
from django.test import Client

from kiremisu.accounts.models import User
from kiremisu.api import api
from library.models import Library
from tests.asking import ROOT, Asker
from tests.factories import make_series
from tests.operations import declared

pytestmark = pytest.mark.quick


@pytest.mark.parametrize("path", ["", "nothing/here", "series/not-a-uuid", "libraries/"])
def test_an_unknown_path_is_a_problem(alice: User, path: str) -> None:
    assert Asker(alice).get(path, 404)["code"] == "not_found"


def test_without_credentials_nothing_is_told(db: None) -> None:
    answer = Client().get(f"{ROOT}/series")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_the_wrong_method_is_a_problem_that_says_the_right_ones(alice: User) -> None:
    asker = Asker(alice)
    assert asker.delete("server", 405)["code"] == "method_not_allowed"
    assert asker.client.delete(f"{ROOT}/server")["Allow"] == "GET"


def test_a_body_that_is_no_json_is_unreadable(alice: User) -> None:
    answer = Asker(alice).client.patch(f"{ROOT}/me", "{", "application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "refused")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "text/json"])
def test_a_body_of_another_kind_is_not_supported(alice: User, kind: str) -> None:
    answer = Asker(alice).client.patch(f"{ROOT}/me", "{}", kind)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported")


@pytest.mark.parametrize(("size", "status"), [(1 << 20, 422), ((1 << 20) + 1, 413)])
def test_a_body_may_have_one_mebibyte(alice: User, size: int, status: int) -> None:
    body = b'{"title": "%s"}' % (b"x" * (size - 13))
    assert len(body) == size
    answer = Asker(alice).client.patch(f"{ROOT}/me", body, "application/json")
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"page": 0}, "page"),
        ({"page": "x"}, "page"),
        ({"per_page": 0}, "per_page"),
        ({"per_page": 101}, "per_page"),
        ({"sort": "colour"}, "sort"),
        ({"library": "x"}, "library.0"),
    ],
)
def test_a_wrong_parameter_is_named(alice: User, query: dict[str, object], field: str) -> None:
    told = Asker(alice).get("series", 422, **query)
    assert told["code"] == "invalid"
    assert [error["field"] for error in told["errors"]] == [field]


@pytest.mark.parametrize("path", ["jobs?kind=a%00b", "series?search=%00", "series?status=%00"])
def test_text_that_cannot_be_stored_finds_nothing(alice: User, path: str) -> None:
    assert Asker(alice).get(path)["items"] == []


@pytest.mark.parametrize("tags", [[[]], [{}], [1], [None], {}, "x"])
def test_what_is_no_text_is_refused_where_text_belongs(
    alice: User, private: Library, tags: object
) -> None:
    Asker(alice).patch(f"series/{make_series(private).pk}", {"tags": tags}, 422)


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("4808-06-06T06:26:58+23:54", 200),
        ("0001-01-01T00:00:00+14:00", 422),
        ("9999-12-31T23:59:59-14:00", 422),
        ("2026-03-14T19:40:01", 422),
    ],
)
def test_times_may_be_anywhere_in_the_calendar(alice: User, since: str, status: int) -> None:
    Asker(alice).get("notes", status, since=since)


def test_our_own_fault_tells_nothing_but_where_to_look(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr("library.browsing.series", broken)
    told = Asker(alice).get("series", 500)
    assert told["code"] == "internal_error"
    assert "secret" not in str(told)


def test_a_host_that_is_not_ours_gets_a_problem(alice: User) -> None:
    answer = Asker(alice).client.get(f"{ROOT}/me", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_what_lies_outside_the_api_keeps_its_own_faults(db: None) -> None:
    assert Client().get("/nothing/here")["Content-Type"].startswith("text/html")


def test_the_description_names_every_operation(db: None) -> None:
    told = Client().get(f"{ROOT}/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    assert told["paths"].keys() >= {f"{ROOT}{one.plain_path}" for one in declared()}


def test_every_operation_says_what_it_does() -> None:
    for _, router in api._routers:
        for view in router.path_operations.values():
            for operation in view.operations:
                assert operation.summary != operation.view_func.__name__.title().replace("_", " ")


def test_the_documentation_is_a_page_of_ours(db: None) -> None:
    page = Client().get("/api/docs")
    assert page.status_code == 200
    assert "https://" not in page.content.decode()
    assert "'unsafe" not in page["Content-Security-Policy"]


def test_without_javascript_the_documentation_leads_to_the_description(db: None) -> None:
    page = Client().get("/api/docs").content.decode()
    told = page.partition("<noscript>")[2].partition("</noscript>")[0]
    assert f'href="{ROOT}/openapi.json"' in told


def test_errors_are_problems_in_development_too(alice: User, settings: LazySettings) -> None:
    settings.DEBUG = True
    assert Asker(alice).get("nothing", 404)["code"] == "not_found"

"""What may be said in an address: SQL, far too much of it, numbers that are none."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from kiremisu.accounts.models import User
from kiremisu.api import api
from library import titles
from library.models import Library, Series
from tests.asking import ROOT, Asker
from tests.factories import make_chapter, make_library, make_series
from tests.upstream import Upstream, serving

DOCUMENT: dict[str, Any] = api.get_openapi_schema(path_prefix="")
# Of all that only looks, counting by every facet asks most.
MOST_QUERIES = 40
# Characters that no parameter takes, and that no question to the database has.
LONGEST, LONGEST_SQL = 8192, 15_000


def kind_of(schema: dict[str, Any]) -> set[str]:
    """The types a parameter may have, its parts' types for a list."""
    kinds = [schema, *schema.get("anyOf", ()), *schema.get("allOf", ())]
    found = {each["type"] for each in kinds if "type" in each}
    return found | kind_of(schema["items"]) if "items" in schema else found


def parameters(kind: str) -> Iterator[tuple[str, str]]:
    """Every (path, name) of a GET without ids that takes such a parameter in its query."""
    for path, operations in DOCUMENT["paths"].items():
        for each in operations.get("get", {}).get("parameters", ()):
            if "{" not in path and each["in"] == "query" and kind in kind_of(each["schema"]):
                yield path, each["name"]


TEXTS = sorted(set(parameters("string")))
NUMBERS = sorted(set(parameters("integer")))

SQL = [
    "'",
    "' OR 1=1 --",
    '") OR ("a"="a',
    "'; DROP TABLE library_series; --",
    "' UNION SELECT NULL, username, password FROM accounts_user --",
    "title ASC, (SELECT 1/0)",
    "library__users__password",
    "user_metadata->>'x'",
    "%s %(x)s {0} {}",
]
HOSTILE = [
    "a" * 100_000,
    "a " * 1000,
    "salt " * 1000,
    "%_" * 90,
    "a\x00b",
    "\u202e\u2028\ufeff",
    "😀" * 90,
    "e" + "\u0301" * 190,
    "\ufdfa" * 190,
    '{"not":' * 1100,
]
# What looks for words needs one.
SEARCHES = {"/search", "/metadata/search"}
NUMBERLESS = ["0", "-1", "1000000000000", "9" * 400, "1e9", "NaN", "' OR 1=1"]


@pytest.fixture(scope="module")
def world() -> Iterator[Upstream]:
    """The other server that is asked, for all of these."""
    with serving() as found:
        yield found


@pytest.fixture
def shelf(alice: User, settings: Settings, world: Upstream) -> Library:
    settings.MANGADEX_URL = world.url
    library = make_library()
    for title in ("Salt Road", "Low Tide Choir", "Quiet Lantern"):
        series = make_series(library, title)
        make_chapter(series, title="Salt")
        titles.keep([series.pk])
    return library


@pytest.fixture
def client(alice: User) -> Client:
    """One for all that a test asks: each loads the middleware anew."""
    return Asker(alice).client


def asked(client: Client, path: str, name: str, value: str) -> Any:
    """The answer; a needed parameter beside it is said as well."""
    told = {"q": "salt"} if path in SEARCHES else {}
    return client.get(f"{ROOT}{path}", told | {name: value})


def longest(queries: CaptureQueriesContext) -> int:
    return max((len(each["sql"]) for each in queries), default=0)


def test_there_are_parameters_to_try() -> None:
    assert ("/series", "search") in TEXTS
    assert ("/series", "filter") in TEXTS
    assert ("/series", "genre") in TEXTS
    assert ("/series", "page") in NUMBERS
    assert len(TEXTS) > 30


@pytest.mark.parametrize(("path", "name"), TEXTS)
def test_sql_in_a_parameter_is_text(client: Client, shelf: Library, path: str, name: str) -> None:
    """Refused, or looked for and not found."""
    for value in SQL:
        answer = asked(client, path, name, value)
        assert answer.status_code in {200, 404, 422}, (value, answer.content)
        if answer.status_code == 200 and name != "seed":
            told = answer.json()
            assert not told.get("items"), value
            assert not told.get("series"), value
    assert Series.objects.count() == 3
    assert User.objects.count() == 1


@pytest.mark.parametrize("place", ["field", "op", "value"])
def test_sql_inside_a_filter_is_text(client: Client, shelf: Library, place: str) -> None:
    for text in SQL:
        wanted = {"field": "title", "op": "contains", "value": "salt"} | {place: text}
        answer = asked(client, "/series", "filter", orjson.dumps(wanted).decode())
        assert answer.status_code == (200 if place == "value" else 422), (text, answer.content)
        assert not answer.json().get("items"), text


@pytest.mark.parametrize(("path", "name"), TEXTS)
def test_far_too_much_in_a_parameter_is_refused_or_costs_little(
    client: Client, shelf: Library, path: str, name: str
) -> None:
    for value in HOSTILE:
        with CaptureQueriesContext(connection) as queries:
            answer = asked(client, path, name, value)
        wanted = {422} if len(value) > LONGEST else {200, 404, 422}
        assert answer.status_code in wanted, (value[:20], answer.content)
        assert len(queries) <= MOST_QUERIES, value[:20]
        assert longest(queries) < LONGEST_SQL, value[:20]
        # What was sent does not come back a hundred thousand times over.
        assert len(answer.content) < 50_000, value[:20]


@pytest.mark.parametrize(("path", "name"), NUMBERS)
def test_a_number_that_is_none_is_refused_by_name(
    client: Client, shelf: Library, path: str, name: str
) -> None:
    for value in NUMBERLESS:
        answer = asked(client, path, name, value)
        assert answer.status_code == 422, value
        assert [wrong["field"] for wrong in answer.json()["errors"]] == [name]


@pytest.mark.parametrize(
    ("search", "title"), [("100%", "100% Cotton"), ("a_b", "a_b"), ("\\", "c\\d")]
)
def test_signs_with_a_meaning_for_sql_are_letters(alice: User, search: str, title: str) -> None:
    library = make_library()
    for each in ("100% Cotton", "1000 Cottons", "a_b", "axb", "c\\d", "cd"):
        make_series(library, each)
    (found,) = Asker(alice).get("series", search=search)["items"]
    assert found["title"] == title
    wanted = orjson.dumps({"field": "title", "op": "contains", "value": search}).decode()
    (found,) = Asker(alice).get("series", filter=wanted)["items"]
    assert found["title"] == title


PAGES = ["/library?search={}", "/library?sort={}", "/library?view={}", "/library?page={}",
         "/search?q={}", "/notes?series={}", "/notes?tag={}", "/notes?since={}", "/activity?{}",
         "/admin/library/series/?q={}", "/admin/accounts/user/?role__exact={}"]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_pages_for_people_take_it_as_calmly(alice: User, shelf: Library, page: str) -> None:
    client = Client()
    client.force_login(alice)
    path, _, query = page.partition("?")
    name = query.partition("=")[0]
    for value in [*SQL, *HOSTILE, *NUMBERLESS]:
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path, {name: value})
        assert answer.status_code in {200, 302, 400, 404}, (value[:20], answer.status_code)
        assert longest(queries) < LONGEST_SQL or path.startswith("/admin/"), value[:20]
    assert Series.objects.count() == 3

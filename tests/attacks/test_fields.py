"""What may be said in a body: nothing that was not asked for, and no address to fetch."""

from collections.abc import Iterator
from typing import Any

import pytest

from kiremisu.accounts.models import User
from kiremisu.api import api
from tests.asking import Asker
from tests.factories import make_library, make_series
from tests.house.source import modules

pytestmark = pytest.mark.quick

DOCUMENT: dict[str, Any] = api.get_openapi_schema(path_prefix="")
# What a verb of its own looks at, which refuses unknown names (tests/library/test_batches.py).
OPEN = {"BatchIn.options", "Batch.options", "BatchWanted.options"}
# Words in the name of a field that holds an address of somewhere else.
ADDRESSES = ("url", "uri", "href", "host", "address", "webhook", "endpoint", "proxy", "callback")
FETCHING = {
    "requests",
    "httpx",
    "aiohttp",
    "urllib3",
    "urllib.request",
    "http.client",
    "smtplib",
    "apprise",
}
FETCHES = {
    # Asks this machine's own server whether it is up.
    "kiremisu/management/commands/up.py",
    # The one door to other servers, which settings name, and the bounds of where it leads.
    "metadata/fetching.py",
    "metadata/addresses.py",
    # People's own channels, where they may lead.
    "metadata/notifying/outlets.py",
}
# Links that are shown to people. The server never goes there itself.
SHOWN = {"post /series: LinkIn.address", "patch /series/{series_id}: LinkIn.address"}
# What the server goes to, by the tests of those who let it: a cover must be one that the work has,
# and where people's own channels lead stands on a list.
GUARDED = {
    "post /series/{series_id}/covers: CoverWanted.url",
    "post /notifications/channels: ChannelNew.url",
    "patch /notifications/channels/{channel_id}: ChannelChange.url",
}


def taken() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every object in the body of an operation: operation, name of its schema, the schema."""
    for path, operations in DOCUMENT["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            for form in content.values():
                yield from inside(f"{method} {path}", "body", form["schema"], set())


def inside(
    who: str, name: str, schema: dict[str, Any], seen: set[str]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name in seen:
            return
        seen.add(name)
        schema = DOCUMENT["components"]["schemas"][name]
    if schema.get("type") == "object":
        yield who, name, schema
    below = [*schema.get("anyOf", ()), *schema.get("allOf", ()), *schema.get("oneOf", ())]
    below += [schema["items"]] if "items" in schema else []
    for each in below:
        yield from inside(who, name, each, seen)
    for field, each in schema.get("properties", {}).items():
        yield from inside(who, f"{name}.{field}", each, seen)


def test_no_body_takes_a_field_that_is_not_its_own() -> None:
    """So nobody makes themselves staff, or what they write somebody else's."""
    found = list(taken())
    assert len(found) > 10
    loose = {
        f"{who}: {name}"
        for who, name, schema in found
        if schema.get("additionalProperties") is not False and name not in OPEN
    }
    assert not loose


@pytest.mark.parametrize(
    "field",
    ["is_staff", "is_superuser", "user_id", "user", "role", "groups", "id", "created", "pk"],
)
def test_nobody_says_of_themselves_what_others_decide(bob: User, field: str) -> None:
    told = Asker(bob).patch("me", {"email": "b@example.org", field: "admin"}, 422)
    assert field in [wrong["field"] for wrong in told["errors"]]
    for path, body in (
        ("auth/keys", {"name": "x", "scopes": ["read"]}),
        ("auth/logout", {}),
    ):
        Asker(bob).post(path, {**body, field: "admin"}, 422)
    Asker(bob).put("me/reading", {field: "admin"}, 422)
    bob.refresh_from_db()
    assert (bob.email, bob.role, bob.is_staff, bob.is_superuser) == ("", "reader", False, False)


def test_nobody_gives_the_server_an_address_to_go_to() -> None:
    """What is taken is only shown. What shall be fetched one day goes through one guard, which
    keeps to an allow-list and looks at the address a name has: then this test names it."""
    fields = {
        f"{who}: {name}.{field}"
        for who, name, schema in taken()
        for field, each in schema.get("properties", {}).items()
        if any(word in field.lower() for word in ADDRESSES) or "uri" in each.get("format", "")
    }
    parameters = {
        f"{method} {path}: {each['name']}"
        for path, operations in DOCUMENT["paths"].items()
        for method, operation in operations.items()
        for each in operation.get("parameters", ())
        if any(word in each["name"].lower() for word in ADDRESSES)
    }
    assert fields | parameters == SHOWN | GUARDED


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", " JavaScript:alert(1)", "java\tscript:x", "data:text/html,x", "//a.b"],
)
def test_a_link_that_is_shown_leads_to_the_web_or_is_an_id(alice: User, address: str) -> None:
    series = make_series(make_library(), "Salt Road")
    links = [{"site": "raw", "address": address}]
    told = Asker(alice).patch(f"series/{series.pk}", {"links": links}, 422)
    assert [wrong["field"] for wrong in told["errors"]] == ["links.0.address"]


def test_nothing_of_ours_fetches() -> None:
    fetching = {
        module.place
        for module in modules()
        for name in module.imported()
        if any(name == known or name.startswith(f"{known}.") for known in FETCHING)
    }
    assert fetching == FETCHES

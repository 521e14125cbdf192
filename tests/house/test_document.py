"""What the API's description says of every operation, so that a newcomer needs nothing else."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from ninja.params.models import ParamModel

from kiremisu.api import api
from kiremisu.lib.problems import MEDIA_TYPE
from kiremisu.outer import ROUTES
from kiremisu.outer.described import OPERATIONS, Raw
from tests.operations import Declared, declared

pytestmark = pytest.mark.quick

DOCUMENT: dict[str, Any] = api.get_openapi_schema(path_prefix="")
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
EVERY = list(declared())


def told(one: Declared) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["paths"][one.plain_path][one.method.lower()]
    return found


def answers(one: Declared) -> Iterator[tuple[str, dict[str, Any]]]:
    """What it answers by status, references followed."""
    for status, answer in told(one)["responses"].items():
        name = answer.get("$ref", "").rpartition("/")[2]
        yield status, DOCUMENT["components"]["responses"][name] if name else answer


def loose(schema: Any, place: str, seen: tuple[str, ...] = ()) -> Iterator[str]:
    """The places of a schema where anything could stand."""
    if not isinstance(schema, dict) or not schema.keys() & KINDS:
        yield place
        return
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name not in seen:
            yield from loose(SCHEMAS[name], name, (*seen, name))
    for word in ("anyOf", "allOf", "oneOf", "prefixItems"):
        for inside in schema.get(word, []):
            yield from loose(inside, place, seen)
    if schema.get("type") == "array" and "prefixItems" not in schema:
        yield from loose(schema.get("items"), f"{place}[]", seen)
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            yield place
        for name, field in schema.get("properties", {}).items():
            yield from loose(field, f"{place}.{name}", seen)


KINDS = {"type", "$ref", "anyOf", "allOf", "oneOf", "enum", "const"}


@pytest.mark.parametrize("one", EVERY, ids=str)
def test_an_operation_says_what_it_does(one: Declared) -> None:
    said = told(one)
    assert said["summary"] != one.operation.view_func.__name__.title().replace("_", " ")
    assert said["description"].strip().endswith(".")
    assert len(said["tags"]) == 1
    assert (one.need is None) == (said["security"] == [])


@pytest.mark.parametrize("one", EVERY, ids=str)
def test_an_operation_names_what_it_answers_with(one: Declared) -> None:
    statuses = dict(answers(one))
    assert any(status[0] in "23" for status in statuses)
    wanted = {"400", "5XX"} | ({"401", "403"} if one.need else set())
    assert wanted <= statuses.keys()
    assert "default" not in statuses
    for status, answer in statuses.items():
        if status[0] in "45":
            assert answer["content"][MEDIA_TYPE]["example"]["code"], status


@pytest.mark.parametrize("one", EVERY, ids=str)
def test_nothing_stands_in_an_answer_that_is_not_described(one: Declared) -> None:
    for status, answer in answers(one):
        if status == "200":
            assert answer.get("content"), "answers something that is not said"
        for content in answer.get("content", {}).values():
            assert not list(loose(content["schema"], status))


@pytest.mark.parametrize("one", EVERY, ids=str)
def test_the_examples_are_what_they_are_examples_of(one: Declared) -> None:
    for status, model in one.operation.response_models.items():
        if model is not None and status < 400:
            example = told(one)["responses"][str(status)]["content"]["application/json"]["example"]
            model.model_validate({"response": example}, by_name=True)
    for model in one.operation.models:
        if model.__ninja_param_source__ == "body":
            example = told(one)["requestBody"]["content"]["application/json"]["example"]
            _check_body(model, example)


def _check_body(model: type[ParamModel], example: Any) -> None:
    (name,) = model.model_fields
    model.model_validate({name: example})


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [told(one)["operationId"] for one in EVERY] + [raw.name for raw in OPERATIONS]
    assert len(set(names)) == len(names)


def test_what_may_be_called_is_what_is_described() -> None:
    described = {
        (method.upper(), path) for path, found in DOCUMENT["paths"].items() for method in found
    }
    raw = {(one.method, one.path) for one in OPERATIONS}
    assert described == raw | {(one.method, one.plain_path) for one in EVERY}


@pytest.mark.parametrize("raw", OPERATIONS, ids=lambda raw: raw.name)
def test_what_is_answered_before_django_is_described_as_well(raw: Raw) -> None:
    place = "/api/v1" + raw.path.replace("{upload_id}", str(UUID(int=1)))
    assert any(route.takes(place, raw.method) for route in ROUTES)
    said = DOCUMENT["paths"][raw.path][raw.method.lower()]
    assert said["description"].endswith(".")
    assert {raw.status, "400", "401", "403", "5XX"} <= said["responses"].keys()


def test_the_server_names_every_group_of_operations_and_what_else_it_does() -> None:
    groups = {tag for one in EVERY for tag in told(one)["tags"]}
    assert set(settings.FEATURES) == groups | {"events", "websocket", "signed-links"}
    raw = {route.prefix for route in ROUTES}
    assert {"/api/v1/events", "/ws/events", "/p/", "/c/"} <= raw


def test_a_dict_in_an_answer_is_noticed() -> None:
    open_one = {"type": "object", "properties": {"inside": {"type": "object"}}}
    assert list(loose({**open_one, "additionalProperties": False}, "answer")) == ["answer.inside"]
    assert list(loose({"type": "array", "items": {}}, "answer")) == ["answer[]"]

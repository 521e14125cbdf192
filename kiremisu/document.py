"""The API's description (OpenAPI 3.1), completed from what each operation declares.

An operation says what it takes, what it answers and what it needs; from that follow the
refusals it may answer with, the headers it reads, its examples and who may call it. What does
not follow it declares itself: `response={204: None, 409: Problem}`.
"""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, override

import orjson
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.params.models import TModel

from kiremisu.accounts.askers import Bearer, Key, Session
from kiremisu.accounts.needs import Need
from kiremisu.examples import example_of
from kiremisu.lib import errors
from kiremisu.lib.errors import Refused
from kiremisu.lib.problems import MEDIA_TYPE, problem
from kiremisu.lib.schemas import Problem, WrongField
from kiremisu.outer.described import OPERATIONS, Raw, described
from kiremisu.problems import Broken
from kiremisu.repeats import LONGEST, is_kept

_PLACE = "#/components/schemas/{model}"
# What may come with each status; a chapter that cannot be read is a 422 as well, another version
# of tus a 412.
_KINDS: dict[str, type[Refused]] = {
    str(status): kind
    for kind, status in errors.STATUS.items()
    if kind not in {errors.Unreadable, errors.UnknownVersion}
} | {"5XX": Broken}  # fmt: skip
_IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "Sent again with the same request, it is answered as the first time.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[ -~]+$"},
    "example": "2026-03-14 nightly",
}


class Document(OpenAPISchema):
    """Ninja's description with refusals, examples, closed answers and what keys need."""

    # Of the schema at hand: what its references to choices mean.
    choices: dict[str, dict[str, Any]]

    @override
    def get_paths(self) -> dict[str, Any]:
        told: dict[str, Any] = super().get_paths()
        for raw in OPERATIONS:
            told.setdefault(f"/{self.path_prefix}{raw.path}".replace("//", "/"), {})[
                raw.method.lower()
            ] = self._raw(raw)
        for model in (Problem, WrongField):
            self.schemas[model.__name__] = model.model_json_schema(ref_template=_PLACE)
        for schema in self.schemas.values():
            if "properties" in schema:
                schema.setdefault("additionalProperties", False)
        # Now that all schemas are known, which examples are made of.
        for operations in told.values():
            for operation in operations.values():
                self._exemplify(operation)
        return told

    @override
    def get_components(self) -> dict[str, Any]:
        refusals = {kind.__name__: _refusal(kind, status) for status, kind in _KINDS.items()}
        return {**super().get_components(), "responses": refusals}

    @override
    def operation_details(self, operation: Operation) -> dict[str, Any]:
        told: dict[str, Any] = super().operation_details(operation)
        answers = {str(status): answer for status, answer in told["responses"].items()}
        if "GET" in operation.methods and "application/json" in _media_types(answers):
            answers["304"] = {"description": "Unchanged since the ETag in `If-None-Match`"}
        need = need_of(operation)
        if need is not None and "series_id" in need.reaches and "DELETE" not in operation.methods:
            answers["308"] = {"description": "The series was merged into another: the same of that"}
        if is_kept(operation.methods[0], operation.path):
            told["parameters"].append(_IDEMPOTENCY_KEY)
        for status in _refused(operation, told, answers):
            answers[status] = _refers(status)
        told["responses"] = dict(sorted(answers.items()))
        # Said also where anybody may call.
        told.setdefault("security", [])
        return told

    @override
    def operation_security(self, operation: Operation) -> list[dict[str, Any]] | None:
        told: list[dict[str, Any]] | None = super().operation_security(operation)
        need = need_of(operation)
        if told is None or need is None:
            return None
        # A key wants one of these scopes; whoever signs in, this role.
        wanted = {"Key": [str(scope) for scope in need.scopes]}
        return [{name: wanted.get(name, [str(need.least)]) for name in way} for way in told]

    @override
    def _extract_parameters(self, model: TModel) -> list[dict[str, Any]]:
        self.choices = {}
        told: list[dict[str, Any]] = self._with_choices(super()._extract_parameters(model))
        return told

    @override
    def _create_schema_from_model(self, *args: Any, **given: Any) -> tuple[dict[str, Any], bool]:
        self.choices = {}
        schema, required = super()._create_schema_from_model(*args, **given)
        return self._with_choices(schema), required

    @override
    def add_schema_definitions(self, definitions: dict[str, Any]) -> None:
        self.choices = {
            _PLACE.format(model=name): {"type": told["type"], "enum": told["enum"]}
            for name, told in definitions.items()
            if "enum" in told
        }
        for name, schema in definitions.items():
            told = self._with_choices(schema)
            # Two things of one name would be described as one of them.
            if "enum" not in told and self.schemas.setdefault(name, told) != told:
                raise TypeError(f"Two different things in the API are named {name}; rename one.")

    def _with_choices(self, node: Any) -> Any:
        """A schema in which choices stand where they are meant: many are named Kind."""
        match node:
            case {"$ref": place} if place in self.choices:
                return self.choices[place]
            case dict():
                return {word: self._with_choices(inside) for word, inside in node.items()}
            case list():
                return [self._with_choices(inside) for inside in node]
        return node

    def _raw(self, raw: Raw) -> dict[str, Any]:
        told = described(raw)
        for status in ("400", "401", "403", *raw.refuses, "5XX"):
            told["responses"][status] = _refers(status)
        return told

    def _exemplify(self, operation: dict[str, Any]) -> None:
        for parameter in operation["parameters"]:
            # Only where one is needed: a page to try things on fills in every example.
            if parameter["in"] == "query" and parameter["required"]:
                name = parameter["name"]
                parameter["example"] = example_of(parameter["schema"], self.schemas, f".{name}")
        for answer in [operation.get("requestBody", {}), *operation["responses"].values()]:
            for content in answer.get("content", {}).values():
                if "example" not in content:
                    content["example"] = example_of(content["schema"], self.schemas)


def _refers(status: str) -> dict[str, str]:
    return {"$ref": f"#/components/responses/{_KINDS[status].__name__}"}


def _media_types(answers: dict[str, Any]) -> Iterator[str]:
    for answer in answers.values():
        yield from answer.get("content", {})


def need_of(operation: Operation) -> Need | None:
    """What an operation declares by `needs(…)`; None where anybody may call it."""
    match operation.auth_callbacks:
        case [Bearer(need=need), Key(need=also), Session(need=too)] if need is also is too:
            return need
    return None


def _refused(operation: Operation, told: dict[str, Any], answers: dict[str, Any]) -> Iterator[str]:
    """With which statuses it may refuse."""
    need = need_of(operation)
    names = {parameter["name"] for parameter in told["parameters"]}
    yield from (status for status in answers if int(status) >= HTTPStatus.BAD_REQUEST)
    # An unknown host, and bytes that cannot be read.
    yield "400"
    if any(parameter["in"] == "path" for parameter in told["parameters"]):
        yield "404"
    if need is not None:
        yield from ("401", "403")
        if need.a_minute:
            yield "429"
    if "requestBody" in told:
        yield from ("413", "415")
    if "requestBody" in told or names - (set(need.reaches) if need else set()):
        yield "422"
    if _IDEMPOTENCY_KEY["name"] in names:
        yield "409"
    if "If-Match" in names:
        yield "412"
    yield "5XX"


def _refusal(kind: type[Refused], status: str) -> dict[str, Any]:
    number = int(status) if status.isdigit() else 500
    return {
        "description": kind.title,
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": _PLACE.format(model="Problem")},
                "example": orjson.loads(
                    problem(kind(), "019a4c1e8f3b7d209c553e1f60a7b842", number)
                ),
            }
        },
    }

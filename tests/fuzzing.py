"""Calls that nobody thought of: each operation by each role, with whatever its description allows
and some that it does not, on things that are there.

An answer must be one that the description names, of the kind and with the fields it says.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from kiremisu.jobs.models import Job
from library.models import Library, Series
from tests.matrix.bodies import DOCUMENT, IN_PATHS, body_of, prepare, query_of
from tests.matrix.calling import Caller, realms_of
from tests.matrix.judging import expected
from tests.matrix.stage import Stage
from tests.operations import Declared

CHECKS: Any = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# What a name in a query or a body holds ids of.
HOLDS = {"library": Library, "libraries": Library, "series": Series, "ids": Series, "parent": Job}
# Bytes of an address past which the web server answers for itself.
LONGEST_ADDRESS = 65_000
# How often an id is one that is there.
KNOWN = 0.8

# Gets a case and the headers of who asks; answers what schemathesis knows how to check.
type Send = Callable[[Case, dict[str, str]], Any]


@dataclass
class Found:
    """The faults, and how often each caller got each status from each operation."""

    faults: set[str] = field(default_factory=set)
    calls: int = 0
    statuses: dict[tuple[str, str], Counter[int]] = field(
        default_factory=lambda: defaultdict(Counter)
    )

    def lacking(self, wanted: Iterable[tuple[str, str]]) -> list[str]:
        """Which of these callers were never answered that all is well, or never refused."""
        told = [(who, one, self.statuses[who, one]) for who, one in wanted]
        never = [
            f"{one} by {who} never did what it does: {dict(seen)}"
            for who, one, seen in told
            if not any(status < 400 for status in seen)
        ]
        return never + [
            f"{one} by {who} never refused: {dict(seen)}"
            for who, one, seen in told
            if not any(400 <= status < 500 for status in seen)
        ]


def may(stage: Stage, one: Declared, caller: Caller) -> bool:
    """Whether there is anything on the stage with which this caller may do it."""
    return any(expected(stage, one, realm, caller) < 400 for realm in realms_of(stage, one))


class Fuzz:
    def __init__(self, send: Send) -> None:
        self.found = Found()
        self._send = send
        self._schema = schemathesis.openapi.from_dict(DOCUMENT)

    def ask(self, stage: Stage, one: Declared, caller: Caller, examples: int) -> None:
        """The documented call, the same with spoilt credentials, and so many more of each kind:
        as described, and not as described."""
        operation = self._schema[one.plain_path][one.method]
        documented = _documented(stage, operation, one, caller)
        self._told(one, caller.name, documented, caller.headers)
        spoilt = {name: f"{value}x" for name, value in caller.headers.items()}
        self._told(one, caller.name, documented, spoilt)
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            self._generate(stage, operation, mode, one, caller, examples)

    def _generate(
        self,
        stage: Stage,
        operation: APIOperation,
        mode: GenerationMode,
        one: Declared,
        caller: Caller,
        examples: int,
    ) -> None:
        @seed(f"{one} {caller.name} {mode}")
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode), chance=st.integers(0, 1 << 32))
        def call(case: Case, chance: int) -> None:
            _with_known_ids(stage, one, case, random.Random(chance))
            self._told(one, caller.name, case, caller.headers)

        try:
            call()
        except Unsatisfiable:
            # Where nothing can be sent, nothing can be wrong.
            assert mode is GenerationMode.NEGATIVE, one

    def _told(self, one: Declared, who: str, case: Case, headers: Any) -> None:
        answer = self._send(case, dict(headers))
        self.found.calls += 1
        # What no server of HTTP takes reaches nothing of ours.
        if answer.status_code == 414 and len(answer.request.url or "") > LONGEST_ADDRESS:
            return
        self.found.statuses[who, str(one)][answer.status_code] += 1
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as wrong:
            for fault in wrong.exceptions:
                said = f"{type(fault).__name__}: {fault}".replace("\n", " ")[:600]
                asked = case.as_curl_command()[:2000] if answer.status_code >= 500 else ""
                self.found.faults.add(
                    f"{one} by {who}: {answer.status_code} {said} {asked}".strip()
                )


def _documented(stage: Stage, operation: APIOperation, one: Declared, caller: Caller) -> Case:
    """The description's own example, on what this caller may see where there is such a thing."""
    realms = realms_of(stage, one)
    realm = min(realms, key=lambda name: expected(stage, one, name, caller))
    prepare(stage, one.name, realm)
    reached = one.need.reaches if one.need else {}
    places = {name: str(stage.of(realm, model).pk) for name, model in reached.items()}
    for parameter in operation.path_parameters:
        places.setdefault(parameter.name, str(IN_PATHS.get(parameter.name, 1)))
    body = body_of(stage, one, realm)
    told: dict[str, Any] = {} if body is None else {"body": orjson.loads(body)}
    if told:
        told["media_type"] = "application/json"
    return operation.Case(path_parameters=places, query=query_of(one), **told)


def _with_known_ids(stage: Stage, one: Declared, case: Case, chance: random.Random) -> None:
    """Puts ids of things that are there in most places where an id stands."""
    for name, model in one.need.reaches.items() if one.need else ():
        if chance.random() < KNOWN:
            case.path_parameters[name] = _one_of(stage, model, chance)
    for held in (case.query, case.body):
        if isinstance(held, dict):
            for name in held.keys() & HOLDS.keys():
                held[name] = _known(stage, HOLDS[name], held[name], chance)


def _known(stage: Stage, model: Any, told: Any, chance: random.Random) -> Any:
    if isinstance(told, list):
        return [_known(stage, model, each, chance) for each in told]
    return _one_of(stage, model, chance) if _is_id(told) and chance.random() < KNOWN else told


def _one_of(stage: Stage, model: Any, chance: random.Random) -> str:
    return str(chance.choice(stage.rows[model])[1].pk)


def _is_id(told: Any) -> bool:
    try:
        return isinstance(told, str) and bool(UUID(told))
    except ValueError:
        return False

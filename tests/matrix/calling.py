"""Calling one operation as somebody, on things of one realm, and what came of it.

Whatever a call does is undone after it: the stage stays as it was built.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import transaction
from django.test import Client

from kiremisu.accounts import keys, tokens
from kiremisu.accounts.models import Scope
from kiremisu.accounts.needs import Need
from tests.matrix.bodies import IN_PATHS, NAMED, body_of, prepare, query_of
from tests.matrix.stage import PASSWORD, Stage
from tests.operations import Declared

ROOT = "/api/v1"
_BASE64 = re.compile(rb"[A-Za-z0-9_+/-]{16,}={0,2}")


@dataclass(frozen=True)
class Caller:
    """Who calls, by which credentials. `who` is one of the cast, "" for nobody; `scopes` are
    those of a key."""

    name: str
    who: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    scopes: frozenset[str] | None = None


@dataclass(frozen=True)
class Answer:
    """`raw` is all of it, headers too, in small letters."""

    status: int
    raw: bytes
    json: Any

    def tells(self, word: str) -> bool:
        """Whether the word is anywhere in it, be it in base64."""
        return word.encode() in self.raw or any(
            word.encode() in _plain(part) for part in _BASE64.findall(self.raw)
        )


def callers(stage: Stage) -> list[Caller]:
    """The cast with tokens, a key of each scope, and nobody."""
    people = [_signed_in(name) for name in stage.users]
    scoped = [_with_key(stage, "admin", scope) for scope in Scope.values]
    return [Caller("anonymous"), *people, *scoped, _with_key(stage, "owner", *Scope.values)]


def _signed_in(who: str) -> Caller:
    access = tokens.issue(who, PASSWORD, "192.0.2.7")["access"]
    return Caller(who, who, {"authorization": f"Bearer {access}"})


def _with_key(stage: Stage, who: str, *scopes: str) -> Caller:
    key, text = keys.make(stage.users[who], "matrix", scopes)
    stage.put({"owner": "own", "admin": "roots"}[who], key)
    name = f"{who}'s key for {' and '.join(scopes)}"
    return Caller(name, who, {"x-api-key": text}, frozenset(scopes))


def models_of(one: Declared) -> dict[str, Any]:
    """What a call of it names: by the ids in its path, and in its body."""
    reached = one.need.reaches if one.need else {}
    return {**reached, **NAMED.get(one.name, {})}


def realms_of(stage: Stage, one: Declared) -> list[str]:
    """The realms that have what it names; the open one when it names nothing."""
    models = models_of(one).values()
    if not models:
        return ["open"]
    return [r for r in stage.realms if all(stage.of(r, model) is not None for model in models)]


def ask(stage: Stage, one: Declared, realm: str, caller: Caller, **query: str) -> Answer:
    """The answer to this caller about things of the realm."""
    with transaction.atomic():
        prepare(stage, one.name, realm)
        body = body_of(stage, one, realm)
        answer = client().generic(
            one.method,
            ROOT + path_of(stage, one, realm),
            body or b"",
            "application/json",
            headers=caller.headers,
            query_params=query_of(one) | query,
        )
        told = heard(answer)
        transaction.set_rollback(True)
    return told


def heard(answer: Any) -> Answer:
    """All of it, the body too where it is streamed."""
    content = b"".join(answer) if answer.streaming else answer.content
    head = repr([*answer.items(), *answer.cookies.items()]).encode()
    is_json = "json" in answer.get("Content-Type", "") and not answer.streaming and content
    return Answer(answer.status_code, (head + content).lower(), answer.json() if is_json else None)


def path_of(stage: Stage, one: Declared, realm: str) -> str:
    """Its path, with the ids of the realm's things."""
    need = one.need or Need(())
    ids = {name: stage.of(realm, model).pk for name, model in need.reaches.items()}
    return re.sub(r"{\w+:(\w+)}|{(\w+)}", lambda m: _filled(m[1] or m[2], ids), one.path)


@cache
def client() -> Client:
    """One for all, because each loads the middleware anew; nobody here has cookies."""
    return Client(enforce_csrf_checks=True)


def _filled(name: str, ids: Mapping[str, Any]) -> str:
    return str(ids.get(name, IN_PATHS.get(name, 1)))


@cache
def _plain(text: bytes) -> bytes:
    try:
        return base64.urlsafe_b64decode(text.rstrip(b"=") + b"=" * (-len(text.rstrip(b"=")) % 4))
    except binascii.Error:
        return b""

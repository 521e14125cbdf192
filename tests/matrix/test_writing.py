"""What nobody may send: names that are not theirs to set, and parts of lists that there are not."""

import orjson
import pytest
from django.db import transaction
from django.test import Client

from kiremisu.accounts.models import Role, User
from tests.matrix.bodies import DOCUMENT, body_of, parameters_of
from tests.matrix.calling import ROOT, Caller, ask, path_of, realms_of
from tests.matrix.judging import expected
from tests.matrix.stage import Stage
from tests.operations import Declared, declared

pytestmark = pytest.mark.django_db

EVERY = list(declared())
# What a person must not set of themselves, or of what is theirs, by whichever operation.
NOT_THEIRS = (
    "id", "pk", "user", "user_id", "owner", "is_staff", "is_superuser", "access_version",
    "digest", "created", "updated", "last_login", "groups", "__class__",
)  # fmt: skip


def described(one: Declared) -> dict[str, object]:
    found: dict[str, object] = DOCUMENT["paths"][one.plain_path][one.method.lower()]
    return found


def able(stage: Stage, one: Declared, everybody: list[Caller]) -> tuple[Caller, str]:
    """Somebody who may do it, and with what."""
    return next(
        (caller, realm)
        for caller in everybody
        for realm in realms_of(stage, one)
        if expected(stage, one, realm, caller) < 400
    )


@pytest.mark.parametrize("one", [one for one in EVERY if "requestBody" in described(one)], ids=str)
def test_a_body_holds_nothing_that_is_not_asked_for(
    one: Declared, stage: Stage, everybody: list[Caller]
) -> None:
    caller, realm = able(stage, one, everybody)
    body = orjson.loads(body_of(stage, one, realm) or b"{}")
    for name in NOT_THEIRS:
        with transaction.atomic():
            answer = Client().generic(
                one.method,
                ROOT + path_of(stage, one, realm),
                orjson.dumps(body | {name: 1}),
                "application/json",
                headers=caller.headers,
            )
            transaction.set_rollback(True)
        assert answer.status_code == 422, name
        assert [wrong["field"] for wrong in answer.json()["errors"]] == [name]


@pytest.mark.parametrize("name", ["role", "is_active", "highest_rating", "libraries", "username"])
def test_nobody_raises_themselves(name: str, stage: Stage, everybody: list[Caller]) -> None:
    caller = next(each for each in everybody if each.name == "child")
    told = {"role": "admin", "highest_rating": "pornographic", "is_active": True}
    body = orjson.dumps({name: told.get(name, [])})
    answer = Client().generic(
        "PATCH", f"{ROOT}/me", body, "application/json", headers=caller.headers
    )
    assert answer.status_code == 422
    child = User.objects.get(username="child")
    assert (child.role, child.highest_rating) == (Role.READER, "safe")


@pytest.mark.parametrize("one", [one for one in EVERY if "page" in parameters_of(one)], ids=str)
def test_there_are_no_odd_parts_of_a_list(
    one: Declared, stage: Stage, everybody: list[Caller]
) -> None:
    caller, realm = able(stage, one, everybody)
    odd = {"page": ["0", "-1", "1000000000000", "x", "1.5"], "per_page": ["0", "-1", "101", "1e9"]}
    for name, values in odd.items():
        for value in values:
            assert ask(stage, one, realm, caller, **{name: value}).status == 422, (name, value)

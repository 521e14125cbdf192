"""Every operation says beside itself which scope opens it for an API key."""

from collections.abc import Iterator

import pytest
from ninja.operation import Operation

from kiremisu.accounts.askers import Bearer, Key, Session
from kiremisu.accounts.models import Scope
from kiremisu.api import api

pytestmark = pytest.mark.quick

# Who has nothing but a name and a password, or a refresh token, calls these.
OPEN = {"/auth/token", "/auth/token/refresh"}


def operations() -> Iterator[tuple[str, Operation]]:
    for _, router in api._routers:
        for path, view in router.path_operations.items():
            yield from ((path, operation) for operation in view.operations)


def needed(operation: Operation) -> tuple[Scope, ...]:
    """What it declares; nothing when that is not one of `needs(…)`."""
    match operation.auth_param:
        case [Bearer(), Key() as key, Session()]:
            return key.needed
    return ()


def test_every_operation_declares_who_may_call_it() -> None:
    loose = [path for path, operation in operations() if not needed(operation)]
    assert set(loose) == OPEN
    assert len(loose) == len(OPEN)


def test_what_only_looks_wants_no_more_than_reading() -> None:
    greedy = {
        path
        for path, operation in operations()
        if operation.methods == ["GET"] and Scope.READ not in needed(operation)
    }
    assert greedy == {"/auth/keys"}

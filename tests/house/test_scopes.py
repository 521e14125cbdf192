"""Every operation says beside itself who may call it, and what the ids in its path are."""

import pytest

from kiremisu.accounts.models import Role, Scope
from tests.operations import OPEN, declared

pytestmark = pytest.mark.quick

EVERY = list(declared())
NEEDS = [(one, one.need) for one in EVERY if one.need is not None]


def test_every_operation_declares_who_may_call_it() -> None:
    loose = [one.path for one in EVERY if one.need is None or not one.need.scopes]
    assert sorted(loose) == sorted(OPEN)


def test_every_id_in_a_path_is_reached_through_a_model() -> None:
    assert not [str(one) for one, need in NEEDS if set(need.reaches) != one.ids]


def test_what_is_reached_is_reached_by_what_one_may_see() -> None:
    models = {model for _, need in NEEDS for model in need.reaches.values()}
    assert not [model for model in models if not hasattr(model._default_manager, "visible_to")]


def test_what_only_looks_wants_no_more_than_reading() -> None:
    greedy = {
        one.path for one, need in NEEDS if one.method == "GET" and Scope.READ not in need.scopes
    }
    administration = {"/audit", "/server/secrets", "/users", "/users/{uuidstr:user_id}"}
    assert greedy == {"/auth/keys", *administration}


def test_a_key_that_may_curate_is_a_curators() -> None:
    for one, need in NEEDS:
        wanted = {Scope.CURATE: Role.CURATOR}.get(need.scopes[0], need.least)
        assert need.least == wanted, one

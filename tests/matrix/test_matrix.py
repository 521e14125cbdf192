"""Every operation, by everybody, about everything: who may do what follows from its declaration,
and nobody meets a word that is not theirs to see."""

import pytest

from tests.matrix.calling import Caller, realms_of
from tests.matrix.judging import faults
from tests.matrix.stage import Stage
from tests.operations import Declared, declared

pytestmark = pytest.mark.django_db

EVERY = list(declared())


@pytest.mark.parametrize("one", EVERY, ids=str)
def test_an_operation_answers_as_it_declares(
    one: Declared, stage: Stage, everybody: list[Caller]
) -> None:
    realms = realms_of(stage, one)
    assert realms, "what it reaches is not on the stage: see tests/matrix/stage.py"
    found = [
        fault
        for realm in realms
        for caller in everybody
        for fault in faults(stage, one, realm, caller)
    ]
    assert not found, "\n".join(found)

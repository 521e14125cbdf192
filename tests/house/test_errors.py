"""The tree of refusals, its drawing and its one table of statuses agree."""

import re

import pytest

from kiremisu.lib import errors

pytestmark = pytest.mark.quick

KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, errors.Refused)
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_refusal_is_drawn_with_its_status(kind: type[errors.Refused]) -> None:
    drawn = re.search(rf"\b{kind.__name__}\s+(\d{{3}})\b", errors.__doc__ or "")
    assert drawn
    assert int(drawn[1]) == errors.STATUS[kind]


def test_codes_are_not_shared() -> None:
    assert len({kind.code for kind in KINDS}) == len(KINDS)


def test_a_refusal_of_a_newer_kind_takes_its_parents_status() -> None:
    class Torn(errors.Unreadable):
        code = "torn"

    assert errors.status_of(Torn("The page is torn.")) == 422

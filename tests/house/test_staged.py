"""What the matrix needs to know of each operation, so that nothing is left out of it quietly."""

import pytest

from tests.matrix.judging import LISTS, UNCOUNTED
from tests.operations import declared

pytestmark = pytest.mark.quick

EVERY = list(declared())


def test_every_list_is_counted_by_hand() -> None:
    lists = {one.name for one in EVERY if "items" in one.answered}
    assert lists - LISTS.keys() == UNCOUNTED.keys()

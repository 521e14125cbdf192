"""The small MangaDex for every test that asks for it."""

from collections.abc import Iterator

import pytest

from tests.upstream import Upstream, serving


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with serving() as found:
        yield found

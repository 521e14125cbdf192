"""What the tests of jobs may ask for."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from kiremisu.jobs.running import kind_of
from tests.kiremisu.jobs import kinds as kinds_of_tests


@pytest.fixture
def kinds(settings: Settings) -> Iterator[None]:
    """The kinds of `tests.kiremisu.jobs.kinds` can be enqueued."""
    names = [name for name, kind in vars(kinds_of_tests).items() if hasattr(kind, "__code__")]
    here = kinds_of_tests.__name__
    settings.JOBS = settings.JOBS | {name: f"{here}.{name}" for name in names}
    kind_of.cache_clear()
    yield
    kind_of.cache_clear()

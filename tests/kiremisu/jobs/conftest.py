"""What the tests of jobs may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from kiremisu.jobs.running import kind_of
from tests.kiremisu.jobs.clusters import Cluster
from tests.kiremisu.jobs.names import KINDS


@pytest.fixture
def kinds(settings: Settings) -> Iterator[None]:
    """The kinds of `tests.kiremisu.jobs.kinds` can be enqueued."""
    settings.JOBS = settings.JOBS | KINDS
    kind_of.cache_clear()
    yield
    kind_of.cache_clear()


@pytest.fixture
def cluster(tmp_path: Path, transactional_db: None, kinds: None) -> Iterator[Cluster]:
    """Two real workers, once `watch` is called."""
    cluster = Cluster(tmp_path)
    yield cluster
    cluster.end()

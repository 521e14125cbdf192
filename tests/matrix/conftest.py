"""The one stage of the matrix, built once and taken down without a trace."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.matrix.calling import Caller, callers
from tests.matrix.stage import Stage, build


@pytest.fixture(scope="package")
def stage(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stage]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build(tmp_path_factory.mktemp("matrix"))
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def everybody(stage: Stage) -> list[Caller]:
    return callers(stage)

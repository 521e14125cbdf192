"""The one stage of the matrix, built once and taken down without a trace."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.matrix.calling import Caller, callers
from tests.matrix.stage import Stage, build
from tests.upstream import serving


@pytest.fixture(scope="package")
def stage(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stage]:
    with (
        django_db_blocker.unblock(),
        serving() as upstream,
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        # One that knows nothing, so that there too nobody finds a word of somebody else's.
        patch.setattr(settings, "MANGADEX_URL", upstream.url)
        yield build(tmp_path_factory.mktemp("matrix"))
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def everybody(stage: Stage) -> list[Caller]:
    return callers(stage)

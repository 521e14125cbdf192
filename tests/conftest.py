"""What every test may ask for. The cast and the factories stand in files of their own."""

from collections.abc import Iterator

import pytest
from django.conf import settings

from kiremisu.server import embedded

pytest_plugins = ["tests.cast", "tests.live", "tests.browser"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """Has the embedded server running before pytest-django makes its databases.

    The workers of pytest-xdist share one: the first starts it, the last one out stops it.
    """
    if settings.DATABASE_URL:
        yield
        return
    # A test database need not survive a power cut.
    with embedded.hold(settings.DATA_DIR, "fsync=off"):
        yield

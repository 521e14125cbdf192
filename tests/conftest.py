"""What every test may ask for. The cast and the factories stand in files of their own."""

from collections.abc import Iterator

import pytest
from django.conf import settings

from kiremisu.server import embedded
from tests.watchdog import guarding

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


@pytest.fixture(autouse=True)
def nobody_holds_the_loop() -> Iterator[None]:
    """Every event loop of this process is watched, for gross faults: here a first import, the
    measuring of coverage and the other runs on this machine cost time too. The server of `live`
    is held to 50 ms."""
    with guarding(bound=0.5, blocked=3.0):
        yield

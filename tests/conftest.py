"""What every test may ask for. The cast and the factories stand in files of their own."""

import gc
from collections.abc import Iterator

import hypothesis
import pytest
from django.conf import settings

from kiremisu.lib import logs, notices
from kiremisu.server import embedded
from tests.watchdog import guarding

pytest_plugins = ["tests.cast", "tests.live", "tests.browser", "tests.redis", "tests.emptying"]

# No example fails for the time it took or for what was drawn slowly, and a run says the same of the
# same code; `--hypothesis-profile=default` looks further.
hypothesis.settings.register_profile(
    "steady",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)
hypothesis.settings.load_profile("steady")

# A million objects come while tests are collected, and stay: looking at them again and again
# takes a fifth of that time, and one thirtieth of what follows.
gc.disable()


def pytest_sessionstart(session: pytest.Session) -> None:
    if session.config.pluginmanager.hasplugin("dsession"):
        # Whoever hands tests out to workers collects none.
        gc.enable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that no worker is left with it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


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


@pytest.fixture(scope="session", autouse=True)
def logging_as_the_product_does() -> None:
    """structlog left to itself draws a traceback for 65 ms, on whatever loop it happens."""
    logs.configure("keys", "warning")


@pytest.fixture(autouse=True)
def nobody_holds_the_loop(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every event loop of this process is watched, in every test but two sorts.

    Playwright runs a loop of its own in this thread, whose callbacks are not ours: what a
    browser asks is held to the bound in the server of `live`. And a test may be marked
    `holds_the_loop`, with its reason.
    """
    if "browser" in request.fixturenames or request.node.get_closest_marker("holds_the_loop"):
        yield
        return
    with guarding():
        yield


@pytest.fixture(scope="session", autouse=True)
def who_listens_is_soon_stopped() -> None:
    """Every test that heard anything waits for the end of its listener: half a second is long."""
    notices._LOOK = 0.02


@pytest.fixture(autouse=True)
def nobody_listens_on() -> Iterator[None]:
    """What a test began to hear over LISTEN ends with it, its thread and connection too."""
    yield
    notices.stop_listening()

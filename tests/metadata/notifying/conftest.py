"""A receiver that this server allows, and what is new to Bob."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from kiremisu.accounts.models import User
from library.models import Series
from metadata.watching import watches
from tests.factories import make_library, make_series
from tests.metadata.notifying.receiving import Receiver, receiving


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    with receiving() as found:
        settings.APPRISE_HOSTS = [found.host]
        settings.CHANNEL_GATHERS = 0
        yield found


@pytest.fixture
def road(bob: User) -> Series:
    """Bob watches it."""
    series = make_series(make_library(), "Salt Road")
    watches.watch(bob, series)
    return series

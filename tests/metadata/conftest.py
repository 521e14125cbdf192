"""The small MangaDex for every test that asks for it."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from metadata import providers
from metadata.providers.mangadex import MangaDex
from tests.upstream import Upstream, serving


@pytest.fixture
def upstream(settings: Settings) -> Iterator[Upstream]:
    """One that the product under test takes for the real one."""
    with serving() as found:
        settings.MANGADEX_URL = settings.MANGADEX_UPLOADS_URL = found.url
        yield found


@pytest.fixture
def mangadex(db: None, upstream: Upstream) -> MangaDex:
    """The client, on that one."""
    found = providers.of("mangadex")
    assert isinstance(found, MangaDex)
    return found

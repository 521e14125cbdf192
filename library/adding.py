"""Series that are there before their files."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from kiremisu.accounts.models import User
from library import curation
from library.models import Library, Series

type FromProvider = Callable[[User, Library, str, str], Series]


def add(
    user: User,
    library: Library,
    *,
    provider: str = "",
    provider_id: str = "",
    **facts: Any,
) -> Series:
    """A series by its title and what else is told, or the work of a provider, as settings'
    SERIES_FROM_PROVIDER brings it in. Raises Conflict where the library has it, and NotThere,
    Invalid, UpstreamFailed and Unavailable as providers do."""
    if provider:
        return _from_provider()(user, library, provider, provider_id)
    return curation.add_series(library, by=user, **facts)


@cache
def _from_provider() -> FromProvider:
    found: FromProvider = import_string(settings.SERIES_FROM_PROVIDER)
    return found

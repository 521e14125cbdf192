"""JSON columns with one type each."""

import pytest

from library.models import Series
from library.shapes import WatchingConfig

pytestmark = pytest.mark.quick


def test_a_column_reads_as_its_shape() -> None:
    series = Series(watching_config={"enabled": True})
    assert series.watching == WatchingConfig(enabled=True)


def test_an_empty_column_reads_as_the_defaults() -> None:
    assert Series().watching.enabled is False


def test_writing_a_shape_stores_what_differs_from_the_defaults() -> None:
    series = Series()
    series.watching = WatchingConfig(enabled=True)
    assert series.watching_config == {"enabled": True}


def test_keys_of_another_version_are_kept() -> None:
    series = Series(watching_config={"enabled": True, "every": "week"})
    series.watching = series.watching
    assert series.watching_config == {"enabled": True, "every": "week"}

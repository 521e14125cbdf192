"""A small shelf whose series have few facts in common, for filters and counts."""

from datetime import UTC, datetime
from typing import Any

import pytest

from kiremisu.accounts.models import User
from library.curation import change_series
from library.models import Library, Series
from reader.progress import mark_read
from tests.factories import make_chapter, make_library, make_series

MORI = {"name": "Mori Aki", "role": "author"}


@pytest.fixture
def shelf(bob: User, private: Library) -> Library:
    """Six series with few facts in common; Bob has finished Moss and begun Salt Road."""
    facts: list[dict[str, Any]] = [
        {"title": "Moss", "status": "ongoing", "year": 1999, "language": "ja"},
        {"title": "Salt Road", "status": "finished", "year": 2004, "content_rating": "erotica"},
        {"title": "Salt Sea", "status": "ongoing", "year": 2004, "language": "ja"},
        {"title": "Tide", "content_rating": "suggestive", "missing_count": 2},
        {"title": "Kite", "status": "hiatus", "year": 2020, "volume_count": 3},
    ]
    made = [make_series(private, **each) for each in facts]
    made.append(make_series(make_library(), "Moth", language="de", page_count=90))
    labels: list[dict[str, Any]] = [
        {"genres": ["Drama"], "tags": ["salt"]},
        {"genres": ["Drama", "Action"], "people": [MORI]},
        {"tags": ["salt", "sea"], "people": [{"name": "Ito Ren", "role": "artist"}]},
        {"genres": ["Action"]},
        {"people": [MORI, {"name": "Ito Ren", "role": "artist"}]},
        {"tags": ["drama"]},
    ]
    for series, given_labels in zip(made, labels, strict=True):
        change_series(series, **given_labels)
    for number, series in enumerate(made[:4]):
        for chapter in range(number + 1):
            make_chapter(series, str(chapter + 1))
    mark_read(bob, made[0].chapters.all())
    mark_read(bob, made[1].chapters.all()[:1])
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    Series.objects.filter(title="Moss").update(last_added=long_ago, created=long_ago)
    return private

"""Series, and Bob's lists of them."""

from typing import Any

import pytest

from kiremisu.accounts.models import User
from library.models import Library, Series
from reader import lists
from reader.lists import entries
from reader.models import List, ListEntry
from tests.asking import Asker
from tests.factories import make_series

TITLES = ("Kite", "Moss", "Moth", "Salt Road")


@pytest.fixture
def shelf(private: Library) -> dict[str, Series]:
    """Series by their titles, in a library that Charlie may not open."""
    return {title: make_series(private, title, year=2000 + n) for n, title in enumerate(TITLES)}


@pytest.fixture
def train(bob: User) -> List:
    """An empty reading list of Bob's."""
    return lists.make(bob, "For the train")


@pytest.fixture
def filled(train: List, shelf: dict[str, Series]) -> list[ListEntry]:
    """Bob's list with Salt Road, Kite and Moth in it."""
    return [entries.put(train, shelf[title]) for title in ("Salt Road", "Kite", "Moth")]


def titles(user: User, found: List, **query: Any) -> list[str]:
    """What a list holds for somebody, over the API."""
    told = Asker(user).get(f"lists/{found.pk}/series", **query)
    assert told["total"] == len(told["items"])
    return [row["title"] for row in told["items"]]


def listed(user: User, found: List) -> list[str]:
    """A list's entries by the titles of their series, in order."""
    told = Asker(user).get(f"lists/{found.pk}/entries")
    assert [row["position"] for row in told["items"]] == [*range(1, told["total"] + 1)]
    return [row["series_title"] for row in told["items"]]

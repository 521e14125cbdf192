"""Many at once, over one server and over two."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.db import connection

from kiremisu.accounts import attempts
from kiremisu.accounts.models import User
from library import curation
from library.models import Library, Series
from reader.models import Progress
from tests.attacks.asking import bearer
from tests.factories import make_chapter, make_library, make_series
from tests.live import Served, environment, serving

pytestmark = pytest.mark.django_db(transaction=True)

_PATIENCE = 120  # seconds


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Each on a thread and with a database connection of its own."""

    def run(call: Callable[[], Any]) -> Any:
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as crowd:
        return list(crowd.map(run, calls))


def test_the_same_place_a_hundred_times_at_once_is_one_row(live: str, bob: User) -> None:
    chapter = make_chapter(make_series(make_library()))
    place = {"page": 7, "at": "2026-03-01T12:00:00Z", "device": "Tablet"}
    headers = {"Authorization": bearer(bob)}
    with httpx.Client(base_url=live, headers=headers, timeout=_PATIENCE) as client:

        def save() -> int:
            return client.put(f"/api/v1/chapters/{chapter.pk}/progress", json=place).status_code

        assert Counter(at_once([save] * 100)) == {200: 100}
    assert Progress.objects.get().page == 7


FACTS: list[dict[str, Any]] = [
    {"title": "Salt Road"},
    {"sort_title": "salt"},
    {"year": 1999},
    {"language": "ja"},
    {"status": "ongoing"},
    {"content_rating": "suggestive"},
    {"summary": "About salt."},
    {"genres": ["Drama"]},
    {"tags": ["sea"]},
    {"people": [{"name": "Mina Tidewater", "role": "author"}]},
]


def test_of_fifty_who_write_different_keys_at_once_nobody_loses_theirs(db: None) -> None:
    """Five for each fact that people set, all kept in one column."""
    series = make_series(make_library(), "As it was")
    at_once([lambda fact=fact: curation.change_series(series, **fact) for fact in FACTS] * 5)
    kept = Series.objects.get().user_metadata
    for fact in FACTS:
        assert kept.items() >= fact.items()


@pytest.fixture
def second(tmp_path: Path, transactional_db: None) -> Iterator[Served]:
    """Another server on the same database."""
    with serving(environment(), tmp_path / "second.log") as found:
        yield found


def test_what_is_asked_too_often_is_counted_over_two_servers(
    served: Served, second: Served, alice: User, private: Library
) -> None:
    """Thirty scans a minute, and ten tries at a name: together, not each."""
    bases, headers = (served.url, second.url), {"Authorization": bearer(alice)}
    with httpx.Client(timeout=_PATIENCE) as client:
        scans = [
            client.post(
                f"{bases[number % 2]}/api/v1/libraries/{private.pk}/scan", json={}, headers=headers
            )
            for number in range(40)
        ]
        wrong = {"username": "bob", "password": "wrong"}
        tries = [
            client.post(f"{bases[number % 2]}/api/v1/auth/token", json=wrong)
            for number in range(attempts.AT_ONE_NAME + 2)
        ]
    assert Counter(told.status_code for told in scans) == {202: 30, 429: 10}
    assert Counter(told.status_code for told in tries) == {401: attempts.AT_ONE_NAME, 429: 2}
    for told in (scans[-1], scans[-2], tries[-1], tries[-2]):
        assert told.json()["code"] == "throttled"
        assert 0 < int(told.headers["Retry-After"]) <= attempts.WINDOW

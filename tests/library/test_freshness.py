"""No kept answer is stale: the first request after each kind of change tells of it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache

from kiremisu.accounts.models import User
from library import curation, freshness, labelling
from library.models import Access, Library, Series, Tag
from reader.progress import mark_read, mark_unread
from tests.asking import Asker
from tests.factories import make_chapter, make_series
from tests.library.counting import counted, told_by
from tests.library.facts import MORI
from tests.library.facts import shelf as facts
from tests.library.scanning.conftest import shelf
from tests.library.scanning.driving import Shelf

__all__ = ["facts", "shelf"]

pytestmark = pytest.mark.quick

REDIS = "django.core.cache.backends.redis.RedisCache"


@pytest.fixture(params=["table", "redis"])
def kept(request: pytest.FixtureRequest, settings: Any, db: None) -> Iterator[None]:
    """Answers are kept in this cache."""
    if request.param == "redis":
        url = request.getfixturevalue("redis_url")
        settings.CACHES = settings.CACHES | {"default": {"BACKEND": REDIS, "LOCATION": url}}
    yield
    cache.clear()


def check(user: User) -> None:
    """Facets and totals are what one counts now; asked twice, so that they come from the cache."""
    for _ in range(2):
        told, now = told_by(Asker(user).get("series/facets")), counted(user)
        assert told == now
        assert Asker(user).get("series", per_page=1)["total"] == now["total"]
        unread = Asker(user).get("series", read="unread", per_page=1)["total"]
        assert unread == now["read"].get("unread", 0)


def one(title: str) -> Series:
    return Series.objects.get(title=title)


def rate(title: str, rating: str) -> None:
    curation.change_series(one(title), content_rating=rating)


def close(library: Library) -> None:
    Access.objects.filter(library=library).delete()


def limit(rating: str) -> None:
    User.objects.filter(username="bob").update(highest_rating=rating)


DEEDS: dict[str, Callable[[User, Library], object]] = {
    "a fact is set": lambda _, __: curation.change_series(one("Moss"), status="x", year=1980),
    "labels are set": lambda _, __: curation.change_series(one("Moss"), tags=["x"], people=[MORI]),
    "a tag is renamed": lambda _, __: labelling.rename(Tag.objects.get(name="sea"), "ocean"),
    "a series is rated": lambda _, __: rate("Kite", "erotica"),
    "a series is added": lambda _, library: curation.add_series(library, "Newcomer"),
    "a series is hidden": lambda _, __: curation.hide_series(one("Moss")),
    "a chapter is read": lambda bob, __: mark_read(bob, one("Tide").chapters.all()[:1]),
    "all is unread": lambda bob, __: mark_unread(bob, one("Moss").chapters.all()),
    "a library is closed": lambda _, library: close(library),
    "a library is forgotten": lambda _, library: curation.remove_library(library),
    "one may see less": lambda _, __: limit("suggestive"),
}  # fmt: skip


@pytest.mark.parametrize("deed", DEEDS)
def test_what_changes_is_told_at_once(bob: User, facts: Library, kept: None, deed: str) -> None:
    check(bob)
    DEEDS[deed](bob, facts)
    check(User.objects.get(pk=bob.pk))


def test_what_is_restored_is_told_at_once(bob: User, facts: Library, kept: None) -> None:
    hidden = one("Moss")
    curation.hide_series(hidden)
    check(bob)
    curation.restore_series(bob, hidden.pk)
    check(bob)


def test_what_is_opened_is_told_at_once(charlie: User, facts: Library, kept: None) -> None:
    check(charlie)
    curation.change_library(facts, open_to_all=True)
    check(User.objects.get(pk=charlie.pk))


def test_what_a_scan_finds_is_told_at_once(bob: User, shelf: Shelf, kept: None) -> None:
    for number, name in enumerate(("Moss/Moss c001", "Moss/Moss c002", "Tide/Tide c001"), 1):
        shelf.put(f"{name}.cbz", first=number)
        shelf.scan()
        check(bob)
    mark_read(bob, one("Moss").chapters.all())
    check(bob)
    shelf.remove("Moss/Moss c001.cbz")
    shelf.put("Moss/Moss c003.cbz", first=9)
    shelf.scan()
    check(bob)


def test_nobody_is_told_what_is_kept_for_somebody_else(
    alice: User, bob: User, charlie: User, facts: Library, kept: None
) -> None:
    make_chapter(make_series(facts, "Unopened"))
    for user in (alice, bob, charlie, bob, alice):
        check(user)


def test_an_answer_is_made_once(kept: None) -> None:
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return 17

    assert [freshness.kept(cache, "test:once", make) for _ in range(3)] == [17, 17, 17]
    assert len(made) == 1


def test_a_cache_that_fails_makes_nothing_fail(settings: Any) -> None:
    gone = {"BACKEND": REDIS, "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = settings.CACHES | {"default": gone}
    assert freshness.kept(cache, "test:gone", lambda: 17) == 17

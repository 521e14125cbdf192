"""Signed links: one address a week for each reader, and no other opens."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.conf import LazySettings

from kiremisu.accounts import links
from kiremisu.accounts.models import User
from kiremisu.lib.errors import Gone, NotThere

pytestmark = pytest.mark.quick

BOB = User(username="bob", access_version=3)
CHAPTER = uuid4()


def grant(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def test_a_link_says_who_may_and_at_which_version() -> None:
    read = links.read_grant("page", CHAPTER.bytes, grant(links.page_url(BOB, CHAPTER, 4)))
    assert (read.user_id, read.version) == (BOB.pk, 3)


def test_all_pages_of_a_chapter_share_one_grant() -> None:
    url = links.pages_url(BOB, CHAPTER)
    assert url(1).startswith(f"/p/{CHAPTER.hex}/1/")
    assert grant(url(1)) == grant(url(2, 800))
    assert url(2, 800).endswith("?width=800")


def test_a_link_ends_with_the_following_iso_week() -> None:
    read = links.read_grant("page", CHAPTER.bytes, grant(links.page_url(BOB, CHAPTER, 1)))
    assert (read.expires.isoweekday(), read.expires.hour) == (1, 0)
    assert timedelta(weeks=1) < read.expires - datetime.now(UTC) <= timedelta(weeks=2)


def test_a_link_is_the_same_all_week() -> None:
    assert links.page_url(BOB, CHAPTER, 1) == links.page_url(BOB, CHAPTER, 1)


def test_a_link_that_has_expired_is_gone() -> None:
    text = grant(links.page_url(BOB, CHAPTER, 1))
    expires = links.read_grant("page", CHAPTER.bytes, text).expires
    links.read_grant("page", CHAPTER.bytes, text, expires - timedelta(seconds=1))
    with pytest.raises(Gone):
        links.read_grant("page", CHAPTER.bytes, text, expires)


def test_a_grant_opens_no_other_chapter() -> None:
    with pytest.raises(NotThere):
        links.read_grant("page", uuid4().bytes, grant(links.page_url(BOB, CHAPTER, 1)))


def test_a_covers_grant_opens_no_page() -> None:
    text = grant(links.cover_url(BOB, CHAPTER.hex, 400))
    links.read_grant("cover", CHAPTER.bytes, text)
    with pytest.raises(NotThere):
        links.read_grant("page", CHAPTER.bytes, text)


@pytest.mark.parametrize("place", range(0, 51, 3))
def test_a_grant_with_one_character_changed_opens_nothing(place: int) -> None:
    text = grant(links.page_url(BOB, CHAPTER, 1))
    forged = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
    with pytest.raises(NotThere):
        links.read_grant("page", CHAPTER.bytes, forged)


@pytest.mark.parametrize("text", ["", "A", "A" * 51, "A" * 52, "A" * 200, "!" * 51, "é" * 51])
def test_nonsense_opens_nothing(text: str) -> None:
    with pytest.raises(NotThere):
        links.read_grant("page", CHAPTER.bytes, text)


def test_a_grant_has_one_spelling() -> None:
    text = grant(links.page_url(BOB, CHAPTER, 1))
    for other in (text + "=", text + "==", text + "A", text + "\n", " " + text):
        with pytest.raises(NotThere):
            links.read_grant("page", CHAPTER.bytes, other)


def test_links_outlive_a_change_of_the_key_that_keeps_the_old_one(settings: LazySettings) -> None:
    text = grant(links.page_url(BOB, CHAPTER, 1))
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key"
    with pytest.raises(NotThere):
        links.read_grant("page", CHAPTER.bytes, text)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert links.read_grant("page", CHAPTER.bytes, text).user_id == BOB.pk

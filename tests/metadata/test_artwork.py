"""Covers of providers: fetched from where they lie alone, made anew, and served by us."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from kiremisu.lib.errors import UpstreamFailed
from library import covers
from library.facts import Cover
from metadata import artwork, looks
from metadata.matching.pictures import hash_of, likeness
from metadata.models import Artwork
from metadata.providers.mangadex import MangaDex
from tests.factories import make_content, make_library, make_series
from tests.upstream import Upstream
from tests.upstream.catalogue import made_id, picture

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def covers_of_this_test(tmp_path: Path, settings: Any) -> None:
    settings.COVERS_DIR = tmp_path / "covers"


@pytest.fixture
def cover(upstream: Upstream, mangadex: MangaDex) -> Cover:
    made = upstream.catalogue.add("Salt Road Diary")
    found = mangadex.one(made.id).patch.covers
    assert found
    upstream.asked.clear()
    return found[0]


def test_a_cover_is_made_in_our_own_widths(
    upstream: Upstream, mangadex: MangaDex, cover: Cover, settings: Settings
) -> None:
    made = artwork.fetched(mangadex, cover)
    assert (made.width, made.height, made.problem) == (512, 728, "")
    for width in settings.COVER_WIDTHS:
        with Image.open(covers.file(made.key, width)) as small:
            assert (small.format, small.width) == ("WEBP", min(width, 512))
    with Image.open(io.BytesIO(picture(cover.url.partition("/covers/")[2]))) as original:
        assert likeness(int(made.bits or 0), hash_of(original)) > 0.9


def test_it_is_fetched_once_and_again_when_the_cache_was_emptied(
    upstream: Upstream, mangadex: MangaDex, cover: Cover
) -> None:
    first = artwork.fetched(mangadex, cover)
    assert artwork.fetched(mangadex, cover).key == first.key
    assert len(upstream.asked) == 1
    covers.file(first.key, 200).unlink()
    assert artwork.fetched(mangadex, cover).key == first.key
    assert len(upstream.asked) == 2
    assert Artwork.objects.count() == 1


def test_one_that_a_power_cut_left_empty_is_fetched_again(
    mangadex: MangaDex, cover: Cover, settings: Settings
) -> None:
    first = artwork.fetched(mangadex, cover)
    place = covers.file(first.key, min(settings.COVER_WIDTHS))
    place.write_bytes(b"")
    assert not artwork.shown("mangadex", [cover.url])
    artwork.fetched(mangadex, cover)
    assert place.stat().st_size


@pytest.mark.quick
def test_a_cover_here_that_a_power_cut_left_empty_looks_like_nothing(settings: Settings) -> None:
    content = make_content(cover_state="ready")
    place = covers.file(content.key, min(settings.COVER_WIDTHS))
    place.parent.mkdir(parents=True)
    place.write_bytes(b"")
    assert looks.cover_here(make_series(make_library(), cover=content)) is None


@pytest.mark.parametrize(
    "body",
    [
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a/*\x00\x00*/=1;alert(1);//",
        b"",
    ],
    ids=["html", "svg", "polyglot", "nothing"],
)
def test_what_is_no_picture_is_refused_and_not_asked_again(
    upstream: Upstream, mangadex: MangaDex, cover: Cover, body: bytes
) -> None:
    upstream.faults.say(200, body, kind="image/jpeg")
    refused = artwork.fetched(mangadex, cover)
    assert (refused.key, bool(refused.problem)) == ("", True)
    assert artwork.fetched(mangadex, cover).pk == refused.pk
    assert len(upstream.asked) == 1


def test_nothing_of_the_bytes_that_came_is_kept_but_how_they_look(
    upstream: Upstream, mangadex: MangaDex, cover: Cover, settings: Settings
) -> None:
    told = io.BytesIO()
    comment = b"<script>alert(1)</script>"
    Image.new("RGB", (300, 450), "teal").save(told, "JPEG", comment=comment)
    assert comment in told.getvalue()
    upstream.faults.say(200, told.getvalue() + comment, kind="text/html")
    made = artwork.fetched(mangadex, cover)
    for width in settings.COVER_WIDTHS:
        assert b"script" not in covers.file(made.key, width).read_bytes()


def test_a_cover_past_the_limit_is_not_read(
    upstream: Upstream, mangadex: MangaDex, cover: Cover, settings: Settings
) -> None:
    settings.COVER_LIMIT = 1 << 20
    upstream.faults.flood(kind="image/jpeg")
    with pytest.raises(UpstreamFailed, match="more than is read"):
        artwork.fetched(mangadex, cover)


@pytest.mark.parametrize("place", ["http://127.0.0.1:9/a.jpg", "file:///etc/passwd"])
def test_a_cover_is_fetched_from_where_covers_lie_alone(
    upstream: Upstream, mangadex: MangaDex, cover: Cover, place: str
) -> None:
    with pytest.raises(UpstreamFailed) as refused:
        artwork.fetched(mangadex, Cover(url=place))
    assert refused.value.code == "upstream_led_away"
    upstream.faults.lead(place)
    with pytest.raises(UpstreamFailed) as refused:
        artwork.fetched(mangadex, cover)
    assert refused.value.code == "upstream_led_away"


def test_one_that_is_gone_is_none(upstream: Upstream, mangadex: MangaDex) -> None:
    gone = Cover(url=f"{upstream.url}/covers/{made_id('gone')}/x.jpg")
    assert artwork.fetched(mangadex, gone).problem == "MangaDex has no such cover."


def test_of_too_many_the_oldest_are_forgotten_with_their_files(
    upstream: Upstream, mangadex: MangaDex, cover: Cover, settings: Settings
) -> None:
    old = artwork.fetched(mangadex, cover)
    Artwork.objects.update(made=timezone.now().replace(year=2020))
    other = mangadex.one(upstream.catalogue.add("Paper Comet").id).patch.covers or []
    new = artwork.fetched(mangadex, other[0])
    settings.ARTWORK_MOST = 1
    assert artwork.forget_old() == 1
    assert not covers.file(old.key, 200).exists()
    assert covers.file(new.key, 200).exists()
    assert [row.pk for row in Artwork.objects.all()] == [new.pk]

"""Covers of providers, fetched once, made anew and served by us: never linked to, for the sites
do not want that, and whoever looks would be known there.
"""

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from PIL import Image

from kiremisu.lib.errors import NotThere, Unreadable
from library import covers
from library.facts import Cover
from metadata.matching.pictures import hash_of
from metadata.models import Artwork
from metadata.providers import Provider

# Of a cover that cannot be shown this is not asked again for so long.
_GIVEN_UP = timedelta(days=7)


def fetched(provider: Provider, cover: Cover) -> Artwork:
    """The cover as we serve it, fetched now where it is not here; without a `key` where it is no
    picture that can be shown.

    Raises UpstreamFailed and Unavailable as providers do; Unavailable when there is no room.
    """
    place = _place(cover.url)
    known = Artwork.objects.filter(upstream=provider.name, place=place).first()
    if known is not None and _is_here(known):
        return known
    facts = {"address": cover.url, "made": timezone.now(), "problem": "", "key": ""}
    try:
        facts |= _made(provider.picture(cover))
    except (NotThere, Unreadable) as refused:
        facts["problem"] = refused.detail[:500]
    row, _ = Artwork.objects.update_or_create(upstream=provider.name, place=place, defaults=facts)
    return row


def shown(upstream: str, addresses: Iterable[str]) -> dict[str, str]:
    """The keys of those of these covers that are here, by their addresses."""
    rows = Artwork.objects.filter(upstream=upstream, place__in=[_place(each) for each in addresses])
    return {row.address: row.key for row in rows if row.key and _is_here(row)}


def forget_old() -> int:
    """Forget of too many the oldest, with their files; how many those were."""
    beyond = Artwork.objects.order_by("-made", "id")[settings.ARTWORK_MOST :]
    gone = list(beyond.values_list("pk", "key"))
    Artwork.objects.filter(pk__in=[pk for pk, _ in gone]).delete()
    kept = set(Artwork.objects.exclude(key="").values_list("key", flat=True))
    for key in {key for _, key in gone if key} - kept:
        for width in settings.COVER_WIDTHS:
            covers.file(key, width).unlink(missing_ok=True)
    return len(gone)


def _place(address: str) -> str:
    return hashlib.blake2b(address.encode(), digest_size=16).hexdigest()


def _is_here(known: Artwork) -> bool:
    """Files of the cache may be deleted at any time."""
    if not known.key:
        return known.made > timezone.now() - _GIVEN_UP
    return all(_is_whole(covers.file(known.key, width)) for width in settings.COVER_WIDTHS)


def _is_whole(place: Path) -> bool:
    """An empty one was being written when the power went."""
    try:
        return place.stat().st_size > 0
    except OSError:
        return False


def _made(data: bytes) -> dict[str, object]:
    adopted = covers.adopt(data)
    # Of the picture that we made ourselves.
    with Image.open(covers.file(adopted.key, min(settings.COVER_WIDTHS))) as small:
        return {**adopted._asdict(), "bits": hash_of(small)}

"""How covers look, where all else does not tell works apart."""

from collections.abc import Iterable

from django.conf import settings
from PIL import Image

from kiremisu.lib.errors import UpstreamFailed
from library import covers
from library.models import Series
from metadata import artwork
from metadata.matching.pictures import hash_of
from metadata.providers import Entry, Provider


def cover_here(series: Series) -> int | None:
    """How the cover of a series looks; None while it has none that can be shown."""
    if series.picture is None:
        return None
    try:
        with Image.open(covers.file(series.picture.key, _width())) as small:
            return hash_of(small)
    except OSError:  # not made yet, or not written to its end when the power went
        return None


def covers_there(provider: Provider, entries: Iterable[Entry]) -> dict[str, int]:
    """How the covers of these works look, by their ids, fetched where they are not here; those
    that cannot be shown or fetched are left out. Raises Unavailable as providers do."""
    found: dict[str, int] = {}
    for entry in entries:
        cover = next(iter(entry.patch.covers or []), None)
        if cover is None:
            continue
        try:
            bits = artwork.fetched(provider, cover).bits
        except UpstreamFailed:
            continue
        if bits is not None:
            found[entry.id] = int(bits)
    return found


def _width() -> int:
    return min(settings.COVER_WIDTHS)

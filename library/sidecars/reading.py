"""Which files tell of a series, and what each says."""

import re
from collections.abc import Callable, Mapping

from library.archives import LIMITS, Limits
from library.sidecars import comicinfo, mihon, mylar, portable
from library.sidecars.refusing import SENTENCES, Misread
from library.sidecars.told import Source, Told

__all__ = ["COVER", "KINDS", "SENTENCES", "Misread", "kind_of", "tell", "tell_of_pdf"]

# By the file's name in small letters.
KINDS: Mapping[str, str] = {
    "comicinfo.xml": Source.COMICINFO,
    "series.json": Source.SERIES_JSON,
    "details.json": Source.DETAILS_JSON,
}
# A picture of the series; it says nothing.
COVER = "cover"
_COVER = re.compile(r"cover\.(?:jpe?g|png|webp|avif|gif)")
_READERS: Mapping[str, Callable[[bytes], Told]] = {
    Source.COMICINFO: comicinfo.told,
    Source.SERIES_JSON: mylar.told,
    Source.DETAILS_JSON: mihon.told,
}


def kind_of(path: str) -> str:
    """Of what kind a file of this name is: a source, COVER, or nothing."""
    name = path.rpartition("/")[2].lower()
    return COVER if _COVER.fullmatch(name) else KINDS.get(name, "")


def tell(source: str, data: bytes, limits: Limits = LIMITS) -> Told:
    """What a file of this kind says. Raises Misread."""
    if not data.strip():
        raise Misread("empty")
    if len(data) > limits.sidecar_bytes:
        raise Misread("too_large")
    return _READERS[source](data)


def tell_of_pdf(title: str, author: str) -> Told:
    """What the two fields of a PDF say."""
    return portable.told(title, author)
